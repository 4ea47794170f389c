import assert from "node:assert/strict";
import { parseDuration, postTime, readTime } from "../../src/emulator/clock";
import {
  createIdSource,
  eligibleInstanceId,
  isGuid,
  partsOfAssignmentId,
  roleAssignmentId,
} from "../../src/emulator/ids";

describe("ids", () => {
  const samples: [string, string, string][] = [
    [
      "62e90394-69f5-4237-9190-012177145e10",
      "6be4b305-b75e-4efc-bfcc-31bd3b53a5f8",
      "lAPpYvVpN0KRkAEhdxReEAWz5Gtet_xOv8wxvTtTpfg-1",
    ],
    [
      "62e90394-69f5-4237-9190-012177145e10",
      "56f2d212-e49c-42e3-8298-0188e5bef094",
      "lAPpYvVpN0KRkAEhdxReEBLS8lac5ONCgpgBiOW-8JQ-1",
    ],
    [
      "8424c6f0-a189-499e-bbd0-26c1753c96d4",
      "071cc716-8147-4397-a5ba-b2105951cc0b",
      "8MYkhImhnkm70CbBdTyW1BbHHAdHgZdDpbqyEFlRzAs-1",
    ],
  ];
  for (const [role, principal, id] of samples) {
    it(`computes the published id ${id} and reads it back`, () => {
      assert.equal(roleAssignmentId(role, principal, "/"), id);
      assert.equal(eligibleInstanceId(role, principal, "/"), `${id}-e`);
      assert.deepEqual(partsOfAssignmentId(id), { roleId: role, principalId: principal });
    });
  }

  it("repeats guids for a seed", () => {
    const [one, other] = [createIdSource(3), createIdSource(3)];
    assert.equal(one(), other());
    assert.ok(isGuid(one()));
  });
});

describe("times", () => {
  it("reads durations of days and time, never of months or years", () => {
    assert.equal(parseDuration("P1DT1H30M"), 91_800_000);
    assert.equal(parseDuration("PT0S"), 0);
    for (const text of ["P1Y", "P6M", "PT", "P", "8H", ""])
      assert.equal(parseDuration(text), undefined);
  });

  it("writes seven digits at the post and at most three later", () => {
    const at = Date.parse("2026-11-22T08:00:00.500Z");
    assert.match(postTime(at, "ab12cd"), /^2026-11-22T08:00:00\.500\d{4}Z$/);
    assert.equal(readTime(at), "2026-11-22T08:00:00.5Z");
    assert.equal(readTime(Date.parse("2026-11-22T08:00:10Z")), "2026-11-22T08:00:10Z");
  });
});
