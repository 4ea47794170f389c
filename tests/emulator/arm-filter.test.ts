import assert from "node:assert/strict";
import { parseArmFilter } from "../../src/emulator/arm/arm-filter";

const ALLOWED = [
  "atScope()",
  "assignedTo()",
  "asTarget()",
  "principalId",
  "roleName",
  "resourceType",
];

describe("emulator: filters of Azure Resource Manager", () => {
  it("reads functions and equalities, with and without parentheses", () => {
    for (const text of [
      "principalId eq 'p' and atScope()",
      "(principalId eq 'p') and atScope()",
      "((principalId eq 'p') and (atScope()))",
      "atScope()+and+principalId+eq+'p'",
    ]) {
      const { functions, equals } = parseArmFilter(text, ALLOWED);
      assert.deepEqual([...functions.keys()], ["atscope"], text);
      assert.deepEqual(equals.get("principalid"), ["p"], text);
    }
  });

  it("keeps quoted text whole", () => {
    const { equals } = parseArmFilter("roleName eq 'Search and Destroy (it''s) + more'", ALLOWED);
    assert.deepEqual(equals.get("rolename"), ["Search and Destroy (it's) + more"]);
    const { functions } = parseArmFilter("assignedTo('ABC')", ALLOWED);
    assert.equal(functions.get("assignedto"), "abc");
  });

  it("takes alternatives of one member", () => {
    const text = "resourceType eq 'Subscription' or resourceType eq 'resourcegroup'";
    const { equals } = parseArmFilter(text, ALLOWED);
    assert.deepEqual(equals.get("resourcetype"), ["Subscription", "resourcegroup"]);
    assert.equal(parseArmFilter("", ALLOWED).equals.size, 0);
  });

  it("refuses what is not allowed", () => {
    for (const text of [
      "colour eq 'red'",
      "asApprover()",
      "principalId ne 'p'",
      "principalId",
      "atScope",
    ])
      assert.throws(() => parseArmFilter(text, ALLOWED), { code: "InvalidFilter" }, text);
  });
});
