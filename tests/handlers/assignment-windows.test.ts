import assert from "node:assert/strict";
import { inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const DAY_MS = 86_400_000;
const role = ROLES.exchangeAdministrator;

describe("the window of an assignment", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;
  let ann: string;

  beforeEach(async () => {
    at = await EmulatedTenant.start();
    ann = await at.user("ann");
    at.forgetRequests();
  });
  afterEach(() => at.close());

  const eligible = (more: object = {}) =>
    new Life("EligibleAssignment", {
      directoryRole: { role },
      principal: { user: "ann@contoso.com" },
      expiration: { duration: "P90D" },
      justification: "CHG-1",
      ...more,
    });
  const days = (end: string | null | undefined) =>
    Math.round((Date.parse(end ?? "") - at.now()) / DAY_MS);
  const endOfAnn = async () => (await at.ends("eligible", role))[ann];

  it("becomes an absolute end once, which a repair sends again", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    const end = await endOfAnn();
    assert.equal(days(end), 90);
    at.advance("P10D");
    await at.request("eligible", "adminRemove", ann, role);
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(life.outputs.status, "removed");
      assert.deepEqual(await life.plan(run), ["live"]);
    });
    assert.deepEqual(life.inputs.live, "removed");
    await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
    assert.ok(Math.abs(Date.parse((await endOfAnn()) ?? "") - Date.parse(end ?? "")) < 1000);
    await inRun(at, async (run) => assert.equal(await life.up(run), "same"));
  });

  it("counts an edited duration from the recorded start", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    at.advance("P10D");
    life.declared.expiration = { duration: "P30D" };
    await inRun(at, async (run) => assert.deepEqual(await life.plan(run), ["expiration"]));
    await inRun(at, (run) => life.up(run));
    assert.equal(days(await endOfAnn()), 20);
    life.declared.expiration = { duration: "P5D" };
    const over =
      /^HostError: EligibleAssignment "x": .*expiration: got .*P5D.*expected at least five minutes from now .*; remove the assignment to end it, or give a longer duration or expiration.endsAt$/;
    await assert.rejects(
      inRun(at, (run) => life.plan(run)),
      over,
    );
    assert.equal(days(await endOfAnn()), 20);
    life.declared.expiration = { duration: "P30D" };
    await inRun(at, async (run) => assert.equal(await life.up(run), "same"));
  });

  it("is refused in the preview where a duration takes the place of permanence and is over", async () => {
    const life = eligible({ expiration: { permanent: true } });
    await inRun(at, (run) => life.up(run));
    at.advance("P200D");
    life.declared.expiration = { duration: "P90D" };
    await assert.rejects(
      inRun(at, (run) => life.plan(run)),
      /got {"duration":"P90D"}, which counted from its start ends at /,
    );
    life.declared.expiration = { duration: "P230D" };
    await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
    assert.equal(days(await endOfAnn()), 30);
  });

  it("counts an edited duration from the same start also after a repair", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    at.advance("P10D");
    await at.request("eligible", "adminRemove", ann, role);
    await inRun(at, async (run) => {
      await life.refresh(run);
      await life.up(run);
    });
    assert.equal(days(await endOfAnn()), 80);
    life.declared.expiration = { duration: "P91D" };
    await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
    assert.equal(days(await endOfAnn()), 81);
  });

  it("keeps the shortened end of an adopted one, without a request", async () => {
    const expiration = { type: "afterDuration", duration: "P20D" };
    await at.request("eligible", "adminAssign", ann, role, { expiration });
    at.forgetRequests();
    const life = eligible();
    const said = await inRun(at, (run) => life.up(run));
    assert.deepEqual(at.writes(), []);
    assert.equal(days(await endOfAnn()), 20);
    assert.equal(life.outputs.adopted, true);
    assert.equal(days(life.inputs.existing.endsAt), 20);
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /ann@contoso.com eligible for Exchange Administrator: was held already \(since .*, until .*\), now managed here/,
    );
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });
  });

  for (const [what, expiration] of [
    ["an instant", { endsAt: "2031-01-01T00:00:00Z" }],
    ["permanence", { permanent: true }],
  ] as const) {
    it(`writes ${what} over an adopted end with one update, and shows what was there`, async () => {
      await at.request("eligible", "adminAssign", ann, role, {
        expiration: { type: "afterDuration", duration: "P20D" },
      });
      at.forgetRequests();
      const life = eligible({ expiration });
      await inRun(at, (run) => life.up(run));
      assert.equal(at.writes().length, 1);
      assert.equal(days(life.inputs.existing.endsAt), 20);
      const end = await endOfAnn();
      assert.equal(
        end === null ? null : new Date(end ?? "").toISOString(),
        "endsAt" in expiration ? "2031-01-01T00:00:00.000Z" : null,
      );
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.equal(await life.up(run), "same");
      });
    });
  }

  it("counts from adoption where a permanent one is taken over with a duration", async () => {
    await at.request("eligible", "adminAssign", ann, role);
    at.advance("P30D");
    at.forgetRequests();
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    assert.equal(at.writes().length, 1);
    assert.equal(days(await endOfAnn()), 90);
    assert.equal(life.inputs.existing.endsAt, null);
    at.advance("P10D");
    for (const [length, left] of [
      ["P120D", 110],
      ["P100D", 90],
    ] as const) {
      life.declared.expiration = { duration: length };
      await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
      assert.equal(days(await endOfAnn()), left);
    }
  });

  it("is left ended without an error after its own end", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    at.advance("P91D");
    at.forgetRequests();
    await inRun(at, async (run) => assert.equal(await life.up(run), "same"));
    await inRun(at, async (run) => {
      assert.equal(await life.refresh(run), true);
      assert.equal(life.outputs.status, "expired");
      assert.equal(await life.up(run), "same");
    });
    life.declared.onDelete = "keep";
    await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
    assert.equal(life.outputs.status, "expired");
    assert.deepEqual(at.writes(), []);
    life.declared.onDelete = "remove";
    await inRun(at, (run) => life.up(run));
    await inRun(at, (run) => life.delete(run));
    assert.deepEqual(at.writes(), []);
  });

  for (const refreshed of [false, true]) {
    it(`begins anew after its own end with onExpired renew${refreshed ? "" : ", also without a refresh"}`, async () => {
      const life = eligible({ onExpired: "renew" });
      await inRun(at, (run) => life.up(run));
      at.advance("P100D");
      await inRun(at, async (run) => {
        if (refreshed) await life.refresh(run);
        assert.deepEqual(await life.plan(run), ["(due)"]);
        assert.equal(await life.up(run), "update");
      });
      assert.equal(days(await endOfAnn()), 90);
      await inRun(at, async (run) => assert.equal(await life.up(run), "same"));
    });
  }

  it("is a new grant when it is edited after its end", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    at.advance("P100D");
    life.declared.expiration = { duration: "P30D" };
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.deepEqual(await life.plan(run), ["expiration"]);
      await life.up(run);
    });
    assert.equal(days(await endOfAnn()), 30);
  });

  it("stays removed with onRemoved keep, and is granted again when restore is chosen", async () => {
    const life = eligible({ onRemoved: "keep" });
    await inRun(at, (run) => life.up(run));
    at.advance("PT1H");
    await at.request("eligible", "adminRemove", ann, role);
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });
    assert.equal(life.outputs.status, "removed");
    life.declared.justification = "another text";
    await inRun(at, async (run) => assert.equal(await life.up(run), "same"));
    life.declared.onDelete = "keep";
    await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
    assert.deepEqual(await at.rows("eligible", role), []);
    life.declared.onRemoved = "restore";
    await inRun(at, async (run) => {
      assert.deepEqual(await life.plan(run), ["live", "onRemoved"]);
      await life.up(run);
    });
    assert.equal((await at.rows("eligible", role)).length, 1);
  });

  it("does not undo a removal that onRemoved keep accepts, even when nobody refreshed", async () => {
    const life = eligible({ onRemoved: "keep" });
    await inRun(at, (run) => life.up(run));
    at.advance("PT1H");
    await at.request("eligible", "adminRemove", ann, role);
    life.declared.expiration = { duration: "P60D" };
    await inRun(at, (run) => life.up(run));
    assert.deepEqual(await at.rows("eligible", role), []);
    assert.equal(life.outputs.status, "removed");
  });

  it("names expiration when somebody shortened it, and repairs it to the recorded end", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    const end = await endOfAnn();
    at.advance("PT1H");
    await at.request("eligible", "adminUpdate", ann, role, {
      expiration: { type: "afterDuration", duration: "P7D" },
    });
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.deepEqual(Object.keys(life.inputs.expiration), ["endsAt"]);
      assert.deepEqual(await life.plan(run), ["expiration"]);
      await life.up(run);
    });
    assert.ok(Math.abs(Date.parse((await endOfAnn()) ?? "") - Date.parse(end ?? "")) < 1000);
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });
  });

  it("may begin in the future, and is cancelled before it does", async () => {
    const startsAt = new Date(at.now() + 5 * DAY_MS).toISOString();
    const life = eligible({ startsAt, expiration: { duration: "P10D" } });
    await inRun(at, (run) => life.up(run));
    assert.equal(life.outputs.status, "scheduled");
    assert.equal(days(life.outputs.endsAt), 15);
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });
    at.forgetRequests();
    await inRun(at, (run) => life.delete(run));
    assert.match(at.writes().join(), /cancel$/);
    assert.deepEqual(await at.rows("eligible", role), []);
  });

  for (const [from, to] of [
    [40, 100],
    [100, 40],
  ] as const) {
    it(`keeps its length when its start moves from ${from} days ahead to ${to}`, async () => {
      const ahead = (count: number) => new Date(at.now() + count * DAY_MS).toISOString();
      const life = eligible({ startsAt: ahead(from), expiration: { duration: "P30D" } });
      await inRun(at, (run) => life.up(run));
      life.declared.startsAt = ahead(to);
      await inRun(at, async (run) => {
        assert.deepEqual(await life.plan(run), ["startsAt"]);
        assert.equal(await life.up(run), "update");
      });
      assert.equal(days(life.outputs.startsAt), to);
      assert.equal(days(await endOfAnn()), to + 30);
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.equal(await life.up(run), "same");
      });
      await at.request("eligible", "adminRemove", ann, role);
      life.declared.startsAt = ahead(70);
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.equal(await life.up(run), "update");
      });
      assert.equal(days(await endOfAnn()), 100);
    });
  }

  it("is taken over as it is under another name before it begins", async () => {
    const startsAt = new Date(at.now() + 40 * DAY_MS).toISOString();
    const window = { startsAt, expiration: { duration: "P30D" } };
    await inRun(at, (run) => eligible(window).up(run));
    const before = await at.rows("eligible", role);
    at.forgetRequests();
    const renamed = new Life("EligibleAssignment", eligible(window).declared, "y");
    await inRun(at, (run) => renamed.up(run));
    assert.deepEqual(await at.rows("eligible", role), before);
    assert.deepEqual(at.writes(), []);
  });

  it("counts from the start that is declared where somebody's later one is taken over", async () => {
    const ahead = (count: number) => new Date(at.now() + count * DAY_MS).toISOString();
    const found = { type: "afterDuration", duration: "P5D" };
    for (const [startsAt, length] of [
      [ahead(40), 30],
      [undefined, 5],
    ] as const) {
      await at.request("eligible", "adminAssign", ann, role, {
        startDateTime: ahead(10),
        expiration: found,
      });
      const life = eligible({ startsAt, expiration: { duration: "P30D" } });
      await inRun(at, (run) => life.up(run));
      const start = startsAt === undefined ? 10 : 40;
      assert.equal(days(life.outputs.endsAt), start + length);
      await at.request("eligible", "adminRemove", ann, role);
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.equal(await life.up(run), "update");
      });
      assert.deepEqual(
        [days(life.outputs.startsAt), days(await endOfAnn())],
        [start, start + length],
      );
      await inRun(at, (run) => life.delete(run));
    }
  });

  it("is not refused because the start that it was declared with has passed meanwhile", async () => {
    const startsAt = new Date(at.now() + 5 * DAY_MS).toISOString();
    const life = eligible({ startsAt, expiration: { duration: "P10D" } });
    await inRun(at, (run) => life.up(run));
    at.advance("P6D");
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });
    assert.equal(life.outputs.status, "provisioned");
    life.declared.expiration = { duration: "P20D" };
    await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
    assert.equal(days(await endOfAnn()), 19);
    await at.request("eligible", "adminRemove", ann, role);
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "update");
    });
    assert.equal(days(await endOfAnn()), 19);
    await inRun(at, async (run) => assert.equal(await life.up(run), "same"));
  });

  it("cannot begin later once it has begun", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    life.declared.startsAt = new Date(at.now() + 5 * DAY_MS).toISOString();
    await assert.rejects(
      inRun(at, (run) => life.up(run)),
      /startsAt: got .*, expected no start: it has begun/,
    );
    await at.request("eligible", "adminAssign", await at.user("bob"), role);
    const adopted = eligible({
      principal: { user: "bob@contoso.com" },
      startsAt: life.declared.startsAt,
    });
    await assert.rejects(
      inRun(at, (run) => adopted.up(run)),
      /startsAt: got .*, expected no start: it has begun/,
    );
  });

  it("does not differ in spelling, texts, fractions, ids or after the requests are purged", async () => {
    const life = eligible({
      expiration: { duration: "P90D" },
      ticket: { number: "1", system: "x" },
    });
    await inRun(at, (run) => life.up(run));
    Object.assign(life.declared, {
      expiration: { duration: "PT2160H" },
      principal: { user: "ANN@contoso.com" },
      directoryRole: { role: "exchange ADMINISTRATOR" },
      justification: "another",
      ticket: { number: "2" },
      limits: { requireMfa: false },
      owner: "test/dev/EligibleAssignment/renamed",
    });
    await inRun(at, async (run) => assert.equal(await life.up(run), "same"));
    at.advance("P46D");
    at.control.purgeRequests();
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });
    await at.request("eligible", "adminRemove", ann, role);
    await at.request("eligible", "adminAssign", ann, role, {
      expiration: { type: "afterDateTime", endDateTime: life.outputs.endsAt },
    });
    const before = life.outputs.scheduleId;
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });
    assert.notEqual(life.outputs.scheduleId, before);
    await inRun(at, (run) => life.delete(run));
    assert.deepEqual(await at.rows("eligible", role), []);
  });
});
