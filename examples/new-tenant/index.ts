import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

type Team = { displayName: string; tier: pim.Tier; members: Record<string, string> };
type Holders = { teams?: string[]; people?: Record<string, string> };
type Role = Holders & { role: keyof typeof pim.EntraRole };
type Azure = Holders & { role: keyof typeof pim.AzureBuiltInRole; scope: string; tier: pim.Tier };

const config = new pulumi.Config();
const profile = config.require<pim.Profile>("profile");
const justification = config.require("justification");
const expiration = { duration: config.require("duration") };
const owners = config.requireObject<pim.PrincipalArgs[]>("owners");
const alertRecipients = config.requireObject<string[]>("alertRecipients");
const mail = { admin: { additionalRecipients: alertRecipients } };
const notifications = { eligibleAssignment: mail, activeAssignment: mail, activation: mail };

const grant = (principal: pim.PrincipalArgs) => ({ principal, expiration, justification });
const each = <From, To>(record: Record<string, From>, map: (value: From, key: string) => To) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
const group = (name: string, team: Team, approvers: pim.PrincipalArgs[]) =>
  new pim.PrivilegedGroup(name, {
    newGroup: { displayName: team.displayName, assignableToRole: true, owners },
    member: {
      settings: pim.preset(profile, team.tier, { activation: { approvers }, notifications }),
      activeAssignments: each(team.members, (user) => grant({ user })),
    },
  });

const approvers = [{ group: group("approvers", config.requireObject("approvers"), []).groupId }];
const teams = each(config.requireObject<Record<string, Team>>("teams"), (team, key) =>
  group(key, team, approvers),
);
const eligible = ({ teams: keys = [], people = {} }: Holders) => ({
  ...each(people, (user) => grant({ user })),
  ...Object.fromEntries(keys.map((key) => [key, grant({ group: teams[key].groupId })])),
});

const baseline = new pim.TenantBaseline("baseline", {
  profile,
  breakGlass: { accounts: config.requireObject("emergencyAccounts") },
  approvers,
  alertRecipients,
  otherRoles: config.require<pim.OtherRoles>("otherRoles"),
  roles: each(config.requireObject<Record<string, Role>>("roles"), (given) => ({
    role: pim.EntraRole[given.role],
    eligibleAssignments: eligible(given),
  })),
});

for (const [name, azure] of Object.entries<Azure>(config.requireObject("azureRoles"))) {
  new pim.AzureRole(name, {
    role: pim.AzureBuiltInRole[azure.role],
    scope: azure.scope,
    settings: pim.preset(profile, azure.tier, { activation: { approvers }, notifications }),
    eligibleAssignments: eligible(azure),
  });
}

export const { roleDefinitionIds, expired } = baseline;
