import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

const config = new pulumi.Config();
const engineer = { user: config.require("engineer") };
const approver = { user: config.require("approver") };

const exchange = new pim.DirectoryRole("exchange-admin", {
  role: pim.EntraRole.ExchangeAdministrator,
  settings: {
    activation: { maximumDuration: "PT2H", requireApproval: true, approvers: [approver] },
    eligibleAssignment: { allowPermanent: false, maximumDuration: "P180D" },
    activeAssignment: { allowPermanent: false, maximumDuration: "P15D" },
    notifications: { activation: { admin: { additionalRecipients: ["soc@contoso.com"] } } },
  },
  eligibleAssignments: {
    engineer: { principal: engineer, expiration: { duration: "P90D" }, justification: "CHG-1042" },
  },
});

export const roleDefinitionId = exchange.roleDefinitionId;
