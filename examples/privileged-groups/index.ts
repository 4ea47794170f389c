import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

const config = new pulumi.Config();
const owner = { user: config.require("owner") };
const justification = config.require("justification");

/** People of the configuration, each with access that ends. */
const people = (key: string, duration: string): Record<string, pim.AssignmentArgs> =>
  Object.fromEntries(
    Object.entries(config.requireObject<Record<string, string>>(key)).map(([name, user]) => [
      name,
      { principal: { user }, expiration: { duration }, justification },
    ]),
  );

// A group of approvers has active members: somebody who is only eligible cannot decide.
const approvers = new pim.PrivilegedGroup("approvers", {
  newGroup: { displayName: "Approvers of group access", owners: [owner] },
  member: {
    settings: pim.preset("microsoft", pim.Tier.High),
    activeAssignments: people("approvers", "P90D"),
  },
});
const decide = { activation: { requireApproval: true, approvers: [{ group: approvers.groupId }] } };

// Made here: eligible members, and an owner who must activate to change them.
const database = new pim.PrivilegedGroup("database", {
  newGroup: { displayName: "Database administrators", owners: [owner] },
  member: {
    settings: pim.preset("microsoft", pim.Tier.Privileged, decide),
    eligibleAssignments: people("database", "P90D"),
  },
  owner: {
    settings: pim.preset("microsoft", pim.Tier.Critical, decide),
    eligibleAssignments: {
      ann: { principal: owner, expiration: { duration: "P90D" }, justification },
    },
  },
});

// There already: the first write puts it under PIM. A whole group may become a member of it.
const operators = new pim.PrivilegedGroup("operators", {
  group: config.require("existingGroup"),
  member: {
    settings: pim.preset("microsoft", pim.Tier.Privileged),
    eligibleAssignments: {
      ...people("operators", "P30D"),
      database: {
        principal: { group: database.groupId },
        expiration: { duration: "P30D" },
        justification,
      },
    },
  },
});

export const groupIds = [approvers.groupId, database.groupId, operators.groupId];
