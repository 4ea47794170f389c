import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";

const ANN = "11111111-1111-4111-8111-111111111111";
const PLAIN_ONLY =
  "only the values inside may be Outputs or Promises: give each property by name, as { name: output.name }";
const NOT_OUTPUT = `not an Output; ${PLAIN_ONLY}`;

/** Arguments as JavaScript lets them in. */
type Loose = Record<string, unknown>;

function eligible(args: Loose, opts?: pulumi.CustomResourceOptions): () => unknown {
  const base = {
    directoryRole: { role: "Exchange Administrator" },
    principal: { user: ANN },
    expiration: { duration: "P90D" },
  };
  return () => new pim.EligibleAssignment("a", { ...base, ...args }, opts);
}

function settings(args: Loose, opts?: pulumi.CustomResourceOptions): () => unknown {
  const base = { directoryRole: { role: "Exchange Administrator" } };
  return () => new pim.RoleSettings("s", { ...base, ...args }, opts);
}

function refuses(run: () => unknown, message: string): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(pulumi.RunError.isInstance(error));
    assert.equal(error.message, message);
    assert.equal(error.stack, error.message, "a stack takes the engine half a minute to print");
    return true;
  });
}

describe("EligibleAssignment", () => {
  const instants = {
    startsAt: "2027-02-01T00:00:00Z",
    expiration: { endsAt: "2027-01-01T00:00:00Z" },
  };
  const calendar =
    'expected an ISO 8601 duration in days and hours, such as "P90D" or "PT8H"; years, months and weeks have no fixed length and the service refuses them; count days (P365D, P180D)';
  const names =
    "expected one of the properties directoryRole, group, azureRole, principal, expiration, startsAt, justification, ticket, onExpired, onRemoved, onDelete, adopt, timeouts, condition";
  const output = pulumi.output({ duration: "P90D" });
  const cases: [title: string, args: Loose, problem: string][] = [
    ["P1Y", { expiration: { duration: "P1Y" } }, `expiration.duration: got "P1Y", ${calendar}`],
    ["P6M", { expiration: { duration: "P6M" } }, `expiration.duration: got "P6M", ${calendar}`],
    [
      "PT0S",
      { expiration: { duration: "PT0S" } },
      'expiration.duration: got "PT0S", expected at least PT5M',
    ],
    [
      "less than five minutes",
      { expiration: { duration: "PT4M" } },
      'expiration.duration: got "PT4M", expected at least PT5M',
    ],
    [
      "two ways to end",
      { expiration: { duration: "P1D", permanent: true } },
      'expiration: got {"duration":"P1D","permanent":true}, expected exactly one of duration, endsAt, permanent',
    ],
    [
      "no way to end",
      { expiration: {} },
      "expiration: expected exactly one of duration, endsAt, permanent",
    ],
    [
      "permanent false",
      { expiration: { permanent: false } },
      "expiration.permanent: got false, expected true; or give duration or endsAt",
    ],
    [
      "an end before the start",
      instants,
      'expiration.endsAt: got "2027-01-01T00:00:00Z", expected at least five minutes after startsAt (2027-02-01T00:00:00Z)',
    ],
    [
      "a date without a time",
      { expiration: { endsAt: "2027-01-01" } },
      'expiration.endsAt: got "2027-01-01", expected an RFC 3339 instant, such as "2027-06-30T00:00:00Z"',
    ],
    [
      "a service principal, also when its id is not known yet",
      { principal: { servicePrincipal: pulumi.output(ANN) } },
      'principal: got {"servicePrincipal":"(known after the update)"}, expected user or group for an eligible assignment; nobody could activate it for a service principal: declare an active assignment',
    ],
    [
      "two principals",
      { principal: { user: "a", group: "b" } },
      'principal: got {"user":"a","group":"b"}, expected exactly one of user, group, servicePrincipal',
    ],
    [
      "a principal by text alone",
      { principal: "ann@contoso.com" },
      'principal: got "ann@contoso.com", expected an object with user, group, servicePrincipal',
    ],
    [
      "no role",
      { directoryRole: undefined },
      "expected exactly one of directoryRole, group, azureRole",
    ],
    [
      "two roles",
      { group: { group: "g", access: "member" } },
      "expected exactly one of directoryRole, group, azureRole, not directoryRole and group",
    ],
    [
      "an unknown side of a group",
      { directoryRole: undefined, group: { group: "g", access: "members" } },
      'group.access: got "members", expected "member" or "owner"',
    ],
    [
      "a scope of another service",
      { directoryRole: { role: "x", scope: "/subscriptions/1" } },
      'directoryRole.scope: got "/subscriptions/1", expected "/", "/administrativeUnits/{id}" or "/{object id}"',
    ],
    [
      "a condition on a directory role",
      { condition: "@Resource" },
      'condition: got "@Resource", expected no condition; only Azure roles take conditions',
    ],
    [
      "renewing a fixed end",
      { onExpired: "renew", expiration: { endsAt: "2027-01-01T00:00:00Z" } },
      'onExpired: got "renew", expected "keep" beside expiration.endsAt; only a duration can be counted anew: give expiration.duration',
    ],
    [
      "a value that is no choice",
      { onRemoved: "Restore" },
      'onRemoved: got "Restore", expected "restore" or "keep"',
    ],
    [
      "a waiting time in other words",
      { timeouts: { create: "10m" } },
      'timeouts.create: got "10m", expected an ISO 8601 duration, such as "PT10M"',
    ],
    ["a blank ticket", { ticket: { number: " " } }, 'ticket.number: got " ", expected a text'],
    [
      "an Output as container",
      { expiration: output },
      `expiration: expected a plain object, ${NOT_OUTPUT}`,
    ],
    [
      "what an Output was spread into",
      { expiration: { ...output } },
      "expiration: expected a plain object, not what is left of an Output that was spread; spreading an Output loses every property inside it: give each property by name, as { name: output.name }",
    ],
    [
      "a Promise as container",
      { principal: Promise.resolve({ user: ANN }) },
      `principal: expected a plain object, not a Promise; ${PLAIN_ONLY}`,
    ],
    [
      "a misspelled property",
      { prinicpal: { user: ANN } },
      `prinicpal: ${names}; did you mean principal?`,
    ],
    ["a property of another surface", { scope: "/" }, `scope: ${names}`],
  ];
  for (const [title, args, problem] of cases) {
    it(`rejects ${title}`, () => refuses(eligible(args), `EligibleAssignment "a": ${problem}`));
  }

  it("rejects options that would be dropped without a word", () => {
    refuses(
      eligible({}, { import: "x", customTimeouts: { create: "1h" } }),
      [
        'EligibleAssignment "a": 2 problems',
        "  - opts.import: expected no import option; what is in the tenant already is taken over when it is declared; whole tenants: pulumi import -f FILE",
        '  - opts.customTimeouts: expected no customTimeouts option; it never reaches a dynamic resource: give the argument timeouts, as { create: "PT20M" }',
      ].join("\n"),
    );
  });

  it("accepts null as left out, and every value inside an Output", () => {
    assert.doesNotThrow(() =>
      readOnly({
        startsAt: null,
        principal: { user: pulumi.output(ANN) },
        expiration: { endsAt: pulumi.output("x") },
      }),
    );
  });

  function readOnly(args: Loose): void {
    // The option makes the constructor refuse before it registers anything; only that one problem may be named.
    assert.throws(
      eligible(args, { import: "x" }),
      /^RunError: EligibleAssignment "a": opts\.import: |opts\.import/,
    );
    try {
      eligible(args, { import: "x" })();
    } catch (error) {
      if (!/problems/.test(String(error))) return;
      throw error;
    }
  }
});

describe("ActiveAssignment", () => {
  it("names itself in a refusal", () => {
    refuses(
      () =>
        new pim.ActiveAssignment("b", {
          azureRole: { role: pim.AzureBuiltInRole.Owner, scope: "my-subscription" },
          principal: { user: ANN },
          expiration: { permanent: true },
        }),
      'ActiveAssignment "b": azureRole.scope: got "my-subscription", expected the ARM id of a management group, subscription, resource group or resource',
    );
  });
});

describe("RoleSettings", () => {
  const halfHours = "expected PT30M to PT24H in steps of 30 minutes";
  const azure = {
    directoryRole: undefined,
    azureRole: { role: "Owner", scope: `/subscriptions/${ANN}` },
  };
  const noDefaults = "Azure roles have no documented defaults that hold for every tenant and scope";
  const cases: [title: string, args: Loose, ...problems: string[]][] = [
    [
      "PT25H",
      { activation: { maximumDuration: "PT25H" } },
      `activation.maximumDuration: got "PT25H", ${halfHours}`,
    ],
    [
      "PT45M",
      { activation: { maximumDuration: "PT45M" } },
      `activation.maximumDuration: got "PT45M", ${halfHours}`,
    ],
    [
      "a year",
      { eligibleAssignment: { maximumDuration: "P1Y" } },
      'eligibleAssignment.maximumDuration: got "P1Y", expected a whole number of days, such as P15D, P30D, P90D, P180D or P365D; years, months and weeks have no fixed length and the service refuses them; count days (P365D, P180D)',
    ],
    [
      "both MFA and context",
      { activation: { requireMfa: true, authenticationContext: "c1" } },
      'activation.authenticationContext: got "c1", expected not both activation.requireMfa and an authentication context; leave requireMfa out: the conditional access policy behind the context asks for MFA',
    ],
    [
      "a context that cannot be",
      { activation: { authenticationContext: "c100" } },
      'activation.authenticationContext: got "c100", expected "c1" to "c99", or "" for none',
    ],
    [
      "approvers without requireApproval",
      { activation: { approvers: [{ user: "ann" }] } },
      "activation.approvers: expected activation.requireApproval beside it; declare activation.requireApproval: true",
    ],
    [
      "a service principal as approver",
      {
        activation: {
          requireApproval: true,
          approvers: [{ servicePrincipal: pulumi.output(ANN) }],
        },
      },
      'activation.approvers[0]: got {"servicePrincipal":"(known after the update)"}, expected a user or a group: only a person can approve',
    ],
    [
      "an Output as list",
      { activation: { requireApproval: true, approvers: pulumi.output([]) } },
      `activation.approvers: expected a list, ${NOT_OUTPUT}`,
    ],
    [
      "a ticket on assignments",
      { eligibleAssignment: { requireTicket: true } },
      "eligibleAssignment.requireTicket: got true, expected nothing: a ticket can be asked for on activation only; declare activation.requireTicket",
    ],
    [
      "a misspelled property",
      { activation: { requireMFA: true } },
      "activation.requireMFA: expected one of the properties maximumDuration, requireMfa, authenticationContext, requireJustification, requireTicket, requireApproval, approvers; did you mean requireMfa?",
    ],
    [
      "a level and an address that are none, both at once",
      {
        notifications: { activation: { admin: { level: "some", additionalRecipients: ["soc"] } } },
      },
      'notifications.activation.admin.level: got "some", expected "all" or "critical" or "none"',
      'notifications.activation.admin.additionalRecipients[0]: got "soc", expected a mail address',
    ],
    [
      "a scope",
      { directoryRole: { role: "x", scope: `/administrativeUnits/${ANN}` } },
      `directoryRole.scope: got "/administrativeUnits/${ANN}", expected no scope; settings hold for the whole tenant; leave scope out`,
    ],
    [
      "a role that nobody is assigned to",
      { directoryRole: { role: "a0b1b346-4d3e-4e8b-98f8-753987be4970" } },
      'directoryRole.role: got "a0b1b346-4d3e-4e8b-98f8-753987be4970", expected a role that can be assigned; the service gives User by itself; it has no settings and takes no assignment',
    ],
    [
      "defaults on an Azure role",
      { ...azure, unspecified: "defaults", onDelete: "defaults" },
      `unspecified: got "defaults", expected "observe"; ${noDefaults}`,
      `onDelete: got "defaults", expected "restore" or "keep"; ${noDefaults}`,
    ],
    [
      "a text as flag",
      { activation: { requireMfa: "yes" } },
      'activation.requireMfa: got "yes", expected true or false',
    ],
  ];
  for (const [title, args, ...problems] of cases) {
    it(`rejects ${title}`, () =>
      refuses(
        settings(args),
        problems.length === 1
          ? `RoleSettings "s": ${problems[0]}`
          : [
              `RoleSettings "s": ${problems.length} problems`,
              ...problems.map((text) => `  - ${text}`),
            ].join("\n"),
      ));
  }
});

describe("Provider", () => {
  const unsafe =
    "expected an https address, or an http address on this machine; tokens are sent there: an unprotected address would give them away";
  const cases: [title: string, args: Loose, problem: string][] = [
    [
      "a tenant that is no id",
      { tenantId: "contoso" },
      'tenantId: got "contoso", expected a tenant id (GUID); the portal shows it under Overview; a domain name is none, because every resource id begins with the id',
    ],
    [
      "no tenant",
      {},
      "tenantId: expected a tenant id (GUID); the portal shows it under Overview; a domain name is none, because every resource id begins with the id",
    ],
    [
      "an unprotected endpoint",
      {
        tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27",
        graphEndpoint: "http://graph.example.com",
      },
      `graphEndpoint: got "http://graph.example.com", ${unsafe}`,
    ],
    [
      "an endpoint that is no address",
      { tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27", armEndpoint: "localhost:1" },
      `armEndpoint: got "localhost:1", ${unsafe}`,
    ],
    [
      "an unknown cloud",
      { tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27", cloud: "german" },
      'cloud: got "german", expected "public" or "usgovernment" or "dod" or "china"',
    ],
    [
      "a metadata host with a scheme",
      { tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27", metadataHost: "https://x.example" },
      'metadataHost: got "https://x.example", expected a host name, without https://',
    ],
    [
      "a flag that is a text",
      { tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27", useBrowser: "yes" },
      'useBrowser: got "yes", expected true or false',
    ],
    [
      "an assertion by value",
      { tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27", oidcToken: "ey" },
      "oidcToken: expected one of the properties tenantId, clientId, clientIdFilePath, clientSecret, clientSecretFilePath, clientCertificatePath, clientCertificatePassword, oidcTokenFilePath, adoPipelineServiceConnectionId, useOidc, useMsi, useCli, useBrowser, useDeviceCode, cloud, metadataHost, graphEndpoint, armEndpoint, authorityHost, allowLockout; did you mean oidcTokenFilePath?",
    ],
  ];
  for (const [title, args, problem] of cases) {
    it(`rejects ${title}`, () =>
      refuses(
        () => new pim.Provider("p", args as unknown as pim.ProviderArgs),
        `Provider "p": ${problem}`,
      ));
  }
});
