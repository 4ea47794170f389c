// Where an engine is kept between runs: one directory per version in the user's cache.

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../processes.mjs";
import { isAlive } from "./lock.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** What a built engine needs beside the binary: target name and our source. */
const companions = {
  "pulumi-language-nodejs": "language-host.cjs",
  "pulumi-resource-pulumi-nodejs": "pulumi-resource-pulumi-nodejs",
};

/** The file that says where the engine beside it came from. */
const originFile = "origin.json";

/** The directory of all engines we got. */
export function engineCache() {
  return join(userCache(), "pulumi-entra-pim", "engine");
}

/** The name of the engine's binary on this platform. */
export const binaryName = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/** The engine of that version in the cache, if there is one that runs. */
export async function cachedEngine(version) {
  const directory = join(engineCache(), version);
  const path = join(directory, binaryName);
  if (!existsSync(join(directory, originFile))) {
    return undefined;
  }
  const { source } = JSON.parse(readFileSync(join(directory, originFile), "utf8"));
  const { code } = await run(path, ["version"], { timeout: 20_000, env: quiet(process.env) });
  return code === 0 ? { version, path, directory, source } : undefined;
}

/** Puts a complete engine directory into its place at once; of two that come together, one wins. */
export function keepEngine(directory, { version, root, source }) {
  writeFileSync(join(directory, originFile), `${JSON.stringify({ version, source })}\n`);
  const target = join(root, version);
  rmSync(target, { recursive: true, force: true });
  renameSync(directory, target);
}

/** Makes a new working directory beside the engines, on the same disk, so that a rename can move it. */
export function workDirectory(root, purpose) {
  const directory = join(root, `.${purpose}-${process.pid}-${Date.now().toString(36)}`);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Removes working directories of runs that were killed. */
export function removeLeftovers(root) {
  for (const name of readdirSync(root)) {
    const pid = /^\.(?:build|download)-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      rmSync(join(root, name), { recursive: true, force: true });
    }
  }
}

/** Writes our language host and the launcher of dynamic providers beside a built engine, where they differ. */
export function installCompanions(directory) {
  for (const [name, source] of Object.entries(companions)) {
    const target = join(directory, name);
    const wanted = join(here, source);
    if (existsSync(target) && readFileSync(target).equals(readFileSync(wanted))) {
      continue;
    }
    const fresh = `${target}.${process.pid}`;
    copyFileSync(wanted, fresh);
    chmodSync(fresh, 0o755);
    renameSync(fresh, target);
  }
}

/** The environment for asking a CLI for its version: it must not look for news meanwhile. */
export function quiet(environment) {
  return { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
}

function userCache() {
  if (process.env.XDG_CACHE_HOME) {
    return process.env.XDG_CACHE_HOME;
  }
  if (process.platform === "darwin") {
    return join(homedir(), "Library", "Caches");
  }
  if (process.platform === "win32") {
    return process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  }
  return join(homedir(), ".cache");
}
