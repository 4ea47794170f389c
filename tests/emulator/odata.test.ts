import assert from "node:assert/strict";
import { fixedValues, matches, parseFilter } from "../../src/emulator/odata-filter";
import { contextSuffix, parseExpand, parseQuery } from "../../src/emulator/odata-query";

describe("parseFilter", () => {
  const row = {
    id: "a",
    status: "Provisioned",
    count: 3,
    gone: null,
    at: "2026-01-02T00:00:00Z",
    tags: ["x", "y"],
    nested: { name: "O'Neil" },
  };
  const cases: [string, boolean][] = [
    ["status eq 'Provisioned'", true],
    ["status eq 'provisioned'", false],
    ["status ne 'Granted' and count ge 3", true],
    ["not (count gt 2 or count lt 0)", false],
    ["id in ('b','a')", true],
    ["gone eq null", true],
    ["nested/name eq 'O''Neil'", true],
    ["startswith(status,'Prov')", true],
    ["endswith(status,'x') eq false", true],
    ["at ge 2026-01-01T00:00:00Z and at lt 2026-02-01T00:00:00Z", true],
    ["tags/any(t:t eq 'y')", true],
    ["tags/any(t: t eq 'z')", false],
    ["id eq 'b' or id eq 'a' and count eq 4", false],
  ];
  for (const [filter, expected] of cases) {
    it(`reads ${filter}`, () =>
      assert.equal(
        matches(parseFilter(filter), row, () => true),
        expected,
      ));
  }

  for (const broken of [
    "id eq",
    "eq 'a'",
    "id eq 'a' and",
    "(id eq 'a'",
    "id like 'a'",
    "id eq 'a' ~",
  ]) {
    it(`rejects ${broken}`, () => assert.throws(() => parseFilter(broken), { code: "BadRequest" }));
  }

  it("finds what an index can use, only where it must hold", () => {
    assert.deepEqual(
      [...fixedValues(parseFilter("a eq '1' and (b eq '2' and c ne '3')"))],
      [
        ["a", "1"],
        ["b", "2"],
      ],
    );
    assert.deepEqual([...fixedValues(parseFilter("a eq '1' or b eq '2'"))], []);
  });
});

describe("parseQuery", () => {
  it("takes form-encoded and plain options", () => {
    const query = parseQuery(
      "%24filter=id+eq+%27a%27&$select=id,%20displayName&$top=5&other=1",
      "v1.0",
    );
    assert.deepEqual(
      [query.filterText, query.select, query.top],
      ["id eq 'a'", ["id", "displayName"], 5],
    );
  });

  it("takes options without their sign on beta only", () => {
    assert.deepEqual(parseQuery("select=id", "beta").select, ["id"]);
    assert.equal(parseQuery("select=id", "v1.0").select, undefined);
  });

  it("takes nested expands", () => {
    const [policy] = parseExpand("policy($select=id;$expand=rules($select=id,target)),principal");
    assert.deepEqual(policy, {
      name: "policy",
      select: ["id"],
      expand: [{ name: "rules", select: ["id", "target"], expand: [] }],
    });
    assert.equal(
      contextSuffix(undefined, parseExpand("policy($expand=rules)")),
      "(policy(rules()))",
    );
  });

  it("rejects options that OData does not know, and a negative $top", () => {
    assert.throws(() => parseQuery("$what=1", "v1.0"), { code: "BadRequest" });
    assert.throws(() => parseQuery("$top=-1", "v1.0"), { code: "BadRequest" });
  });
});
