import assert from "node:assert/strict";
import { Scenario } from "./harness/scenario";

// The engine ends a run at the first resource that is refused; what is wrong with that one is said whole, and what
// stands beside it is not written. The tables of single mistakes are beside the model, the resources and the handlers.
describe("a program full of mistakes", function () {
  this.timeout(300_000);
  let on: Scenario;

  before(async () => {
    on = await Scenario.start();
  });
  after(() => on.close());
  beforeEach(() => on.tenant.forgetRequests());

  /** What one resource was told, a line for each problem. */
  const problemsOf = (text: string, name: string) => {
    const mark = `resource '${name}' has a problem: `;
    const found = text.slice(text.indexOf("Diagnostics:")).split("\n");
    const problems = found.flatMap((line) => line.split(mark)[1] ?? []);
    assert.notDeepEqual(problems, [], text);
    return problems.sort();
  };

  it("is told everything that is wrong with a component, before anything is asked of the tenant", async () => {
    on.program(`
      new pim.EligibleAssignment("fine", { ...at, principal: user("bob"), expiration: { duration: "P90D" }, justification });
      new pim.DirectoryRole("mail", {
        role: "Exchange Administrator",
        settings: {
          activation: { maximumDuration: "PT45M", maxDuration: "PT1H", requireMfa: true, authenticationContext: "c1" },
          eligibleAssignment: { allowPermanent: false, maximumDuration: "P30D" },
        },
        eligibleAssignments: {
          permanent: { principal: user("ann"), expiration: { permanent: true }, justification },
          year: { principal: user("carol"), expiration: { duration: "P1Y" }, justification },
          nobody: { principal: {}, expiration: { duration: "P1D", permanent: true } },
          unit: { principal: user("dan"), scope: "", expiration: { duration: "PT1.5H" } },
        },
      });`);
    const text = await on.refused("up");
    for (const problem of [
      'DirectoryRole "mail": 10 problems',
      "settings.activation.maxDuration: expected one of the properties .*; did you mean maximumDuration\\?",
      'settings.activation.maximumDuration: got "PT45M"',
      'settings.activation.authenticationContext: got "c1"',
      "eligibleAssignments.permanent.expiration.permanent: got true, expected an end",
      'eligibleAssignments.year.expiration.duration: got "P1Y"',
      "eligibleAssignments.nobody.principal: expected exactly one of user, group, servicePrincipal",
      "eligibleAssignments.nobody.expiration: got {.*}, expected exactly one of duration, endsAt, permanent",
      'eligibleAssignments.unit.scope: got ""',
      'eligibleAssignments.unit.expiration.duration: got "PT1.5H"',
    ]) {
      assert.match(text, new RegExp(problem), text);
    }
    const { resources = [] } = await on.project.state();
    assert.ok(!resources.some(({ urn }) => urn.includes("mail/")), "a child of it was registered");
    await on.destroy();
    assert.deepEqual(await on.tenant.rows("eligible", EXCHANGE), []);
  });

  it("is told everything that is wrong inside Outputs, and nothing that they would widen is granted", async () => {
    on.program(`
      const o = pulumi.output;
      new pim.EligibleAssignment("ann", {
        directoryRole: { role: o("Exchange Administrater"), scope: "/" },
        principal: { user: o("nobody@contoso.com") },
        expiration: { duration: o("PT1.5H") },
        startsAt: o("2027-01-01T00:00:00"),
        justification: o(5),
        ticket: { number: o(undefined) },
        onExpired: o("extend"),
      });`);
    assert.deepEqual(
      problemsOf(await on.refused("preview"), "ann"),
      [
        "ticket.number: expected a value, not an Output that holds nothing; leave the property out if it is meant to be empty",
        'expiration.duration: got "PT1.5H", expected an ISO 8601 duration in days and hours, such as "P90D" or "PT8H"; fractions are not read: count in smaller units (PT90M, P1DT12H)',
        'startsAt: got "2027-01-01T00:00:00", expected an RFC 3339 instant, such as "2027-06-30T00:00:00Z"; say which zone: "2027-01-01T00:00:00Z" is UTC',
        "justification: got 5, expected a text",
        'onExpired: got "extend", expected "keep" or "renew"',
        'directoryRole.role: got "Exchange Administrater", expected the name or id of a role in this tenant; did you mean "Exchange Administrator"?',
        'principal.user: got "nobody@contoso.com", expected the name or object id of a user in this tenant; check the spelling',
      ].sort(),
    );

    on.program(`
      new pim.EligibleAssignment("ann", {
        directoryRole: { role, scope: pulumi.output(undefined) },
        principal: user("ann"), expiration: { duration: "P90D" }, justification,
      });`);
    assert.deepEqual(
      problemsOf(await on.refused("up"), "ann"),
      [
        "directoryRole.scope: expected a value, not an Output that holds nothing; leave the property out if it is meant to be empty",
      ].sort(),
    );

    on.program(`
      new pim.RoleSettings("mail", { ...at, activation: {
        requireApproval: pulumi.output(undefined),
        approvers: [{ group: pulumi.output(null) }],
        maximumDuration: pulumi.output("PT25H"),
      } });`);
    assert.deepEqual(
      problemsOf(await on.refused("up"), "mail"),
      [
        "activation.requireApproval: expected a value, not an Output that holds nothing; leave the property out if it is meant to be empty",
        "activation.approvers[0].group: expected a value, not an Output that holds nothing; leave the property out if it is meant to be empty",
        'activation.maximumDuration: got "PT25H", expected PT30M to PT24H in steps of 30 minutes',
      ].sort(),
    );
    assert.deepEqual(on.tenant.writes(), []);
  });

  it("connects to no other tenant when the one it names is not there", async () => {
    on.program(`
      const provider = new pim.Provider("other", { tenantId: pulumi.output(undefined) });
      new pim.EligibleAssignment("ann", { ...at, principal: user("ann"), expiration: { duration: "P90D" }, justification }, { provider });`);
    assert.match(
      await on.refused("up"),
      /Provider: tenantId: expected a value, not an Output that holds nothing/,
    );
    assert.deepEqual(on.tenant.writes(), []);
  });

  it("is previewed while values are unknown, and refused when they turn out wrong", async () => {
    on.program(`
      const first = new pim.EligibleAssignment("first", { ...at, principal: user("ann"), expiration: { duration: "P90D" }, justification });
      const later = (value) => first.scheduleId.apply(() => value);
      new pim.RoleSettings("mail", { ...at, activation: { maximumDuration: later("PT2H"), requireMfa: later(true) } });
      new pim.EligibleAssignment("second", {
        directoryRole: { role: later(role), scope: later("/") },
        principal: { user: later("bob@contoso.com") },
        expiration: { duration: later("P2W") },
        justification: later("x"),
        ticket: { number: later(5) },
      });`);
    assert.deepEqual(
      Object.keys(await on.plan([]))
        .filter((name) => name !== "test-dev")
        .sort(),
      ["first", "mail", "second"],
    );
    assert.deepEqual(on.tenant.writes(), []);
    assert.deepEqual(
      problemsOf(await on.refused("up"), "second"),
      [
        'expiration.duration: got "P2W", expected an ISO 8601 duration in days and hours, such as "P90D" or "PT8H"; years, months and weeks have no fixed length and the service refuses them; count days (P365D, P180D)',
        "ticket.number: got 5, expected a text",
      ].sort(),
    );
    assert.deepEqual(
      (await on.tenant.rows("eligible", EXCHANGE)).map(({ principalId }) => principalId),
      [await on.tenant.user("ann")],
    );
    await on.destroy();
  });
});

const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
