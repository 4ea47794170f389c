import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "./run";

/** Who declares what, among all processes of one run. */
export class Ledger {
  private readonly own = new Map<string, string>();
  private folder: Promise<string> | undefined;

  constructor(private readonly run: Run) {}

  /** Claims an identity; answers the other owner who holds it, if there is one. Claiming again changes nothing. */
  async claim(identity: string, owner: string): Promise<string | undefined> {
    const other = await this.ownerOf(identity);
    if (other !== undefined) return other === owner ? undefined : other;
    this.own.set(identity, owner);
    await writeWhole(await this.path(identity), JSON.stringify({ owner, pid: process.pid }));
    return undefined;
  }

  /** The owner who declared an identity in this run. */
  async ownerOf(identity: string): Promise<string | undefined> {
    const own = this.own.get(identity);
    if (own !== undefined) return own;
    const claim = await readClaim(await this.path(identity));
    return claim !== undefined && isAlive(claim.pid) ? claim.owner : undefined;
  }

  private async path(identity: string): Promise<string> {
    this.folder ??= this.run.folder().then(async (folder) => {
      const claims = join(folder, "claims");
      await mkdir(claims, { recursive: true });
      return claims;
    });
    return join(await this.folder, createHash("sha256").update(identity).digest("hex"));
  }
}

interface Claim {
  owner: string;
  pid: number;
}

async function readClaim(path: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Claim;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whole or not at all: another process may read at any moment. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text);
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/**
 * A claim counts while its process lives. The folder is named after the engine's address, and an address may come
 * back with a later run: claims of processes that have ended belong to an earlier one.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
