import assert from "node:assert/strict";
import { inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const role = ROLES.exchangeAdministrator;
const GONE = "7b1f9f6e-0000-4000-8000-00000000000a";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What arrives inside Outputs is seen first by the host, so every refusal of the constructors is one of its too. */
describe("bad input that reaches the host", function () {
  this.timeout(60_000);
  let at: EmulatedTenant;

  before(async () => {
    at = await EmulatedTenant.start();
    at.control.seed({
      users: ["t1", "t2"].map((name) => ({
        displayName: "Twin",
        userPrincipalName: `${name}@contoso.com`,
      })),
      groups: [{ displayName: "plain" }, { displayName: "fit", isAssignableToRole: true }],
      servicePrincipals: [{ displayName: "robot" }],
    });
  });
  after(() => at.close());

  const assignment = (
    more: object,
    kind: "EligibleAssignment" | "ActiveAssignment" = "EligibleAssignment",
  ) =>
    new Life(kind, {
      directoryRole: { role },
      principal: { user: "ann@contoso.com" },
      expiration: { duration: "P90D" },
      justification: "x",
      ...more,
    });
  const settings = (more: object) => new Life("RoleSettings", { directoryRole: { role }, ...more });
  const member = (group: string) => ({
    group: { group, access: "member" },
    principal: { user: "ann@contoso.com" },
    expiration: { duration: "P90D" },
  });
  const soon = (minutes: number) => new Date(at.now() + minutes * 60_000).toISOString();

  const cases: [string, () => Life, RegExp][] = [
    [
      "an unknown role, with the nearest names",
      () => assignment({ directoryRole: { role: "Exchange Administrater" } }),
      /^directoryRole.role: got "Exchange Administrater", expected the name or id of a role in this tenant; did you mean "Exchange Administrator"/,
    ],
    [
      "a role's name with a letter of another alphabet",
      () => assignment({ directoryRole: { role: "Exch\u0430nge Administrator" } }),
      /did you mean "Exchange Administrator"\? U\+0430 only looks like a letter of it$/,
    ],
    [
      "a role's name with a blank that is none",
      () => assignment({ directoryRole: { role: "Exchange\u00a0Administrator" } }),
      /did you mean "Exchange Administrator"\? U\+00A0 only looks like a letter of it$/,
    ],
    [
      "a role's name in one word",
      () => assignment({ directoryRole: { role: "ExchangeAdministrator" } }),
      /did you mean "Exchange Administrator"\?$/,
    ],
    [
      "a group's name that is nearly one",
      () => new Life("EligibleAssignment", { ...member("fitt"), owner: "o" }),
      /^group.group: got "fitt", expected the name or object id of a group in this tenant; did you mean "fit"\?$/,
    ],
    [
      "an Output that held nothing, where the whole tenant would be meant",
      () => assignment({ directoryRole: { role, scope: null } }),
      /^directoryRole.scope: expected a value, not an Output that holds nothing; leave the property out if it is meant to be empty$/,
    ],
    [
      "an Output that held nothing among the approvers",
      () => settings({ activation: { requireApproval: true, approvers: [{ group: null }] } }),
      /^activation.approvers\[0\].group: expected a value, not an Output that holds nothing/,
    ],
    [
      "an object where a text belongs",
      () => assignment({ principal: { group: { id: 1 } } }),
      /^principal.group: got \{"id":1\}, expected an object id or a name$/,
    ],
    [
      "a number where a text belongs",
      () => assignment({ justification: 5 }),
      /^justification: got 5, expected a text$/,
    ],
    [
      "a role that the service gives by itself",
      () => assignment({ directoryRole: { role: "Guest User" } }),
      /^directoryRole.role: got "Guest User", expected a role that can be assigned/,
    ],
    [
      "its settings",
      () => settings({ directoryRole: { role: "guest user" }, activation: { requireMfa: true } }),
      /^directoryRole.role: got "guest user", expected a role that (can be assigned|has settings)/,
    ],
    [
      "a name that nobody has",
      () => assignment({ principal: { user: "nobody@contoso.com" } }),
      /^principal.user: got "nobody@contoso.com", expected the name or object id of a user in this tenant; check the spelling$/,
    ],
    [
      "a name that two have",
      () => assignment({ principal: { user: "Twin" } }),
      /^principal.user: got "Twin", expected a name that only one user has; use an object id: t1@contoso.com \(.{36}\), t2@contoso.com \(.{36}\)$/,
    ],
    [
      "a quote in a name",
      () => assignment({ principal: { group: "o'brien's" } }),
      /^principal.group: got "o'brien's", expected the name or object id of a group/,
    ],
    ...["P1Y", "P6M", "P2W"].map((duration): [string, () => Life, RegExp] => [
      `${duration}`,
      () => assignment({ expiration: { duration } }),
      new RegExp(
        `^expiration.duration: got "${duration}", expected an ISO 8601 duration in days and hours, such as "P90D" or "PT8H"; years, months and weeks have no fixed length`,
      ),
    ]),
    [
      "PT0S",
      () => assignment({ expiration: { duration: "PT0S" } }),
      /^expiration.duration: got "PT0S", expected at least PT5M$/,
    ],
    [
      "PT25H as an activation",
      () => settings({ activation: { maximumDuration: "PT25H" } }),
      /^activation.maximumDuration: got "PT25H", expected PT30M to PT24H in steps of 30 minutes$/,
    ],
    [
      "PT45M as an activation",
      () => settings({ activation: { maximumDuration: "PT45M" } }),
      /^activation.maximumDuration: got "PT45M", expected PT30M to PT24H in steps of 30 minutes$/,
    ],
    [
      "an end before the start",
      () => assignment({ startsAt: soon(120), expiration: { endsAt: soon(60) } }),
      /^expiration.endsAt: got ".*", expected at least five minutes after startsAt/,
    ],
    [
      "an end in the past",
      () => assignment({ expiration: { endsAt: "2020-01-01T00:00:00Z" } }),
      /^expiration.endsAt: got "2020-01-01T00:00:00Z", expected at least five minutes from now$/,
    ],
    [
      "an end in four minutes",
      () => assignment({ expiration: { endsAt: soon(4) } }),
      /^expiration.endsAt: .*expected at least five minutes from now$/,
    ],
    [
      "a start in the past",
      () => assignment({ startsAt: "2020-01-01T00:00:00Z" }),
      /^startsAt: got "2020-01-01T00:00:00Z", expected an instant in the future; leave startsAt out/,
    ],
    [
      "an end without a zone",
      () => assignment({ expiration: { endsAt: "2030-01-01 10:00" } }),
      /^expiration.endsAt: got "2030-01-01 10:00", expected an RFC 3339 instant/,
    ],
    [
      "two ways to end",
      () => assignment({ expiration: { duration: "P1D", permanent: true } }),
      /^expiration: got \{.*\}, expected exactly one of duration, endsAt, permanent$/,
    ],
    [
      "no way to end",
      () => assignment({ expiration: {} }),
      /^expiration: expected exactly one of duration, endsAt, permanent$/,
    ],
    [
      "permanent where the settings forbid it",
      () =>
        assignment({
          expiration: { permanent: true },
          limits: { allowPermanent: false, maximumDuration: "P30D" },
        }),
      /^expiration.permanent: got true, expected an end: eligibleAssignment.allowPermanent is false in the settings declared for this role; give expiration.duration up to P30D$/,
    ],
    [
      "longer than the settings allow",
      () => assignment({ limits: { allowPermanent: false, maximumDuration: "P30D" } }),
      /^expiration.duration: got "P90D", expected at most P30D: eligibleAssignment.maximumDuration in the settings declared for this role$/,
    ],
    [
      "no justification where one is required",
      () => assignment({ justification: " ", limits: { requireJustification: true } }),
      /^justification: expected a text: eligibleAssignment.requireJustification is true/,
    ],
    [
      "an application under MFA for assignments",
      () => assignment({ limits: { requireMfa: true } }),
      /^eligibleAssignment.requireMfa: got true, expected false in the settings declared for this role while an application assigns the role; an application cannot satisfy MFA/,
    ],
    [
      "a service principal as eligible",
      () => assignment({ principal: { servicePrincipal: "robot" } }),
      /^principal: got \{"servicePrincipal":"robot"\}, expected user or group for an eligible assignment; nobody could activate it for a service principal: declare an active assignment$/,
    ],
    [
      "a group that is not role-assignable",
      () => assignment({ principal: { group: "plain" } }),
      /^principal.group: got "plain", expected a role-assignable group; isAssignableToRole is set when a group is made/,
    ],
    [
      "an administrative unit's id without its path",
      () => assignment({ directoryRole: { role, scope: "administrativeUnits" } }),
      /^directoryRole.scope: got "administrativeUnits", expected "\/", "\/administrativeUnits\/\{id\}" or "\/\{object id\}"$/,
    ],
    [
      "MFA beside a context",
      () => settings({ activation: { requireMfa: true, authenticationContext: "c1" } }),
      /^activation.authenticationContext: got "c1", expected not both activation.requireMfa and an authentication context; leave requireMfa out/,
    ],
    [
      "approvers without requireApproval",
      () => settings({ activation: { approvers: [{ user: "bob@contoso.com" }] } }),
      /^activation.approvers: expected activation.requireApproval beside it; declare activation.requireApproval: true$/,
    ],
    [
      "an approver's name that nobody has",
      () =>
        settings({
          activation: { requireApproval: true, approvers: [{ user: "nobody@contoso.com" }] },
        }),
      /^activation.approvers\[0\].user: got "nobody@contoso.com", expected the name or object id of a user in this tenant/,
    ],
    [
      "an approver's id that nobody has",
      () =>
        settings({
          activation: {
            requireApproval: true,
            approvers: [{ group: "7b1f9f6e-0000-4000-8000-00000000000a" }],
          },
        }),
      /^activation.approvers\[0\].group: got "7b1f.*", expected the object id of a group in this tenant/,
    ],
    [
      "a ticket asked for on assignment",
      () => settings({ activeAssignment: { requireTicket: true } }),
      /^activeAssignment.requireTicket: got true, expected nothing: a ticket can be asked for on activation only; declare activation.requireTicket$/,
    ],
    [
      "a ticket without a number",
      () => assignment({ ticket: { number: "" } }),
      /^ticket.number: got "", expected a text$/,
    ],
    [
      "a word that is none of the few",
      () => assignment({ onExpired: "extend" }),
      /^onExpired: got "extend", expected "keep" or "renew"$/,
    ],
    [
      "an authentication context that cannot be",
      () => settings({ activation: { authenticationContext: "mfa" } }),
      /^activation.authenticationContext: got "mfa", expected "c1" to "c99", or "" for none$/,
    ],
    [
      "a mail address that is none",
      () =>
        settings({ notifications: { activation: { admin: { additionalRecipients: ["soc"] } } } }),
      /^notifications.activation.admin.additionalRecipients\[0\]: got "soc", expected a mail address$/,
    ],
  ];
  for (const [what, make, message] of cases) {
    it(`is refused by check: ${what}`, async () => {
      at.forgetRequests();
      await assert.rejects(
        inRun(at, (run) => make().up(run)),
        (error: Error) => {
          assert.match(error.message, message);
          assert.equal(error.message.split("\n").length, 1, error.message);
          return true;
        },
      );
      assert.deepEqual(at.writes(), []);
    });
  }

  it("is refused all at once", async () => {
    const life = assignment({
      principal: { servicePrincipal: "robot" },
      expiration: { duration: "P1Y" },
      startsAt: "soon",
      onExpired: "x",
    });
    await assert.rejects(
      inRun(at, (run) => life.check(run)),
      (error: Error) => error.message.split("\n").length === 4,
    );
  });

  it("is not refused while it is unknown", async () => {
    const life = assignment({
      principal: { user: UNKNOWN },
      expiration: UNKNOWN,
      startsAt: UNKNOWN,
      justification: UNKNOWN,
      ticket: UNKNOWN,
      limits: UNKNOWN,
    });
    await inRun(at, (run) => life.check(run));
    await inRun(at, (run) =>
      assignment({
        directoryRole: { role: UNKNOWN },
        limits: { requireMfa: UNKNOWN, maximumDuration: UNKNOWN, allowPermanent: UNKNOWN },
      }).check(run),
    );
    await inRun(at, (run) => settings({ activation: UNKNOWN }).check(run));
    await inRun(at, (run) =>
      settings({
        activation: {
          requireApproval: true,
          approvers: [{ user: UNKNOWN }, UNKNOWN],
          maximumDuration: UNKNOWN,
        },
        notifications: UNKNOWN,
      }).check(run),
    );
  });

  const unknownIds: [what: string, more: object, message: RegExp][] = [
    [
      "a role",
      { directoryRole: { role: GONE } },
      /404 RoleNotFound.*; role "7b1f.*": no such role in this tenant: check the id$/,
    ],
    [
      "a principal",
      { principal: { user: GONE } },
      /404 SubjectNotFound.*; principal \{"user":"7b1f.*"\}: no such user, group or service principal: check the object id/,
    ],
    [
      "a unit",
      { directoryRole: { role, scope: `/administrativeUnits/${GONE}` } },
      /404 ResourceNotFound.*; directoryRole.scope "\/administrativeUnits\/7b1f.*": nothing is there: check the object id$/,
    ],
    [
      "a group",
      { directoryRole: undefined, group: { group: GONE, access: "member" } },
      /404 ResourceNotFound.*; group.group "7b1f.*": no such group: check the object id$/,
    ],
  ];
  for (const [what, more, message] of unknownIds) {
    it(`names the property whose id the service does not know, once it has waited: ${what}`, async () => {
      await assert.rejects(
        inRun(at, (run) => assignment({ timeouts: { create: "PT1M" }, ...more }).up(run)),
        message,
      );
    });
  }

  const met: [string, string, Record<string, unknown>, () => Life, RegExp][] = [
    [
      "permanence",
      "Expiration_Admin_Eligibility",
      { isExpirationRequired: true, maximumDuration: "P30D" },
      () => assignment({ expiration: { permanent: true } }),
      /expiration.permanent: got true, expected an end: eligibleAssignment.allowPermanent is false in the live settings of the role; give expiration.duration up to P30D$/,
    ],
    [
      "a longer window",
      "Expiration_Admin_Eligibility",
      { isExpirationRequired: true, maximumDuration: "P30D" },
      () => assignment({}),
      /expiration.duration: got "P90D", expected at most P30D: eligibleAssignment.maximumDuration in the live settings of the role$/,
    ],
    [
      "no justification",
      "Enablement_Admin_Eligibility",
      { enabledRules: ["Justification"] },
      () => assignment({ justification: undefined }),
      /justification: expected a text: eligibleAssignment.requireJustification is true in the live settings/,
    ],
    [
      "MFA for assignments by an application",
      "Enablement_Admin_Assignment",
      { enabledRules: ["MultiFactorAuthentication"] },
      () => assignment({}, "ActiveAssignment"),
      /activeAssignment.requireMfa: got true, expected false in the live settings of the role while an application assigns the role/,
    ],
  ];
  for (const [what, rule, change, make, message] of met) {
    it(`is refused before the write, where live settings forbid it: ${what}`, async () => {
      const before = (await at.rules(role))[rule];
      await at.changeRule(role, rule, change);
      at.forgetRequests();
      await assert.rejects(
        inRun(at, (run) => make().up(run)),
        (error: Error) => {
          assert.match(error.message, message);
          assert.match(error.message, /^creating (Eligible|Active)Assignment "x": /);
          return true;
        },
      );
      assert.deepEqual(at.writes(), []);
      const { target: _target, ...rest } = before ?? { target: undefined };
      await at.changeRule(role, rule, rest);
    });
  }
});
