// Compiled, never run: the shapes that the documentation promises.
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";

declare const team: { objectId: pulumi.Output<string> };
declare const subscription: { id: pulumi.Output<string> };

const settings: pim.SettingsArgs = {
  activation: {
    maximumDuration: "PT2H",
    requireMfa: true,
    requireJustification: pulumi.output(true),
    requireTicket: false,
    requireApproval: true,
    approvers: [{ group: team.objectId }, { user: "ann@contoso.com" }],
  },
  eligibleAssignment: {
    allowPermanent: false,
    maximumDuration: "P180D",
    requireMfa: false,
    requireJustification: true,
  },
  activeAssignment: { allowPermanent: false, maximumDuration: "P15D", requireJustification: true },
  notifications: {
    activation: {
      admin: {
        level: pim.MailLevel.All,
        defaultRecipients: true,
        additionalRecipients: ["soc@contoso.com", team.objectId],
      },
    },
  },
  unspecified: "observe",
  onDelete: pim.OnSettingsDelete.Restore,
  timeouts: { create: "PT20M", update: "PT20M", delete: "PT20M" },
};

const role = new pim.DirectoryRole("exchange-admin", {
  role: pim.EntraRole.ExchangeAdministrator,
  settings: pim.mergeSettings(pim.preset("microsoft", pim.Tier.High), settings),
  eligibleAssignments: {
    messaging: {
      principal: { group: team.objectId },
      expiration: { duration: "P90D" },
      justification: "CHG-1042",
      ticket: { number: "1042", system: "jira" },
      startsAt: "2027-01-04T08:00:00Z",
      scope: "/administrativeUnits/11111111-1111-4111-8111-111111111111",
      onExpired: "renew",
      onRemoved: pim.OnRemoved.Keep,
      onDelete: "keep",
      adopt: "refuse",
      timeouts: { delete: "PT15M" },
    },
  },
  activeAssignments: {
    pipeline: {
      principal: { servicePrincipal: team.objectId },
      expiration: { endsAt: "2027-06-30T00:00:00Z" },
    },
  },
});

const fabrikam = new pim.Provider("fabrikam", {
  tenantId: "fabrikam.onmicrosoft.com",
  clientId: team.objectId,
  clientSecret: pulumi.secret("s"),
  clientCertificatePath: "cert.pem",
  oidcTokenFilePath: "/run/token",
  useOidc: true,
  cloud: pim.Cloud.Public,
  graphEndpoint: "http://127.0.0.1:1",
  armEndpoint: "http://localhost:1",
  authorityHost: "https://login.microsoftonline.com",
  allowLockout: ["key"],
});

const direct = new pim.RoleSettings(
  "s",
  { group: { group: team.objectId, access: pim.GroupAccess.Owner }, ...settings },
  { provider: fabrikam },
);
const eligible = new pim.EligibleAssignment("e", {
  azureRole: { role: pim.AzureBuiltInRole.Owner, scope: subscription.id },
  principal: { user: "ann@contoso.com" },
  expiration: { permanent: true },
  condition: "@Resource[x] StringEquals 'y'",
});
const active = new pim.ActiveAssignment("a", {
  directoryRole: { role: "Exchange Administrator", scope: "/" },
  principal: { user: "ann@contoso.com" },
  expiration: { duration: pulumi.output("PT8H") },
});

const approvers = new pim.PrivilegedGroup("pim-approvers", {
  newGroup: {
    displayName: "PIM approvers",
    description: "x",
    assignableToRole: true,
    owners: [{ user: "ann@contoso.com" }],
  },
  member: {
    settings: pim.preset(pim.Profile.Cisa, "privileged"),
    activeAssignments: {
      ann: {
        principal: { user: "ann@contoso.com" },
        expiration: { duration: "P180D" },
        justification: "approver",
      },
    },
  },
  owner: { eligibleAssignments: {} },
});
new pim.AzureRole("prod-owner", {
  role: pim.AzureBuiltInRole.Owner,
  scope: subscription.id,
  settings: pim.preset("microsoft", "critical", {
    activation: { approvers: [{ group: approvers.groupId }] },
  }),
  eligibleAssignments: {
    a: { principal: { user: "a" }, expiration: { duration: "P1D" }, condition: "x" },
  },
});
new pim.BreakGlass("emergency", {
  accounts: { one: { user: "bg1@x.com" }, two: { user: "bg2@x.com" } },
});
new pim.TenantBaseline("baseline", {
  profile: "microsoft",
  breakGlass: { accounts: {} },
  approvers: [{ group: approvers.groupId }],
  alertRecipients: ["soc@contoso.com", pulumi.output("b@c.d")],
  tiers: { critical: settings },
  roles: { exchange: { role: "Exchange Administrator", tier: "high", settings } },
  otherRoles: pim.OtherRoles.Unmanaged,
});
new pim.PipelineIdentity("pipeline", {
  github: { repository: "o/r", environment: "prod" },
  surfaces: ["directoryRoles", pim.Surface.Groups],
  azureScopes: [subscription.id],
});

export const texts: pulumi.Output<string>[] = [
  role.roleDefinitionId,
  direct.policyId,
  eligible.principalId,
  active.scheduleId,
  eligible.status,
];
export const ends: pulumi.Output<string | null>[] = [eligible.startsAt, active.endsAt];
export const lists: pulumi.Output<string[]> = role.expired;
export const ids: pulumi.Output<Record<string, string>> = role.assignmentIds;
export const values: pulumi.Output<pim.SettingsValues>[] = [direct.effective, direct.observed];
export const adopted: pulumi.Output<boolean> = eligible.adopted;
