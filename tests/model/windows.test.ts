import assert from "node:assert/strict";
import fc from "fast-check";
import { DAY_MS, MINUTE_MS } from "../../src/model/duration";
import { formatInstant, parseInstant } from "../../src/model/instant";
import {
  adoptedWindow,
  editedWindow,
  endFrom,
  firstWindow,
  hasEnded,
  sameEnd,
  sameExpiration,
  startDiffers,
} from "../../src/model/window";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const at = (days: number) => formatInstant(NOW + days * DAY_MS);

describe("firstWindow", () => {
  it("counts a duration from the later of now and the declared start", () => {
    assert.deepEqual(firstWindow({ duration: "P10D" }, undefined, NOW), {
      startsAt: at(0),
      endsAt: at(10),
    });
    assert.deepEqual(firstWindow({ duration: "P10D" }, at(5), NOW), {
      startsAt: at(5),
      endsAt: at(15),
    });
    assert.deepEqual(firstWindow({ duration: "P10D" }, at(-5), NOW), {
      startsAt: at(0),
      endsAt: at(10),
    });
    assert.deepEqual(firstWindow({ permanent: true }, undefined, NOW), {
      startsAt: at(0),
      endsAt: null,
    });
    assert.deepEqual(firstWindow({ endsAt: at(3) }, undefined, NOW), {
      startsAt: at(0),
      endsAt: at(3),
    });
  });
});

describe("adoptedWindow", () => {
  it("never moves a found end later for a duration", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        (declared, found) => {
          const { endsAt } = adoptedWindow(
            { expiration: { duration: `P${declared}D` } },
            { startsAt: null, endsAt: at(found) },
            NOW,
          );
          assert.ok(
            (parseInstant(endsAt ?? "") ?? Number.POSITIVE_INFINITY) <= NOW + found * DAY_MS,
          );
          assert.equal(endsAt, at(Math.min(declared, found)));
        },
      ),
    );
  });

  it("counts a duration from adoption on a row that is permanent or ends later", () => {
    const expiration = { duration: "P10D" };
    for (const startsAt of [null, at(-300)])
      for (const endsAt of [null, at(11)])
        assert.deepEqual(adoptedWindow({ expiration }, { startsAt, endsAt }, NOW), {
          startsAt: at(0),
          endsAt: at(10),
        });
  });

  it("counts a duration from a start that lies ahead, and from one that is declared otherwise", () => {
    const expiration = { duration: "P10D" };
    const found = { startsAt: at(40), endsAt: at(70) };
    assert.deepEqual(adoptedWindow({ expiration }, found, NOW), {
      startsAt: at(40),
      endsAt: at(50),
    });
    assert.deepEqual(adoptedWindow({ expiration, startsAt: at(100) }, found, NOW), {
      startsAt: at(100),
      endsAt: at(110),
    });
    const same = { expiration: { duration: "P30D" }, startsAt: at(40) };
    assert.deepEqual(adoptedWindow(same, found, NOW), found);
  });

  it("holds what the program states: an end, or permanence", () => {
    const found = { startsAt: null, endsAt: at(5) };
    assert.equal(adoptedWindow({ expiration: { endsAt: at(20) } }, found, NOW).endsAt, at(20));
    assert.equal(adoptedWindow({ expiration: { permanent: true } }, found, NOW).endsAt, null);
  });
});

describe("editedWindow", () => {
  const expiration = { duration: "P30D" };
  const granted = (start: number) => ({
    startsAt: at(start),
    endsAt: at(start + 30),
    declared: { expiration },
  });

  it("is the recorded one while the declaration means the same", () => {
    const again = { expiration: { duration: "PT720H" }, startsAt: at(-10) };
    assert.deepEqual(editedWindow(granted(-10), again, NOW), {
      startsAt: at(-10),
      endsAt: at(20),
    });
  });

  it("counts an edited duration from the recorded start", () => {
    const edited = { expiration: { duration: "P90D" } };
    assert.equal(editedWindow(granted(-10), edited, NOW).endsAt, at(80));
  });

  it("moves with a start that lies ahead, and never becomes longer than the duration", () => {
    for (const [before, after] of [
      [40, 100],
      [100, 40],
    ] as const)
      assert.deepEqual(editedWindow(granted(before), { expiration, startsAt: at(after) }, NOW), {
        startsAt: at(after),
        endsAt: at(after + 30),
      });
  });
});

describe("sameEnd", () => {
  it("takes ends within five minutes as the same moment, and no end only as no end", () => {
    const end = at(1);
    const later = (minutes: number) => formatInstant(NOW + DAY_MS + minutes * MINUTE_MS);
    assert.ok(sameEnd(end, later(5)));
    assert.ok(sameEnd(later(-5), end));
    assert.ok(!sameEnd(end, later(6)));
    assert.ok(sameEnd(null, null));
    assert.ok(!sameEnd(null, end));
  });
});

describe("sameExpiration", () => {
  it("compares meaning", () => {
    assert.ok(sameExpiration({ duration: "PT24H" }, { duration: "P1D" }));
    assert.ok(
      sameExpiration({ endsAt: "2027-01-01T00:00:00Z" }, { endsAt: "2027-01-01T01:00:00+01:00" }),
    );
    assert.ok(!sameExpiration({ duration: "P1D" }, { permanent: true }));
  });
});

describe("startDiffers", () => {
  it("leaves a start alone that has passed", () => {
    assert.ok(!startDiffers(undefined, at(0), NOW));
    assert.ok(!startDiffers(at(-9), at(-1), NOW));
    assert.ok(!startDiffers(at(-9), null, NOW));
    assert.ok(!startDiffers(at(9), at(-1), NOW));
    assert.ok(!startDiffers(at(9), at(9), NOW));
    assert.ok(startDiffers(at(9), at(8), NOW));
  });
});

describe("hasEnded", () => {
  it("is true from the end on", () => {
    assert.ok(hasEnded(at(0), NOW));
    assert.ok(!hasEnded(at(1), NOW));
    assert.ok(!hasEnded(null, NOW));
    assert.equal(endFrom({ duration: "P1D" }, NOW), at(1));
  });
});
