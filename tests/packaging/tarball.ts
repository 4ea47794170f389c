// The package as npm would publish it.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { repositoryRoot } from "../e2e/harness/repository";

/** A packed package in a directory of its own. */
export interface Tarball {
  readonly directory: string;
  readonly file: string;
  /** The paths of the packed files. */
  readonly files: readonly string[];
  /** Removes the directory, with all that tests put there. */
  remove(): void;
}

/** Packs `dist` as it stands; building it is the task of the bootstrap. */
export async function packPackage(): Promise<Tarball> {
  const directory = mkdtempSync(join(tmpdir(), "entra-pim-pack-"));
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", directory];
  const [packed] = JSON.parse(await runNpm(args, repositoryRoot)) as [
    { filename: string; files: { path: string }[] },
  ];
  return {
    directory,
    file: join(directory, packed.filename),
    files: packed.files.map(({ path }) => path),
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Runs npm in a directory and answers what it printed; throws with its output when it fails. */
export async function runNpm(args: readonly string[], directory: string): Promise<string> {
  const windows = process.platform === "win32";
  const { stdout } = await promisify(execFile)(windows ? "npm.cmd" : "npm", args, {
    cwd: directory,
    shell: windows,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, npm_config_loglevel: "error", npm_config_update_notifier: "false" },
  });
  return stdout;
}
