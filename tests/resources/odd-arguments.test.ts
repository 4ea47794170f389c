import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";
import { recordResources } from "./record-resources";

// What JavaScript, a loosely typed program or a copied text lets through, beside what refusals.test.ts holds.

const ANN = "11111111-1111-4111-8111-111111111111";
const GROUP = "22222222-2222-4222-8222-222222222222";
const SUBSCRIPTION = `/subscriptions/${ANN}`;

/** Arguments as JavaScript lets them in. */
type Loose = Record<string, unknown>;
type Case = [title: string, args: Loose, ...problems: string[]];

const durations = 'expected an ISO 8601 duration in days and hours, such as "P90D" or "PT8H"';
const instants = 'expected an RFC 3339 instant, such as "2027-06-30T00:00:00Z"';
const fractions = "fractions are not read: count in smaller units (PT90M, P1DT12H)";
const oneExpiration = "expiration: expected exactly one of duration, endsAt, permanent";
const onePrincipal = "expected exactly one of user, group, servicePrincipal";
const oneRole = "expected exactly one of directoryRole, group, azureRole";
const scopes =
  "expected the ARM id of a management group, subscription, resource group or resource";
const unitScopes = 'expected "/", "/administrativeUnits/{id}" or "/{object id}"';

const azure = (scope: unknown, role = "Owner"): Loose => ({
  directoryRole: undefined,
  azureRole: { role, scope },
});
const instant = (endsAt: unknown): Loose => ({ expiration: { endsAt } });
const length = (duration: unknown): Loose => ({ expiration: { duration } });
const directory = (more: Loose): Loose => ({ directoryRole: { role: "x", ...more } });
const mails = (addresses: unknown): Loose => ({
  notifications: { activation: { admin: { additionalRecipients: addresses } } },
});
const RECIPIENTS = "notifications.activation.admin.additionalRecipients";

const TABLES: [type: string, make: (name: string, args: Loose) => unknown, base: Loose, Case[]][] =
  [
    [
      "EligibleAssignment",
      (name, args) => new pim.EligibleAssignment(name, args as never),
      {
        directoryRole: { role: "Exchange Administrator" },
        principal: { user: ANN },
        expiration: { duration: "P90D" },
      },
      [
        ["a number", length(90), `expiration.duration: got 90, ${durations}`],
        ["words", length("90 days"), `expiration.duration: got "90 days", ${durations}`],
        [
          "small letters",
          length("p90d"),
          `expiration.duration: got "p90d", ${durations}; write "P90D"`,
        ],
        ["blanks", length(" P90D"), `expiration.duration: got " P90D", ${durations}; write "P90D"`],
        [
          "a fraction",
          length("PT1.5H"),
          `expiration.duration: got "PT1.5H", ${durations}; ${fractions}`,
        ],
        ["less than nothing", length("-P1D"), `expiration.duration: got "-P1D", ${durations}`],
        ["no days", length("P0D"), 'expiration.duration: got "P0D", expected at least PT5M'],
        [
          "longer than a calendar",
          length("P99999999D"),
          'expiration.duration: got "P99999999D", expected at most P36500D; for no end: permanent: true',
        ],
        ["an empty text", length(""), `expiration.duration: got "", ${durations}`],
        [
          "a list as length",
          length([]),
          "expiration.duration: expected a single value; this is a list",
        ],
        ["null as length", length(null), oneExpiration],
        ["null as expiration", { expiration: null }, oneExpiration],
        [
          "a list as expiration",
          { expiration: [] },
          "expiration: expected an object with duration, endsAt, permanent; this is a list",
        ],
        [
          "another letter case",
          { expiration: { Duration: "P1D" } },
          "expiration.Duration: expected one of the properties duration, endsAt, permanent; did you mean duration?",
          oneExpiration,
        ],
        [
          "no zone",
          instant("2027-01-01T00:00:00"),
          `expiration.endsAt: got "2027-01-01T00:00:00", ${instants}; say which zone: "2027-01-01T00:00:00Z" is UTC`,
        ],
        [
          "the thirtieth of February",
          instant("2027-02-30T00:00:00Z"),
          `expiration.endsAt: got "2027-02-30T00:00:00Z", ${instants}`,
        ],
        [
          "a Date",
          instant(new Date(0)),
          "expiration.endsAt: expected a single value; this is a Date: pass its text, date.toISOString()",
        ],
        [
          "a flag as text",
          { expiration: { permanent: "true" } },
          'expiration.permanent: got "true", expected true; or give duration or endsAt',
        ],
        [
          "a number as principal",
          { principal: { user: 5 } },
          "principal.user: got 5, expected an object id or a name",
        ],
        [
          "an empty principal",
          { principal: { user: " " } },
          'principal.user: got " ", expected an object id or a name',
        ],
        ["nobody", { principal: {} }, `principal: ${onePrincipal}`],
        [
          "an id in braces",
          { principal: { user: `{${ANN}}` } },
          `principal.user: got "{${ANN}}", expected an object id or a name; leave the braces out: "${ANN}"`,
        ],
        [
          "a group's path id as user",
          { principal: { user: `/groups/${GROUP}` } },
          `principal.user: got "/groups/${GROUP}", expected the object id of a user; name it as group, not as user`,
        ],
        ["a number as scope", directory({ scope: 5 }), `directoryRole.scope: got 5, ${unitScopes}`],
        // Read as the whole tenant, an id that went missing would widen the grant.
        ["an empty scope", directory({ scope: "" }), `directoryRole.scope: got "", ${unitScopes}`],
        [
          "a unit without a leading slash",
          directory({ scope: `administrativeUnits/${ANN}` }),
          `directoryRole.scope: got "administrativeUnits/${ANN}", ${unitScopes}`,
        ],
        [
          "a role in braces",
          { directoryRole: { role: `{${ANN}}` } },
          `directoryRole.role: got "{${ANN}}", expected a role definition id or a display name; leave the braces out: "${ANN}"`,
        ],
        ["null as role", { directoryRole: null }, oneRole],
        [
          "a role by text alone",
          { directoryRole: "Exchange Administrator" },
          'directoryRole: got "Exchange Administrator", expected an object with role, scope',
        ],
        [
          "two roles",
          { azureRole: { role: "Owner", scope: SUBSCRIPTION } },
          `${oneRole}, not directoryRole and azureRole`,
        ],
        ["no scope on Azure", azure(undefined), `azureRole.scope: ${scopes}`],
        ["a number as scope on Azure", azure(5), `azureRole.scope: got 5, ${scopes}`],
        [
          "a subscription's id alone",
          azure(ANN),
          `azureRole.scope: got "${ANN}", ${scopes}; did you mean "${SUBSCRIPTION}"?`,
        ],
        [
          "the portal's address",
          azure(`https://portal.azure.com${SUBSCRIPTION}/resourceGroups/x`),
          `azureRole.scope: got "https://portal.azure.com${SUBSCRIPTION}/resourceGroups/x", ${scopes}; did you mean "${SUBSCRIPTION}/resourceGroups/x"?`,
        ],
        [
          "a short management group",
          azure("/managementGroups/corp"),
          `azureRole.scope: got "/managementGroups/corp", ${scopes}; did you mean "/providers/Microsoft.Management/managementGroups/corp"?`,
        ],
        ["the tenant on Azure", azure("/"), `azureRole.scope: got "/", ${scopes}`],
        // A condition that went missing would widen the grant too.
        [
          "an empty condition",
          { ...azure(SUBSCRIPTION), condition: "" },
          'condition: got "", expected an ABAC condition; leave it out for none',
        ],
        [
          "a condition on a directory role",
          { condition: "x" },
          'condition: got "x", expected no condition; only Azure roles take conditions',
        ],
        [
          "a ticket by text alone",
          { ticket: "CHG-1" },
          'ticket: got "CHG-1", expected an object with number, system',
        ],
        [
          "a ticket without a number",
          { ticket: { system: "snow" } },
          "ticket.number: expected a text",
        ],
        [
          "numbers in a ticket",
          { ticket: { number: 5, system: 6 } },
          "ticket.number: got 5, expected a text",
          "ticket.system: got 6, expected a text",
        ],
        [
          "a number as justification",
          { justification: 5 },
          "justification: got 5, expected a text",
        ],
        [
          "no time to wait",
          { timeouts: { create: "PT0S" } },
          'timeouts.create: got "PT0S", expected an ISO 8601 duration, such as "PT10M"',
        ],
        [
          "a misspelt time to wait",
          { timeouts: { craete: "PT1M" } },
          "timeouts.craete: expected one of the properties create, update, delete; did you mean create?",
        ],
      ],
    ],
    [
      "RoleSettings",
      (name, args) => new pim.RoleSettings(name, args as never),
      { directoryRole: { role: "Exchange Administrator" } },
      [
        [
          "small letters",
          { activation: { maximumDuration: "pt2h" } },
          'activation.maximumDuration: got "pt2h", expected PT30M to PT24H in steps of 30 minutes; write "PT2H"',
        ],
        [
          "hours that are no days",
          { activeAssignment: { maximumDuration: "PT36H" } },
          'activeAssignment.maximumDuration: got "PT36H", expected a whole number of days, such as P15D, P30D, P90D, P180D or P365D',
        ],
        [
          "a number as flag",
          { activation: { requireMfa: 1 } },
          "activation.requireMfa: got 1, expected true or false",
        ],
        [
          "a shortened property",
          { activation: { maxDuration: "PT1H" } },
          "activation.maxDuration: expected one of the properties maximumDuration, requireMfa, authenticationContext, requireJustification, requireTicket, requireApproval, approvers; did you mean maximumDuration?",
        ],
        [
          "one approver as an object",
          { activation: { requireApproval: true, approvers: { user: ANN } } },
          "activation.approvers: expected a list; this is an object",
        ],
        [
          "null among the approvers",
          { activation: { requireApproval: true, approvers: [null] } },
          "activation.approvers[0]: expected an object with user, group, servicePrincipal; this is null",
        ],
        [
          "an approver twice, by two spellings",
          {
            activation: {
              requireApproval: true,
              approvers: [{ user: ANN }, { user: `/users/${ANN}` }],
            },
          },
          `activation.approvers[1]: got "/users/${ANN}", expected another than activation.approvers[0]`,
        ],
        [
          "a name twice",
          {
            activation: {
              requireApproval: true,
              approvers: [{ user: "Ann@x.com" }, { user: "ann@x.com" }],
            },
          },
          'activation.approvers[1]: got "ann@x.com", expected another than activation.approvers[0]',
        ],
        [
          "an address as list",
          mails("soc@x.com"),
          `${RECIPIENTS}: got "soc@x.com", expected a list`,
        ],
        [
          "a host without a domain",
          mails(["soc@contoso"]),
          `${RECIPIENTS}[0]: got "soc@contoso", expected a mail address`,
        ],
        [
          "two addresses in one",
          mails(["a@x.com;b@x.com"]),
          `${RECIPIENTS}[0]: got "a@x.com;b@x.com", expected a mail address`,
        ],
        [
          "a name before the address",
          mails(["Soc <soc@x.com>"]),
          `${RECIPIENTS}[0]: got "Soc <soc@x.com>", expected a mail address`,
        ],
        [
          "null among the addresses",
          mails([null]),
          `${RECIPIENTS}[0]: expected a single value; this is null`,
        ],
        [
          "an empty scope",
          { directoryRole: { role: "x", scope: "" } },
          'directoryRole.scope: got "", expected no scope; settings hold for the whole tenant; leave scope out',
        ],
      ],
    ],
    [
      "Activation",
      (name, args) => new pim.Activation(name, args as never),
      { directoryRole: { role: "Exchange Administrator" }, duration: "PT1H" },
      [
        [
          "small letters",
          { duration: "pt1h" },
          'duration: got "pt1h", expected an ISO 8601 duration from "PT30M" to what the role allows, at most "PT24H"; write "PT1H"',
        ],
        [
          "a number as justification",
          { justification: 5 },
          "justification: got 5, expected a text",
        ],
        [
          "a ticket without a number",
          { ticket: { system: "x" } },
          "ticket.number: expected a text",
        ],
        [
          "a word as flag",
          { waitForApproval: "no" },
          'waitForApproval: got "no", expected true or false',
        ],
      ],
    ],
    [
      "ApprovalDecision",
      (name, args) => new pim.ApprovalDecision(name, args as never),
      { requestId: ANN, decision: "approve" },
      [
        ["no decision", { decision: undefined }, 'decision: expected "approve" or "deny"'],
        [
          "the past tense",
          { decision: "approved" },
          'decision: got "approved", expected "approve" or "deny"',
        ],
        [
          "a number as justification",
          { justification: 5 },
          "justification: got 5, expected a text",
        ],
        [
          "a requester that is no person",
          {
            requestId: undefined,
            requester: { group: GROUP },
            role: { directoryRole: { role: "x" } },
          },
          `requester: got {"group":"${GROUP}"}, expected a user: only a person asks`,
        ],
        [
          "a role by text alone",
          { requestId: undefined, requester: { user: ANN }, role: "x" },
          'role: got "x", expected an object with directoryRole, group, azureRole',
        ],
      ],
    ],
    [
      "Provider",
      (name, args) => new pim.Provider(name, args as never),
      { tenantId: ANN },
      [
        [
          "a tenant in braces",
          { tenantId: `{${ANN}}` },
          `tenantId: got "{${ANN}}", expected a tenant id (GUID); leave the braces out: "${ANN}"`,
        ],
        [
          "a client by name",
          { clientId: "app" },
          'clientId: got "app", expected an application (client) id (GUID)',
        ],
        [
          "a number as secret, which is not repeated",
          { clientSecret: 5 },
          "clientSecret: expected a text",
        ],
        [
          "an endpoint with a version",
          { graphEndpoint: "https://graph.microsoft.com/v1.0" },
          'graphEndpoint: got "https://graph.microsoft.com/v1.0", expected an address without a version',
        ],
        ["a text as list", { allowLockout: "x" }, 'allowLockout: got "x", expected a list'],
      ],
    ],
  ];

for (const [type, make, base, cases] of TABLES) {
  describe(`${type} with odd arguments`, () => {
    for (const [title, args, ...problems] of cases) {
      it(`rejects ${title}`, () => {
        assert.throws(() => make("x", { ...base, ...args }), messageOf(type, problems));
      });
    }
  });
}

describe("arguments that are none", () => {
  for (const args of [undefined, null]) {
    it(`are refused with everything that is missing: ${args}`, () => {
      assert.throws(
        () => new pim.EligibleAssignment("x", args as never),
        messageOf("EligibleAssignment", [oneRole, `principal: ${onePrincipal}`, oneExpiration]),
      );
    });
  }
});

describe("an Output that holds nothing", () => {
  it("arrives as null, so that the host can refuse it: left out, the grant would be wider", async () => {
    const recorded = await recordResources(() => {
      new pim.EligibleAssignment("a", {
        directoryRole: { role: "x", scope: pulumi.output(undefined) as never },
        principal: { user: Promise.resolve(ANN) },
        expiration: { duration: pulumi.output("P90D") },
      });
    });
    const { directoryRole, principal, expiration } = recorded[0]?.inputs ?? {};
    assert.deepEqual(
      { directoryRole, principal, expiration },
      {
        directoryRole: { role: "x", scope: null },
        principal: { user: ANN },
        expiration: { duration: "P90D" },
      },
    );
  });
});

function messageOf(type: string, problems: readonly string[]): { message: string } {
  const [first] = problems;
  const many = problems.map((problem) => `\n  - ${problem}`).join("");
  return {
    message: `${type} "x": ${problems.length === 1 ? first : `${problems.length} problems${many}`}`,
  };
}
