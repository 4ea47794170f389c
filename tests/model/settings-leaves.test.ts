import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultSettings } from "../../src/model/default-settings";
import type { PolicyRules } from "../../src/model/policy-rules";
import {
  differingLeaves,
  LEAF_PATHS,
  LEAVES,
  type LeafPath,
  type LeafValue,
  type Leaves,
  omitLeaves,
  pickLeaves,
  readLeaves,
  sameLeaf,
  writeLeaves,
} from "../../src/model/settings-leaves";
import { leavesOf, treeOf, valueAt } from "../../src/model/settings-tree";
import { UNKNOWN } from "../../src/model/unknown";

/** A complete set of rules, as any policy has. */
function someRules(): PolicyRules {
  const expiration = { kind: "expiration", required: false, maximumDuration: "PT8H" } as const;
  const enablement = {
    kind: "enablement",
    mfa: false,
    justification: false,
    ticket: false,
  } as const;
  const rules: Record<string, unknown> = {
    "activation.expiration": expiration,
    "activation.enablement": enablement,
    "activation.authenticationContext": { kind: "authenticationContext", context: null },
    "activation.approval": { kind: "approval", required: false, approvers: [] },
    "eligibleAssignment.expiration": expiration,
    "eligibleAssignment.enablement": enablement,
    "activeAssignment.expiration": expiration,
    "activeAssignment.enablement": enablement,
  };
  for (const stage of ["eligibleAssignment", "activeAssignment", "activation"]) {
    for (const recipient of ["admin", "assignee", "approver"]) {
      rules[`notifications.${stage}.${recipient}`] = {
        kind: "notification",
        level: "all",
        defaultRecipients: true,
        additionalRecipients: [],
      };
    }
  }
  rules["pimOnlyMode"] = {
    kind: "pimOnlyMode",
    mode: "disabled",
    excludedPrincipals: [],
    excludedAssignmentTypes: [],
  };
  return rules as unknown as PolicyRules;
}

/** What every surface has. */
const COMMON = LEAF_PATHS.filter((path) => LEAVES[path].rule !== "pimOnlyMode");

const VALUES: Record<string, fc.Arbitrary<LeafValue>> = {
  maximumDuration: fc.integer({ min: 1, max: 365 }).map((days) => `P${days}D`),
  requirement: fc.boolean(),
  permission: fc.boolean(),
  context: fc.constantFrom("", "c1", "c99"),
  approvers: fc.array(
    fc.record({ kind: fc.constantFrom("user" as const, "group" as const), id: fc.uuid() }),
    { maxLength: 3 },
  ),
  level: fc.constantFrom("all", "critical", "none"),
  defaultRecipients: fc.boolean(),
  recipients: fc.array(fc.emailAddress(), { maxLength: 3 }),
  pimOnlyMode: fc.constantFrom("disabled", "reportOnly", "enabled"),
  exclusions: fc.array(
    fc.record({
      kind: fc.constantFrom("group" as const, "servicePrincipal" as const),
      id: fc.uuid(),
    }),
    { maxLength: 3 },
  ),
};

/** Any subset of the leaves with any values. */
const someLeaves: fc.Arbitrary<Leaves> = fc.record(
  Object.fromEntries(LEAF_PATHS.map((path) => [path, VALUES[LEAVES[path].type] ?? fc.boolean()])),
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<Leaves>;

describe("LEAVES", () => {
  it("covers the 17 rules with 42 leaves, and PIM-only mode with three", () => {
    assert.equal(COMMON.length, 42);
    assert.equal(LEAF_PATHS.length, 45);
    assert.deepEqual(
      [...new Set(LEAF_PATHS.map((path) => LEAVES[path].rule))].sort(),
      Object.keys(someRules()).sort(),
    );
  });
});

describe("writeLeaves", () => {
  it("is read back, leaf by leaf, and touches no other leaf", () => {
    fc.assert(
      fc.property(someLeaves, (leaves) => {
        const before = readLeaves(someRules());
        const after = readLeaves(writeLeaves(someRules(), leaves));
        for (const path of LEAF_PATHS) {
          assert.ok(sameLeaf(path, after[path], leaves[path] ?? before[path]), path);
        }
      }),
    );
  });

  it("changes nothing when written a second time", () => {
    fc.assert(
      fc.property(someLeaves, (leaves) => {
        const once = writeLeaves(someRules(), leaves);
        assert.deepEqual(writeLeaves(once, leaves), once);
        assert.deepEqual(differingLeaves(leaves, readLeaves(once)), []);
      }),
    );
  });

  it("keeps the service's spelling of an equal duration, as the same object", () => {
    const rules = someRules();
    const written = writeLeaves(rules, { "activation.maximumDuration": "PT480M" });
    assert.equal(written["activation.expiration"], rules["activation.expiration"]);
  });
});

describe("treeOf", () => {
  it("is read back by leavesOf", () => {
    fc.assert(
      fc.property(someLeaves, (leaves) => assert.deepEqual(leavesOf(treeOf(leaves)), leaves)),
    );
  });

  it("holds Microsoft's defaults for roles and groups, none for Azure", () => {
    for (const surface of ["directoryRoles", "groups"] as const) {
      const leaves = defaultSettings(surface);
      assert.deepEqual(Object.keys(leaves ?? {}).sort(), [...COMMON].sort());
    }
    assert.equal(defaultSettings("azureRoles"), undefined);
  });
});

describe("sameLeaf", () => {
  const same: [LeafPath, LeafValue, LeafValue][] = [
    ["activation.maximumDuration", "PT24H", "P1D"],
    ["activation.authenticationContext", "c1", "C1"],
    [
      "activation.approvers",
      [
        { kind: "user", id: "A" },
        { kind: "group", id: "b" },
      ],
      [
        { kind: "group", id: "B" },
        { kind: "user", id: "a" },
      ],
    ],
    [
      "notifications.activation.admin.additionalRecipients",
      ["a@x.com", "B@x.com "],
      ["b@X.com", "a@x.com"],
    ],
  ];
  for (const [path, a, b] of same)
    it(`finds spellings equal: ${path}`, () => assert.ok(sameLeaf(path, a, b)));

  it("tells kinds of approvers apart", () => {
    assert.ok(
      !sameLeaf("activation.approvers", [{ kind: "user", id: "a" }], [{ kind: "group", id: "a" }]),
    );
  });
});

describe("pickLeaves and omitLeaves", () => {
  it("part a set in two", () => {
    fc.assert(
      fc.property(someLeaves, fc.subarray(LEAF_PATHS), (leaves, paths) => {
        assert.deepEqual({ ...pickLeaves(leaves, paths), ...omitLeaves(leaves, paths) }, leaves);
      }),
    );
  });
});

describe("valueAt", () => {
  it("finds everything unknown below a container that is", () => {
    assert.equal(valueAt({ activation: UNKNOWN }, "activation.requireMfa"), UNKNOWN);
    assert.equal(valueAt({ activation: "odd" }, "activation.requireMfa"), undefined);
    assert.equal(valueAt({}, "activation.requireMfa"), undefined);
  });
});
