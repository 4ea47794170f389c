import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";
import { recordResources } from "../resources/record-resources";

// Every component says everything that is wrong with it in one error, and registers nothing below itself.

const ANN = "11111111-1111-4111-8111-111111111111";
const BOB = "22222222-2222-4222-8222-222222222222";
const ROBOT = "33333333-3333-4333-8333-333333333333";
const scopes =
  "expected the ARM id of a management group, subscription, resource group or resource";
const person = (user: unknown) => ({ principal: { user }, expiration: { duration: "P1D" } });
const names = "expected an object whose keys are names of your own";

const MAKERS = {
  AzureRole: (args: never) => new pim.AzureRole("x", args),
  BreakGlass: (args: never) => new pim.BreakGlass("x", args),
  DirectoryRole: (args: never) => new pim.DirectoryRole("x", args),
  PipelineIdentity: (args: never) => new pim.PipelineIdentity("x", args),
  PrivilegedGroup: (args: never) => new pim.PrivilegedGroup("x", args),
  TenantBaseline: (args: never) => new pim.TenantBaseline("x", args),
};

const CASES: [
  what: string,
  type: keyof typeof MAKERS,
  args: Record<string, unknown>,
  problems: string[],
][] = [
  [
    "settings and assignments",
    "DirectoryRole",
    {
      role: 5,
      settings: {
        activation: { maximumDuration: "PT45M", approvers: [{ user: ANN }] },
        eligibleAssignment: { allowPermanent: false, maximumDuration: "P30D" },
        notifications: { activation: { admin: { additionalRecipients: ["soc"] } } },
        onDelete: "remove",
      },
      eligibleAssignments: {
        permanent: { ...person(ANN), expiration: { permanent: true } },
        long: { ...person(BOB), expiration: { duration: pulumi.output("P90D") } },
        again: { ...person(`/users/${ANN}`), ticket: { number: 5 } },
        unit: { ...person("carol@x.com"), scope: "" },
        subscription: { ...person("dan@x.com"), scope: `/subscriptions/${ANN}` },
        robot: { principal: { servicePrincipal: ROBOT }, expiration: { duration: "PT1.5H" } },
        "a/b": person("eve@x.com"),
        conditional: { ...person("finn@x.com"), condition: "x" },
      },
      activeAssignment: {},
    },
    [
      'eligibleAssignments: got "a/b", expected keys that are not empty and contain no "/"; a key becomes a part of a resource\'s name',
      "eligibleAssignments.conditional.condition: expected one of the properties principal, expiration, startsAt, justification, ticket, onExpired, onRemoved, onDelete, adopt, timeouts, scope",
      "activeAssignment: expected one of the properties role, settings, eligibleAssignments, activeAssignments; did you mean activeAssignments?",
      "role: got 5, expected a role definition id or a display name",
      'settings.activation.maximumDuration: got "PT45M", expected PT30M to PT24H in steps of 30 minutes',
      "settings.activation.approvers: expected activation.requireApproval beside it; declare activation.requireApproval: true",
      'settings.notifications.activation.admin.additionalRecipients[0]: got "soc", expected a mail address',
      'settings.onDelete: got "remove", expected "restore" or "defaults" or "keep"',
      "eligibleAssignments.permanent.expiration.permanent: got true, expected an end: eligibleAssignment.allowPermanent is false in the settings declared for this role; give expiration.duration up to P30D",
      "eligibleAssignments.again.ticket.number: got 5, expected a text",
      'eligibleAssignments.unit.scope: got "", expected "/", "/administrativeUnits/{id}" or "/{object id}"',
      `eligibleAssignments.subscription.scope: got "/subscriptions/${ANN}", expected "/", "/administrativeUnits/{id}" or "/{object id}"`,
      `eligibleAssignments.robot.principal: got {"servicePrincipal":"${ROBOT}"}, expected user or group for an eligible assignment; nobody could activate it for a service principal: declare an active assignment`,
      'eligibleAssignments.robot.expiration.duration: got "PT1.5H", expected an ISO 8601 duration in days and hours, such as "P90D" or "PT8H"; fractions are not read: count in smaller units (PT90M, P1DT12H)',
      `eligibleAssignments.again.principal: got "/users/${ANN}", expected another principal than eligibleAssignments.permanent; a principal holds one assignment of a role at a scope: keep one of the two`,
    ],
  ],
  [
    "a scope, defaults and missing approvers",
    "AzureRole",
    {
      role: "",
      scope: ANN,
      settings: {
        unspecified: "defaults",
        onDelete: "defaults",
        activation: { requireApproval: true },
      },
      eligibleAssignments: { ann: { ...person(ANN), condition: " " } },
    },
    [
      'role: got "", expected a role GUID, full id or name',
      `scope: got "${ANN}", ${scopes}; did you mean "/subscriptions/${ANN}"?`,
      'settings.unspecified: got "defaults", expected "observe"; Azure roles have no documented defaults that hold for every tenant and scope',
      'settings.onDelete: got "defaults", expected "restore" or "keep"; Azure roles have no documented defaults that hold for every tenant and scope',
      "settings.activation.approvers: expected approvers beside activation.requireApproval: nobody else could decide",
      'eligibleAssignments.ann.condition: got " ", expected an ABAC condition; leave it out for none',
    ],
  ],
  [
    "a group in itself",
    "PrivilegedGroup",
    {
      group: ANN,
      members: {},
      member: {
        eligibleAssignments: {
          self: { principal: { group: `/groups/${ANN}` }, expiration: { duration: "P1D" } },
        },
      },
      owner: { settings: { activation: { requireApproval: true, approvers: [{ group: ANN }] } } },
    },
    [
      "members: expected one of the properties group, newGroup, member, owner; did you mean member?",
      `member.eligibleAssignments.self.principal: got {"group":"/groups/${ANN}"}, expected another than the group itself`,
      "member.settings.activation.approvers: expected another group than this one; a group that approves its own activations protects nothing, and locks when nobody is active",
    ],
  ],
  [
    "a new group",
    "PrivilegedGroup",
    {
      newGroup: {
        displayName: " ",
        description: 5,
        assignableToRole: "yes",
        owners: [{ user: ANN }, { user: ANN.toUpperCase() }, { group: BOB }],
      },
    },
    [
      'newGroup.displayName: got " ", expected a name',
      "newGroup.description: got 5, expected a text",
      'newGroup.assignableToRole: got "yes", expected true or false',
      `newGroup.owners[2]: got {"group":"${BOB}"}, expected a user or a service principal: a group cannot own a group`,
      `newGroup.owners[1]: got "${ANN.toUpperCase()}", expected another than newGroup.owners[0]`,
    ],
  ],
  [
    "emergency accounts by text alone",
    "BreakGlass",
    { accounts: { one: "bg1@x.com", two: "bg2@x.com" } },
    [
      'accounts.one: got "bg1@x.com", expected an object with user, group, servicePrincipal',
      'accounts.two: got "bg2@x.com", expected an object with user, group, servicePrincipal',
    ],
  ],
  [
    "emergency accounts in a list",
    "BreakGlass",
    { accounts: [{ user: "bg1@x.com" }, { user: "bg2@x.com" }] },
    [`accounts: ${names}; this is a list`],
  ],
  [
    "no emergency account",
    "BreakGlass",
    {},
    [
      "accounts: expected two or more different accounts; with a single one, losing it locks the tenant",
    ],
  ],
  [
    "a baseline of nothing",
    "TenantBaseline",
    {},
    [
      'profile: expected "microsoft" or "cisa" or "cis-m365" or "strict"',
      "approvers: expected at least one approver",
      "alertRecipients: expected a list of mail addresses; give [] to tell nobody",
      `roles: ${names}; give {} to name no role`,
    ],
  ],
  [
    "a baseline, its tiers, its roles and its emergency accounts, each thing once",
    "TenantBaseline",
    {
      profile: "microsoft",
      approvers: [{ user: ANN }, { user: ANN }],
      alertRecipients: ["soc"],
      tiers: { high: { activation: { maximumDuration: "PT45M" } } },
      breakGlass: { accounts: { one: { user: "bg1@x.com" } } },
      roles: {
        exchange: {
          role: "Exchange Administrator",
          eligibleAssignments: { ann: { ...person(5) } },
        },
        nothing: { role: "" },
      },
    },
    [
      `approvers[1]: got "${ANN}", expected another than approvers[0]`,
      'alertRecipients[0]: got "soc", expected a mail address',
      'tiers.high.activation.maximumDuration: got "PT45M", expected PT30M to PT24H in steps of 30 minutes',
      'roles.nothing.role: got "", expected a role definition id or a display name',
      "breakGlass.accounts: got 1, expected two or more different accounts; with a single one, losing it locks the tenant",
      "roles.exchange.eligibleAssignments.ann.principal.user: got 5, expected an object id or a name",
    ],
  ],
  [
    "a pipeline of nothing",
    "PipelineIdentity",
    {},
    ["expected exactly one of github and azureDevOps", "surfaces: expected at least one surface"],
  ],
  [
    "a pipeline's surfaces",
    "PipelineIdentity",
    {
      github: { repository: "shop", environment: "*" },
      surfaces: ["groups", "groups", "azure"],
    },
    [
      'github.repository: got "shop", expected "owner/repository"',
      'github.environment: got "*", expected the name of one environment; the write identity is for jobs of a protected environment only',
      'surfaces[1]: got "groups", expected another than surfaces[0]',
      'surfaces[2]: got "azure", expected "directoryRoles" or "groups" or "azureRoles"',
    ],
  ],
];

describe("components with odd arguments", () => {
  for (const [what, type, args, problems] of CASES) {
    it(`${type}: ${what}`, async () => {
      const recorded = await recordResources(() => {
        assert.throws(() => MAKERS[type](args as never), {
          message:
            problems.length === 1
              ? `${type} "x": ${problems[0]}`
              : [
                  `${type} "x": ${problems.length} problems`,
                  ...problems.map((problem) => `  - ${problem}`),
                ].join("\n"),
        });
      });
      assert.deepEqual(
        recorded.map(({ name }) => name),
        ["x"],
      );
    });
  }
});
