import { createHash } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isPrivateFolder, readPrivateJson, writePrivateJson } from "../http/private-folder";

/**
 * What a state may never hear of, because its engine was killed after a write. An entry is made before the write and
 * removed once a state holds what it says. Each has a file of its own, and one resource has one run at a time.
 */
export interface Journal {
  read(key: string): unknown;
  write(key: string, entry: unknown): void;
  remove(key: string): void;
}

/** A run that was cut off is gone on with soon; what an older entry says may have been settled on another machine. */
const LONGEST_MS = 7 * 24 * 60 * 60_000;

/**
 * Opens the journal of this user of the machine: beside Pulumi's own files (`PULUMI_HOME`, else `~/.pulumi`), or where
 * `ENTRA_PIM_JOURNAL` says; `off` keeps none, and neither does a machine without a place for it.
 */
export function openJournal(env: Readonly<Record<string, string | undefined>>): Journal {
  const { ENTRA_PIM_JOURNAL: named, PULUMI_HOME: home } = env;
  const folder = named || join(home || join(homedir(), ".pulumi"), "entra-pim", "journal");
  if (/^(off|false|0)$/i.test(named ?? "") || !isPrivateFolder(folder)) return NONE;
  const fileOf = (key: string) =>
    join(folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
  return {
    read: (key) => (isRecent(fileOf(key)) ? readPrivateJson(fileOf(key)) : undefined),
    write: (key, entry) => void writePrivateJson(fileOf(key), entry),
    remove: (key) => rmSync(fileOf(key), { force: true }),
  };
}

function isRecent(file: string): boolean {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts !== undefined && Date.now() - facts.mtimeMs < LONGEST_MS;
}

const NONE: Journal = {
  read: () => undefined,
  write: () => undefined,
  remove: () => undefined,
};
