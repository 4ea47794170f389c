import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isPrivateFolder, readPrivateJson, writePrivateJson } from "./private-folder";
import type { AccessToken } from "./token-source";

/** Keeps a person's access tokens from one process to the next: a preview and its update are two. */
export interface TokenCache {
  /** Where they are kept, for messages. */
  readonly folder: string;
  read(key: string): AccessToken | undefined;
  write(key: string, token: AccessToken): void;
  clear(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the cache of this user of the machine; undefined where it is switched off (`ENTRA_PIM_TOKEN_CACHE=off`) or
 * where others could read or plant tokens. Only access tokens are kept, which end within the hour or so, never what
 * renews them.
 */
export function openTokenCache(env: Environment): TokenCache | undefined {
  const folder = folderIn(env);
  if (folder === undefined || !isPrivateFolder(folder)) return undefined;
  return {
    folder,
    read: (key) => readToken(fileOf(folder, key)),
    write: (key, token) => writeToken(fileOf(folder, key), token),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function folderIn(env: Environment): string | undefined {
  const { ENTRA_PIM_TOKEN_CACHE: named, XDG_RUNTIME_DIR: runtime } = env;
  if (named !== undefined && /^(off|false|0)$/i.test(named)) return undefined;
  if (named) return named;
  // Emptied at the end of the session, and in memory: the better place where there is one.
  return runtime ? join(runtime, "entra-pim") : join(homedir(), ".entra-pim", "tokens");
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
}

function readToken(file: string): AccessToken | undefined {
  const { token, expiresOnTimestamp } = (readPrivateJson(file) ?? {}) as Partial<AccessToken>;
  if (typeof token !== "string" || typeof expiresOnTimestamp !== "number") return undefined;
  return { token, expiresOnTimestamp };
}

/** A token that cannot be kept costs another sign-in, nothing else. */
function writeToken(file: string, { token, expiresOnTimestamp }: AccessToken): void {
  writePrivateJson(file, { token, expiresOnTimestamp });
}
