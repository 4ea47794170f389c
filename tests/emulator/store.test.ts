import assert from "node:assert/strict";
import { Collection } from "../../src/emulator/store";
import { Timeline } from "../../src/emulator/timeline";

interface Thing {
  id: string;
  kind: string;
}

describe("Collection", () => {
  let now = 0;
  let delay = 0;
  let things: Collection<Thing>;

  beforeEach(() => {
    now = 1000;
    delay = 0;
    things = new Collection<Thing>(
      { now: () => now, delay: () => delay },
      { kind: (thing) => thing.kind },
    );
  });

  const seen = (hint = {}) => [...things.scan(hint)].map((row) => row.value.id);

  it("keeps the order of making through updates and removals", () => {
    for (const id of ["a", "b", "c"]) things.put({ id, kind: "x" });
    things.put({ id: "a", kind: "y" });
    things.remove("b");
    assert.deepEqual(seen(), ["a", "c"]);
    assert.deepEqual(
      [...things.by("kind", "X")].map((thing) => thing.id),
      ["c"],
    );
  });

  it("goes on after a place although rows went before it", () => {
    for (let index = 0; index < 300; index += 1) things.put({ id: String(index), kind: "x" });
    const place = [...things.scan()][99]?.seq ?? 0;
    for (let index = 0; index < 250; index += 1) if (index !== 100) things.remove(String(index));
    assert.equal(seen({ after: place })[0], "100");
    assert.equal(seen({ key: "kind", value: "x", after: place }).length, 51);
  });

  it("shows writes to readers after the delay, each version in its turn", () => {
    delay = 10;
    things.put({ id: "a", kind: "old" });
    assert.deepEqual([things.get("a")?.kind, things.read("a")], ["old", undefined]);
    now += 5;
    things.put({ id: "a", kind: "new" });
    now += 5;
    assert.equal(things.read("a")?.kind, "old");
    now += 5;
    assert.equal(things.read("a")?.kind, "new");
    things.remove("a");
    assert.deepEqual([things.get("a"), things.read("a")?.kind], [undefined, "new"]);
    now += 10;
    assert.deepEqual([things.read("a"), seen()], [undefined, []]);
  });

  it("shows what is settled at once", () => {
    delay = 10;
    things.put({ id: "a", kind: "x" }, true);
    assert.equal(things.read("a")?.kind, "x");
  });
});

describe("Timeline", () => {
  it("runs what is due, oldest first, also what is added meanwhile", () => {
    const timeline = new Timeline();
    const ran: number[] = [];
    for (const at of [5, 1, 9, 3, 7]) timeline.add(at, () => void ran.push(at));
    timeline.add(2, () => timeline.add(4, () => void ran.push(4)));
    timeline.settle(7);
    assert.deepEqual(ran, [1, 3, 4, 5, 7]);
  });
});
