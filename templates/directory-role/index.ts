import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

const config = new pulumi.Config();

const role = new pim.DirectoryRole("role", {
  role: config.require("role"),
  settings: pim.preset("microsoft", pim.Tier.High, {
    activation: { requireApproval: true, approvers: [{ user: config.require("approver") }] },
  }),
  eligibleAssignments: {
    holder: {
      principal: { user: config.require("holder") },
      expiration: { duration: "P90D" },
      justification: "first assignment",
    },
  },
});

export const { roleDefinitionId } = role;
