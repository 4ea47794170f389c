import assert from "node:assert/strict";

/** Every member that Microsoft shows is there, of the same JSON type; lists compare by their first item. */
export function assertPublishedShape(published: unknown, ours: unknown, at = "body"): void {
  if (published === null || ours === null) return;
  if (Array.isArray(published)) {
    assert.ok(Array.isArray(ours), `${at} is a list`);
    if (published.length === 0) return;
    assert.ok(ours.length > 0, `${at} is not empty`);
    assertPublishedShape(published[0], ours[0], `${at}[0]`);
    return;
  }
  assert.equal(typeof ours, typeof published, `${at} has the published type`);
  if (typeof published !== "object") return;
  for (const [member, value] of Object.entries(published)) {
    assert.ok(member in (ours as object), `${at}.${member} is sent`);
    assertPublishedShape(value, (ours as Record<string, unknown>)[member], `${at}.${member}`);
  }
}
