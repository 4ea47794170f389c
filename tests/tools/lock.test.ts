import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

describe("withLock", () => {
  let directory: string;
  let lock: string;
  const withLock = async <Result>(work: () => Promise<Result>, say = (_text: string) => {}) =>
    await (await import("../../tools/engine/lock.mjs")).withLock(lock, say, work);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "entra-pim-lock-"));
    lock = join(directory, "lock");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("lets one run work at a time, and says that the other waits", async () => {
    const said: string[] = [];
    let inside = 0;
    const work = async () => {
      inside += 1;
      assert.equal(inside, 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      inside -= 1;
    };
    const say = (text: string) => said.push(text);
    await Promise.all([withLock(work, say), withLock(work, say)]);
    assert.match(said[0] ?? "", new RegExp(`process ${process.pid}`));
    assert.equal(existsSync(lock), false);
  });

  it("is given back when the work fails", async () => {
    await assert.rejects(
      withLock(() => Promise.reject(new Error("no compiler"))),
      /no compiler/,
    );
    assert.equal(existsSync(lock), false);
  });

  it("takes over the lock of a process that is gone", async () => {
    mkdirSync(lock);
    const gone = 2 ** 22 + 1;
    writeFileSync(join(lock, "owner.json"), JSON.stringify({ pid: gone, host: hostname() }));
    assert.equal(await withLock(() => Promise.resolve("done")), "done");
  });

  it("takes over the lock of another machine that fell silent", async () => {
    mkdirSync(lock);
    writeFileSync(join(lock, "owner.json"), JSON.stringify({ pid: 1, host: "another" }));
    const longAgo = new Date(Date.now() - 5 * 60_000);
    utimesSync(lock, longAgo, longAgo);
    assert.equal(await withLock(() => Promise.resolve("done")), "done");
  });
});
