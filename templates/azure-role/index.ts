import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

const config = new pulumi.Config();

const role = new pim.AzureRole("role", {
  role: config.require("role"),
  scope: config.require("scope"),
  settings: pim.preset("microsoft", pim.Tier.High),
  eligibleAssignments: {
    holder: {
      principal: { group: config.require("holder") },
      expiration: { duration: "P90D" },
      justification: "first assignment",
    },
  },
});

export const { roleDefinitionId } = role;
