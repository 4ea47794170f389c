import assert from "node:assert/strict";
import { checkGroup, checkRole } from "../../src/components/cross-checks";
import type { Declared, DeclaredGroup, DeclaredRole } from "../../src/components/declared-access";

function role(change: Partial<DeclaredRole> = {}): DeclaredRole {
  return {
    subject: 'DirectoryRole "r"',
    kind: "role",
    isDirectoryRole: true,
    tier: "high",
    settings: {},
    settingsPath: "settings",
    approvers: [],
    holders: [{ group: "team", path: "eligibleAssignments.t.principal.group" }],
    ...change,
  };
}

function group(change: Partial<DeclaredGroup> = {}): DeclaredGroup {
  return {
    subject: 'PrivilegedGroup "g"',
    kind: "group",
    settings: {},
    settingsPath: "member.settings",
    approvers: [],
    holders: [],
    identities: ["team"],
    isNew: true,
    isAssignableToRole: true,
    activeMembers: 2,
    hasOwners: false,
    ...change,
  };
}

const declared = (change: Partial<Declared> = {}): Declared => ({
  roles: [],
  groups: [],
  ...change,
});

describe("checkRole", () => {
  it("warns of a group whose members get the role under weaker settings, whichever comes first", () => {
    const strong = role({
      settings: {
        "activation.maximumDuration": "PT1H",
        "activation.requireMfa": true,
        "activation.requireApproval": true,
        "activation.requireTicket": false,
      },
    });
    const weak = group({
      settings: {
        "activation.maximumDuration": "PT8H",
        "activation.requireMfa": false,
        "activation.requireApproval": true,
        "activation.requireTicket": true,
      },
    });
    const expected = [
      'PrivilegedGroup "g": its members get the role of DirectoryRole "r" under weaker settings (activation.maximumDuration, activation.requireMfa)',
    ];
    assert.deepEqual(checkRole(strong, declared({ groups: [weak] })), {
      problems: [],
      warnings: expected,
    });
    assert.deepEqual(checkGroup(weak, declared({ roles: [strong] })), {
      problems: [],
      warnings: expected,
    });
  });

  it("takes a context on the group for at least as strong as MFA on the role", () => {
    const { warnings } = checkRole(
      role({ settings: { "activation.requireMfa": true } }),
      declared({
        groups: [
          group({
            settings: { "activation.requireMfa": false, "activation.authenticationContext": "c1" },
          }),
        ],
      }),
    );
    assert.deepEqual(warnings, []);
  });

  it("warns of owners of a group that holds a critical role, and of no others", () => {
    const owned = declared({ groups: [group({ hasOwners: true })] });
    assert.deepEqual(checkRole(role({ tier: "critical" }), owned).warnings, [
      'PrivilegedGroup "g": its owners decide who gets the role of DirectoryRole "r", which is critical',
    ]);
    assert.deepEqual(checkRole(role({ tier: "high" }), owned).warnings, []);
  });

  it("warns of a single active approver, and says nothing of groups that it did not make", () => {
    const asks = role({ holders: [], approvers: ["team"] });
    assert.deepEqual(
      checkRole(asks, declared({ groups: [group({ activeMembers: 1 })] })).warnings,
      [
        'DirectoryRole "r": PrivilegedGroup "g" has one active member, so nobody decides when that person is away or asks',
      ],
    );
    assert.deepEqual(
      checkRole(asks, declared({ groups: [group({ isNew: false, activeMembers: 0 })] })),
      {
        problems: [],
        warnings: [],
      },
    );
  });
});

describe("checkGroup", () => {
  it("rejects more role-assignable groups than a tenant can have", () => {
    const groups = Array.from({ length: 500 }, (_, index) => group({ identities: [`g${index}`] }));
    assert.equal(
      checkGroup(group(), declared({ groups })).problems[0]?.path,
      "newGroup.assignableToRole",
    );
    assert.deepEqual(checkGroup(group(), declared({ groups: groups.slice(1) })).problems, []);
  });
});
