import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DAY_MS,
  durationFix,
  parseDuration,
  printDuration,
  sameDuration,
} from "../../src/model/duration";
import { formatInstant, newestFirst, parseInstant } from "../../src/model/instant";

describe("parseDuration", () => {
  it("reads back what printDuration prints", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 24 * 3600 }), (seconds) => {
        assert.equal(parseDuration(printDuration(seconds * 1000)), seconds * 1000);
      }),
    );
  });

  it("reads any spelling of days, hours, minutes and seconds", () => {
    fc.assert(
      fc.property(
        fc.nat(999),
        fc.nat(99),
        fc.nat(99),
        fc.nat(99),
        (days, hours, minutes, seconds) => {
          const text = `P${days}DT${hours}H${minutes}M${seconds}S`;
          assert.equal(
            parseDuration(text),
            days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000,
          );
        },
      ),
    );
  });

  it("rejects what has no fixed length and what is no duration", () => {
    for (const text of [
      "P1Y",
      "P6M",
      "P2W",
      "P1Y6M",
      "P",
      "PT",
      "P1DT",
      "1D",
      "PT1.5H",
      "-PT1H",
      "PT1H30",
      " PT1H",
      "pt1h",
      "",
    ]) {
      assert.equal(parseDuration(text), undefined, text);
    }
  });

  const calendar =
    "years, months and weeks have no fixed length and the service refuses them; count days (P365D, P180D)";
  const fractions = "fractions are not read: count in smaller units (PT90M, P1DT12H)";
  const fixes: [text: unknown, fix: string | undefined][] = [
    ["P1Y", calendar],
    ["P6M", calendar],
    ["p2w", calendar],
    ["P1Y2DT3H", calendar],
    ["PT1.5H", fractions],
    ["P0,5D", fractions],
    ["P1DT0.5H", fractions],
    ["pt8h", 'write "PT8H"'],
    [" P90D ", 'write "P90D"'],
    ["P1D", undefined],
    ["PT45M", undefined],
    ["-P1D", undefined],
    ["P1DT", undefined],
    ["P", undefined],
    ["hello", undefined],
    [90, undefined],
  ];
  for (const [text, fix] of fixes) {
    it(`tells how to write ${JSON.stringify(text)}`, () => assert.equal(durationFix(text), fix));
  }

  it("finds spellings of one length equal", () => {
    assert.ok(sameDuration("PT24H", "P1D"));
    assert.ok(sameDuration("PT60M", "PT1H"));
    assert.ok(!sameDuration("PT1H", "PT2H"));
    assert.ok(sameDuration("odd", "odd"));
  });
});

describe("newestFirst", () => {
  it("goes by the instant, whatever zeros the service left out", () => {
    const sorted = [
      "2027-06-30T12:00:01Z",
      "2027-06-30T12:00:00.1234568Z",
      "2027-06-30T12:00:00.1234567Z",
      "2027-06-30T12:00:00.123Z",
      "2027-06-30T12:00:00.12Z",
      "2027-06-30T12:00:00.1Z",
      "2027-06-30T12:00:00Z",
    ].map((createdAt) => ({ createdAt }));
    assert.deepEqual(newestFirst([...sorted].reverse()), sorted);
    assert.deepEqual(newestFirst(sorted), sorted);
  });
});

describe("parseInstant", () => {
  it("reads back what formatInstant prints", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
        (date) => {
          assert.equal(parseInstant(formatInstant(date.getTime())), date.getTime());
        },
      ),
    );
  });

  it("reads zones, fractions of any length and both cases", () => {
    const noon = Date.parse("2027-06-30T12:00:00Z");
    for (const text of [
      "2027-06-30T12:00:00Z",
      "2027-06-30t12:00:00z",
      "2027-06-30T14:00:00+02:00",
      "2027-06-30T12:00:00.0000000Z",
      "2027-06-30T12:00Z",
    ]) {
      assert.equal(parseInstant(text), noon, text);
    }
    assert.equal(parseInstant("2027-06-30T12:00:00.1234567Z"), noon + 123);
  });

  it("rejects days that do not exist and texts that are none", () => {
    for (const text of [
      "2027-02-30T00:00:00Z",
      "2027-02-29T23:30:00-05:00",
      "2027-06-30",
      "2027-06-30T12:00:00",
      "tomorrow",
      "",
    ]) {
      assert.equal(parseInstant(text), undefined, text);
    }
    assert.ok(parseInstant("2028-02-29T23:30:00-05:00"));
  });
});
