import assert from "node:assert/strict";
import type { AssignmentFacts, AssignmentInput } from "../../src/model/assignment-input";
import { assignmentProblems } from "../../src/model/assignment-rules";
import { nearestNames } from "../../src/model/nearest";
import {
  objectIdIn,
  principalKind,
  principalReference,
  referenceKey,
} from "../../src/model/principal";
import { formatProblem } from "../../src/model/problem";
import { azureRoleGuid, normalScope, roleTarget, sameScope } from "../../src/model/role-target";
import { EntraRole } from "../../src/model/roles-entra";
import { tierOf } from "../../src/model/roles-tier";
import { UNKNOWN } from "../../src/model/unknown";

const ANN = "11111111-1111-4111-8111-111111111111";
const NOW = Date.parse("2026-11-22T00:00:00Z");

function problems(
  input: Partial<AssignmentInput>,
  facts: AssignmentFacts = {},
  kind: "eligible" | "active" = "eligible",
): string[] {
  const base: AssignmentInput = {
    directoryRole: { role: "Exchange Administrator" },
    principal: { user: ANN },
    expiration: { duration: "P90D" },
  };
  return assignmentProblems(kind, { ...base, ...input }, facts).map(formatProblem);
}

describe("assignmentProblems", () => {
  it("reads no clock by itself", () => {
    assert.deepEqual(problems({ expiration: { endsAt: "2001-01-01T00:00:00Z" } }), []);
    assert.deepEqual(problems({ startsAt: "2001-01-01T00:00:00Z" }), []);
  });

  it("rejects windows in the past only when they are new or changed", () => {
    const past = {
      expiration: { endsAt: "2026-01-01T00:00:00Z" },
      startsAt: "2025-01-01T00:00:00Z",
    };
    assert.deepEqual(problems(past, { now: NOW }), []);
    assert.deepEqual(problems(past, { now: NOW, windowIsNew: true }), [
      'startsAt: got "2025-01-01T00:00:00Z", expected an instant in the future; leave startsAt out to begin when the assignment is made',
      'expiration.endsAt: got "2026-01-01T00:00:00Z", expected at least five minutes from now',
    ]);
  });

  it("measures an explicit end from its start, or from now when it is new", () => {
    const limits = { allowPermanent: false, maximumDuration: "P30D" };
    const until = { expiration: { endsAt: "2027-03-01T00:00:00Z" } };
    const expected = [
      'expiration.endsAt: got "2027-03-01T00:00:00Z", expected at most P30D: eligibleAssignment.maximumDuration in the settings declared for this role',
    ];
    assert.deepEqual(
      problems({ ...until, startsAt: "2027-01-01T00:00:00Z" }, { limits }),
      expected,
    );
    assert.deepEqual(problems({ ...until, startsAt: "2027-02-15T00:00:00Z" }, { limits }), []);
    assert.deepEqual(problems(until, { limits }), []);
    assert.deepEqual(problems(until, { limits, now: NOW, windowIsNew: true }), expected);
  });

  it("allows any length where permanence is allowed, and nothing is known of unknown limits", () => {
    const long = { expiration: { duration: "P900D" } };
    assert.deepEqual(
      problems(long, { limits: { allowPermanent: true, maximumDuration: "P30D" } }),
      [],
    );
    assert.deepEqual(
      problems(long, { limits: { allowPermanent: UNKNOWN, maximumDuration: UNKNOWN } }),
      [],
    );
    assert.deepEqual(
      problems({ expiration: { permanent: true } }, { limits: { allowPermanent: UNKNOWN } }),
      [],
    );
  });

  it("accepts unknown values and unknown containers", () => {
    assert.deepEqual(
      problems({
        principal: UNKNOWN as never,
        expiration: UNKNOWN as never,
        ticket: UNKNOWN as never,
        timeouts: UNKNOWN as never,
        startsAt: UNKNOWN,
        onExpired: UNKNOWN,
      }),
      [],
    );
    assert.deepEqual(
      problems({ principal: { user: UNKNOWN }, expiration: { endsAt: UNKNOWN } }),
      [],
    );
  });

  it("compares with what the directory says of the principal", () => {
    assert.deepEqual(problems({}, { principal: { kind: "group" } }), [
      `principal.user: got "${ANN}", expected the object id of a user; this object is a group: name it as principal.group`,
    ]);
    assert.deepEqual(
      problems(
        { principal: { group: ANN } },
        { principal: { kind: "group", isAssignableToRole: false } },
      ),
      [
        `principal.group: got "${ANN}", expected a role-assignable group; isAssignableToRole is set when a group is made and cannot be changed later: make a new group`,
      ],
    );
  });

  it("rejects a guest without an end", () => {
    const guest = { principal: { user: "ann_fabrikam.com#EXT#@contoso.com" } };
    const expected = [
      "expiration.permanent: got true, expected an end for a guest; give expiration.duration or expiration.endsAt",
    ];
    assert.deepEqual(problems({ ...guest, expiration: { permanent: true } }), expected);
    assert.deepEqual(
      problems({ expiration: { permanent: true } }, { principal: { kind: "user", isGuest: true } }),
      expected,
    );
    assert.deepEqual(problems(guest), []);
  });

  it("rejects MFA asked of an application that assigns the role", () => {
    const [problem] = problems({}, { limits: { requireMfa: true }, appOnly: true }, "active");
    assert.match(
      problem ?? "",
      /^activeAssignment\.requireMfa: got true, expected false in the settings declared/,
    );
    assert.deepEqual(problems({}, { limits: { requireMfa: true } }, "active"), []);
  });
});

describe("nearestNames", () => {
  const names = [
    "Exchange Administrator",
    "Exchange Recipient Administrator",
    "Global Administrator",
    "Global Reader",
    "Helpdesk Administrator",
  ];
  const cases: [string, string[]][] = [
    ["Exchange Admin", ["Exchange Administrator"]],
    ["exchange administrator", ["Exchange Administrator"]],
    ["Exchagne Administrator", ["Exchange Administrator"]],
    ["Globl Reader", ["Global Reader"]],
    ["Global", ["Global Administrator", "Global Reader"]],
    ["Quantum Engineer", []],
    ["", []],
  ];
  for (const [text, expected] of cases) {
    it(`answers "${text}"`, () => {
      const found = nearestNames(text, names);
      assert.deepEqual(found.slice(0, expected.length), expected);
      if (expected.length === 0) assert.deepEqual(found, []);
    });
  }
});

describe("principalReference", () => {
  it("reads ids in either spelling and keys references by kind", () => {
    assert.equal(objectIdIn(ANN.toUpperCase()), ANN);
    assert.equal(objectIdIn(`/groups/${ANN}`), ANN);
    assert.equal(objectIdIn(`/applications/${ANN}`), undefined);
    assert.equal(objectIdIn("ann@contoso.com"), undefined);
    assert.equal(principalReference({ user: UNKNOWN }), undefined);
    assert.equal(principalKind({ user: UNKNOWN }), "user");
    assert.equal(principalKind({ user: "a", group: "b" }), undefined);
    assert.equal(referenceKey({ kind: "user", text: "Ann@contoso.com" }), "user:ann@contoso.com");
  });
});

describe("roleTarget", () => {
  it("normalises scopes and keeps the role's words", () => {
    assert.deepEqual(roleTarget({ directoryRole: { role: " Exchange Administrator " } }), {
      surface: "directoryRoles",
      role: "Exchange Administrator",
      scope: "/",
    });
    const scope = `/Subscriptions/${ANN}/resourcegroups/Shop/`;
    assert.deepEqual(roleTarget({ azureRole: { role: "Owner", scope } }), {
      surface: "azureRoles",
      role: "Owner",
      scope: `/subscriptions/${ANN}/resourceGroups/Shop`,
    });
    assert.equal(roleTarget({ directoryRole: { role: UNKNOWN } }), undefined);
    assert.ok(sameScope(scope, normalScope(scope).toUpperCase()));
  });

  it("reads an Azure role's GUID from all its spellings", () => {
    const full = `/subscriptions/${ANN}/providers/Microsoft.Authorization/roleDefinitions/${ANN.toUpperCase()}`;
    assert.equal(azureRoleGuid(full), ANN);
    assert.equal(azureRoleGuid(ANN), ANN);
    assert.equal(azureRoleGuid("Owner"), undefined);
  });
});

describe("tierOf", () => {
  const cases: [string, string][] = [
    [EntraRole.GlobalAdministrator.toUpperCase(), "critical"],
    [EntraRole.PrivilegedRoleAdministrator, "critical"],
    [EntraRole.ExchangeAdministrator, "high"],
    [EntraRole.BillingAdministrator, "privileged"],
    [EntraRole.GlobalReader, "privileged"],
    [EntraRole.ReportsReader, "standard"],
    [ANN, "privileged"],
  ];
  for (const [id, tier] of cases)
    it(`puts ${id} into ${tier}`, () => assert.equal(tierOf(id), tier));
});
