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
import { stackOf } from "../model/owner";
import { isAlive, processMark } from "./process-mark";
import type { Run } from "./run";

/**
 * Who declares what, among all processes of one run: each keeps a journal of its claims in the run's folder and reads
 * the others' when they have grown. Claims are a few microseconds each; `check` is called one at a time. A run is of one
 * stack, which its own claims name: what another stack's owner claimed was left by an earlier run at the same address,
 * and is not read. A state may name another stack, for stacks are renamed and resources moved between them.
 */
export class Ledger {
  private readonly own = new Map<string, string>();
  private readonly held = new Set<string>();
  private readonly others = new Map<string, Journal>();
  private journal: OwnJournal | undefined;
  /** Of this run; not known while this process claimed nothing. */
  private stack: string | undefined;

  constructor(private readonly run: Run) {}

  /** Claims an identity; answers the other owner who holds it, if there is one. Claiming again changes nothing. */
  async claim(identity: string, owner: string): Promise<string | undefined> {
    const known = this.own.get(identity);
    if (known !== undefined) return known === owner ? undefined : known;
    const { file } = await this.open();
    this.stack = stackOf(owner);
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
    if (this.held.has(identity)) return;
    this.held.add(identity);
    const owner = this.own.get(identity);
    if (this.journal !== undefined && owner !== undefined)
      writeSync(this.journal.file, `${JSON.stringify([identity, owner, HELD])}\n`);
  }

  /** Whether it does. */
  isHeld(identity: string): boolean {
    if (this.own.has(identity)) return this.held.has(identity);
    return this.claimElsewhere(identity)?.isHeld ?? true;
  }

  private ownerElsewhere(identity: string): string | undefined {
    return this.claimElsewhere(identity)?.owner;
  }

  private claimElsewhere(identity: string): Claim | undefined {
    if (this.journal === undefined) return undefined;
    for (const mark of readdirSync(this.journal.folder)) {
      if (mark === this.journal.mark) continue;
      const claim = this.readJournal(join(this.journal.folder, mark), mark).get(identity);
      if (claim !== undefined && this.isOfThisRun(claim.owner) && isAlive(mark)) return claim;
    }
    return undefined;
  }

  private isOfThisRun(owner: string): boolean {
    return this.stack === undefined || stackOf(owner) === this.stack;
  }

  private readJournal(path: string, mark: string): ReadonlyMap<string, Claim> {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const known = this.others.get(mark);
    if (known?.size === size) return known.claims;
    const claims = new Map<string, Claim>();
    for (const line of size === 0 ? [] : readFileSync(path, "utf8").split("\n")) {
      const claim = parseClaim(line);
      if (claim !== undefined) claims.set(...claim);
    }
    this.others.set(mark, { size, claims });
    return claims;
  }

  private async open(): Promise<OwnJournal> {
    if (this.journal !== undefined) return this.journal;
    const folder = join(await this.run.folder(), "claims");
    mkdirSync(folder, { recursive: true });
    removeDead(folder);
    const mark = processMark();
    this.journal ??= { folder, mark, file: openSync(join(folder, mark), "w", 0o600) };
    return this.journal;
  }
}

/** The last word of a journal's line whose owner has come to hold what it claimed. */
const HELD = "held";

interface Claim {
  owner: string;
  isHeld: boolean;
}

interface OwnJournal {
  folder: string;
  /** Of this process; what its file is called. */
  mark: string;
  file: number;
}

interface Journal {
  size: number;
  claims: ReadonlyMap<string, Claim>;
}

/** The last line of a journal that is being written may be half there. */
function parseClaim(line: string): [string, Claim] | undefined {
  try {
    const [identity = "", owner = "", word] = JSON.parse(line) as string[];
    return [identity, { owner, isHeld: word === HELD }];
  } catch {
    return undefined;
  }
}

/** The folder is named after the engine's address, and an address may come back with a later run. */
function removeDead(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!isAlive(name)) rmSync(join(folder, name), { force: true });
  }
}
