import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

const config = new pulumi.Config();
const profile = config.require<pim.Profile>("profile");
const list = (key: string) =>
  config
    .require(key)
    .split(",")
    .map((item) => item.trim());

const [first, second] = list("approvers").map((user) => ({ user }));
const [one, two] = list("emergencyAccounts").map((user) => ({ user }));

const decider = (principal: pim.PrincipalArgs) => ({
  principal,
  expiration: { duration: "P90D" },
  justification: "approver",
});

const approvers = new pim.PrivilegedGroup("approvers", {
  newGroup: { displayName: "PIM approvers", assignableToRole: true, owners: [first] },
  member: {
    settings: pim.preset(profile, pim.Tier.High),
    activeAssignments: { first: decider(first), second: decider(second) },
  },
});

const baseline = new pim.TenantBaseline("baseline", {
  profile,
  breakGlass: { accounts: { one, two } },
  approvers: [{ group: approvers.groupId }],
  alertRecipients: list("alertRecipients"),
  // Who may activate what: roles by a key of your own, each with eligibleAssignments.
  roles: {},
});

export const { expired } = baseline;
