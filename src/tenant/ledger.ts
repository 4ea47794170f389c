import {
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Run } from "./run";

/**
 * Who declares what, among all processes of one run: each keeps a journal of its claims in the run's folder and reads
 * the others' when they have grown. Claims are a few microseconds each; `check` is called one at a time.
 */
export class Ledger {
  private readonly own = new Map<string, string>();
  private readonly held = new Set<string>();
  private readonly others = new Map<number, Journal>();
  private journal: { folder: string; file: number } | undefined;

  constructor(private readonly run: Run) {}

  /** Claims an identity; answers the other owner who holds it, if there is one. Claiming again changes nothing. */
  async claim(identity: string, owner: string): Promise<string | undefined> {
    const known = this.own.get(identity);
    if (known !== undefined) return known === owner ? undefined : known;
    const { file } = await this.open();
    // Written before the others are read: of two processes that claim at the same moment one at least sees the other.
    writeSync(file, `${JSON.stringify([identity, owner])}\n`);
    this.own.set(identity, owner);
    const other = this.ownerElsewhere(identity);
    if (other === undefined || other === owner) return undefined;
    this.own.delete(identity);
    return other;
  }

  /** The owner who declared an identity in this run. */
  async ownerOf(identity: string): Promise<string | undefined> {
    await this.open();
    return this.own.get(identity) ?? this.ownerElsewhere(identity);
  }

  /** Notes that the owner of a claimed identity has come to hold it. */
  hold(identity: string): void {
    this.held.add(identity);
  }

  /** Whether it does; what another process claimed is taken as held. */
  isHeld(identity: string): boolean {
    return this.held.has(identity) || !this.own.has(identity);
  }

  private ownerElsewhere(identity: string): string | undefined {
    if (this.journal === undefined) return undefined;
    for (const name of readdirSync(this.journal.folder)) {
      const pid = Number(name);
      if (pid === process.pid) continue;
      const owner = this.readJournal(join(this.journal.folder, name), pid).get(identity);
      if (owner !== undefined && isAlive(pid)) return owner;
    }
    return undefined;
  }

  private readJournal(path: string, pid: number): ReadonlyMap<string, string> {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const known = this.others.get(pid);
    if (known?.size === size) return known.claims;
    const claims = new Map<string, string>();
    for (const line of size === 0 ? [] : readFileSync(path, "utf8").split("\n")) {
      const claim = parseClaim(line);
      if (claim !== undefined) claims.set(...claim);
    }
    this.others.set(pid, { size, claims });
    return claims;
  }

  private async open(): Promise<{ folder: string; file: number }> {
    if (this.journal !== undefined) return this.journal;
    const folder = join(await this.run.folder(), "claims");
    mkdirSync(folder, { recursive: true });
    removeDead(folder);
    this.journal ??= { folder, file: openSync(join(folder, String(process.pid)), "w", 0o600) };
    return this.journal;
  }
}

interface Journal {
  size: number;
  claims: ReadonlyMap<string, string>;
}

/** The last line of a journal that is being written may be half there. */
function parseClaim(line: string): [string, string] | undefined {
  try {
    return JSON.parse(line) as [string, string];
  } catch {
    return undefined;
  }
}

/** The folder is named after the engine's address, and an address may come back with a later run. */
function removeDead(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!isAlive(Number(name))) rmSync(join(folder, name), { force: true });
  }
}

/** A claim counts while its process lives: claims of processes that have ended belong to an earlier run. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
