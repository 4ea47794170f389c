import assert from "node:assert/strict";
import fc from "fast-check";
import { readReferences, referencesText } from "../../src/model/principals-text";

describe("referencesText", () => {
  it("is read back as it was written", () => {
    const reference = fc.record(
      {
        kind: fc.constantFrom("user" as const, "group" as const, "servicePrincipal" as const),
        text: fc
          .stringMatching(/^[^\s]([^\r\n\t\f\v ]| [^\s])*$/)
          .filter((text) => !/\s{2}|[^\S ]/.test(text)),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(reference, { minLength: 1 }), (references) => {
        assert.deepEqual(readReferences(referencesText(references)), references);
      }),
    );
  });

  it("keeps a name on one line", () => {
    const text = referencesText([{ kind: "group", text: "a\nuser:mallory" }]);
    assert.deepEqual(readReferences(text), [{ kind: "group", text: "a user:mallory" }]);
  });

  it("leaves out what is no reference", () => {
    assert.deepEqual(readReferences("device:x\nuser:\nann\nuser:ann"), [
      { kind: "user", text: "ann" },
    ]);
    assert.deepEqual(readReferences(undefined), []);
  });
});
