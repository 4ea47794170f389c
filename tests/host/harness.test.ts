import assert from "node:assert/strict";
import { DynamicHost, HostError, unknown } from "./harness";

/** A provider that answers with what it was given, so that every way through the host is seen. */
const echo = () => `exports.handler = () => ({
  configure: ({ config }) => { exports.tenant = config.get("entra-pim:tenantId"); },
  check: async (olds, { __provider, ...news }) => news.bad
    ? { inputs: news, failures: [{ property: "bad", reason: "is bad" }] } : { inputs: { ...news, was: olds.note ?? null } },
  diff: async (id, olds, news) => ({ changes: olds.note === news.note ? false : undefined, replaces: ["note"] }),
  create: async ({ note }) => {
    if (note === "fails") throw new Error("no such tenant");
    if (note === "half") throw Object.assign(new Error("half"), { id: "1", properties: { note }, reasons: ["not settled"] });
    console.log("created " + note);
    return { id: "1", outs: { note, tenant: exports.tenant } };
  },
  read: async (id, { note }) => note === "gone" ? {} : { id, props: { note: "live" }, inputs: { note: "live" } },
  update: async (id, olds, { note }) => ({ outs: { note, old: olds.note } }),
  delete: async (id) => { if (id !== "1") throw new Error("no object " + id); },
});`;

describe("DynamicHost", function () {
  this.timeout(30_000);
  let host: DynamicHost;

  for (const throughLauncher of [false, true]) {
    describe(throughLauncher ? "started by Pulumi's launcher" : "started directly", () => {
      before(async () => {
        host = await DynamicHost.start({
          provider: echo,
          throughLauncher,
          config: { "entra-pim:tenantId": "t1" },
        });
      });
      after(() => host.close());

      it("checks and diffs, with unknowns", async () => {
        assert.deepEqual(await host.check("Echo", { note: unknown }, { note: "a" }), {
          inputs: { note: unknown, was: "a" },
          failures: [],
        });
        assert.deepEqual((await host.check("Echo", { bad: true })).failures, [
          { property: "bad", reason: "is bad" },
        ]);
        assert.equal((await host.diff("Echo", "1", { note: "a" }, { note: "a" })).changes, "none");
        assert.deepEqual(await host.diff("Echo", "1", { note: "a" }, { note: "b" }), {
          changes: "unknown",
          replaces: ["note"],
          deleteBeforeReplace: false,
        });
      });

      it("creates, reads, updates and deletes", async () => {
        assert.deepEqual(await host.create("Echo", { note: "a" }), {
          id: "1",
          outs: { note: "a", tenant: "t1" },
        });
        assert.match(host.output, /created a/);
        assert.deepEqual(await host.read("Echo", "1", { note: "a" }), {
          id: "1",
          outs: { note: "live" },
          inputs: { note: "live" },
        });
        assert.equal((await host.read("Echo", "1", { note: "gone" })).id, "");
        assert.deepEqual(await host.update("Echo", "1", { note: "a" }, { note: "b" }), {
          outs: { note: "b", old: "a" },
        });
        await host.delete("Echo", "1", { note: "b" });
        assert.ok(host.peakRssMb() > 30);
      });

      it("rejects with the message, and with what exists nevertheless", async () => {
        await assert.rejects(host.delete("Echo", "2", {}), /no object 2/);
        await assert.rejects(
          host.create("Echo", { note: "fails" }),
          new HostError("no such tenant", undefined),
        );
        await assert.rejects(host.create("Echo", { note: "half" }), {
          message: "half",
          partial: { id: "1", properties: { note: "half" }, reasons: ["not settled"] },
        });
      });
    });
  }
});
