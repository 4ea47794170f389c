import assert from "node:assert/strict";
import { compareStrength } from "../../src/model/leaf-strength";

describe("compareStrength", () => {
  it("calls PIM-only mode the stricter the less it lets pass", () => {
    const mode = (before: string, after: string) =>
      compareStrength("pimOnlyMode.mode", before, after);
    assert.equal(mode("disabled", "reportOnly"), "stricter");
    assert.equal(mode("reportOnly", "enabled"), "stricter");
    assert.equal(mode("enabled", "reportOnly"), "weaker");
    assert.equal(mode("Enabled", "enabled"), "same");
  });

  it("calls an exclusion more weaker, one less stricter, another one different", () => {
    const excluded = (before: string[], after: string[]) =>
      compareStrength(
        "pimOnlyMode.excludedPrincipals",
        before.map((id) => ({ kind: "user" as const, id })),
        after.map((id) => ({ kind: "user" as const, id })),
      );
    assert.equal(excluded(["a"], ["a", "b"]), "weaker");
    assert.equal(excluded(["a", "b"], ["B"]), "stricter");
    assert.equal(excluded(["a"], ["b"]), "different");
    assert.equal(excluded(["a"], ["A"]), "same");
    const types = "pimOnlyMode.excludedAssignmentTypes";
    assert.equal(compareStrength(types, [], ["servicePrincipalsAsTarget"]), "weaker");
  });
});
