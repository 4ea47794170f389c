import assert from "node:assert/strict";
import { sameCondition } from "../../src/model/condition";

describe("sameCondition", () => {
  const condition = "@Resource[tags:team] StringEquals 'red  team'";

  it("takes line breaks and blanks between words for layout", () => {
    assert.ok(sameCondition(condition, "\n@Resource[tags:team]\n  StringEquals  'red  team'\n"));
    assert.ok(sameCondition(undefined, ""));
  });

  it("tells texts apart that differ in the blanks inside quotes", () => {
    assert.ok(!sameCondition(condition, "@Resource[tags:team] StringEquals 'red team'"));
    assert.ok(!sameCondition(condition, undefined));
  });
});
