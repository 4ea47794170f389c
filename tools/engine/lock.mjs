// A lock between processes: a directory, which only one can make. Its owner keeps it fresh; a lock whose
// owner died or fell silent is taken over.

import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

const heartbeat = 5_000;
const silence = 60_000;

/** Runs `work` while no other process holds the lock `directory`; waits for it as long as its owner lives. */
export async function withLock(directory, say, work) {
  mkdirSync(dirname(directory), { recursive: true });
  while (!take(directory)) {
    if (isStale(directory)) {
      breakLock(directory);
    } else {
      say(`another run (process ${owner(directory)?.pid ?? "unknown"}) is at it, waiting`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  const beat = setInterval(() => touch(directory), heartbeat);
  const release = () => rmSync(directory, { recursive: true, force: true });
  process.on("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off("exit", release);
    release();
  }
}

function take(directory) {
  try {
    mkdirSync(directory);
  } catch (error) {
    if (error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
  writeFileSync(
    join(directory, "owner.json"),
    JSON.stringify({ pid: process.pid, host: hostname() }),
  );
  return true;
}

function isStale(directory) {
  const holder = owner(directory);
  if (holder?.host === hostname() && !isAlive(holder.pid)) {
    return true;
  }
  try {
    return Date.now() - statSync(directory).mtimeMs > silence;
  } catch {
    return false;
  }
}

/** Moves a dead lock away: of several that find it stale, one succeeds. A new owner's lock goes back. */
function breakLock(directory) {
  const aside = `${directory}.stale-${process.pid}`;
  if (!moved(directory, aside)) {
    return;
  }
  if (isStale(aside) || !moved(aside, directory)) {
    rmSync(aside, { recursive: true, force: true });
  }
}

function moved(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code)) {
      return false;
    }
    throw error;
  }
}

function touch(directory) {
  try {
    utimesSync(directory, new Date(), new Date());
  } catch (error) {
    if (error.code !== "ENOENT") {
      throw error;
    }
  }
}

function owner(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, "owner.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Whether a process with this id runs on this machine. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
