import assert from "node:assert/strict";
import { parseRetryAfter } from "../../src/http/retry-after";

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-11-22T08:00:00Z");

  it("reads seconds", () => assert.equal(parseRetryAfter("10", now), 10_000));
  it("reads an HTTP date", () =>
    assert.equal(parseRetryAfter("Sun, 22 Nov 2026 08:00:30 GMT", now), 30_000));
  it("takes a date in the past for no pause", () =>
    assert.equal(parseRetryAfter("Sun, 22 Nov 2026 07:00:00 GMT", now), 0));
  it("ignores anything else", () => {
    assert.equal(parseRetryAfter("soon", now), undefined);
    assert.equal(parseRetryAfter("", now), undefined);
    assert.equal(parseRetryAfter(undefined, now), undefined);
  });
});
