import assert from "node:assert/strict";
import { leafLabel } from "../../src/model/leaf-labels";
import type { LeafPath, LeafValue } from "../../src/model/settings-leaves";
import { leafWords } from "../../src/preview/leaf-words";

const ANN = "11111111-2222-4333-8444-555555555555";

describe("words of a setting", () => {
  const line = (path: LeafPath, value: LeafValue) =>
    `${leafLabel(path)} ${leafWords(path, value, { [ANN]: "Ann" })
      .map((part) => (typeof part === "string" ? part : part.value))
      .join("")}`;

  it("tell PIM-only mode and who is excluded from it", () => {
    assert.equal(line("pimOnlyMode.mode", "reportOnly"), "PIM-only mode: mode reportOnly");
    assert.equal(
      line("pimOnlyMode.excludedPrincipals", [
        { kind: "user", id: ANN },
        { kind: "group", id: ANN },
      ]),
      "PIM-only mode: excluded principals Ann, group Ann",
    );
    assert.equal(
      line("pimOnlyMode.excludedPrincipals", []),
      "PIM-only mode: excluded principals none",
    );
    assert.equal(
      line("pimOnlyMode.excludedAssignmentTypes", ["servicePrincipalsAsTarget"]),
      "PIM-only mode: excluded assignments servicePrincipalsAsTarget",
    );
  });
});
