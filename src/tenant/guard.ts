import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive, processMark } from "./process-mark";
import type { Run } from "./run";

/** How often a process that waits for its turn looks again. */
const LOOK_AGAIN_MS = 50;

/** How long a maker may take to put its mark into the folder. */
const UNMARKED_MS = 10_000;

/**
 * One decision at a time among all processes of a run. Deletes run in parallel, and each of two could find the other's
 * holder still there: so a decision and its write happen under one lock, and what was removed under it counts as gone.
 */
export class Guard {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly run: Run) {}

  /** Runs the work alone; it gets the names removed so far in this run, and may add to them. */
  alone<T>(work: (removed: Removals) => Promise<T>): Promise<T> {
    const next = this.turn.then(() => this.locked(work));
    this.turn = next.catch(() => undefined);
    return next;
  }

  private async locked<T>(work: (removed: Removals) => Promise<T>): Promise<T> {
    const folder = await this.run.folder();
    const lock = join(folder, "lock");
    while (!(await take(lock))) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    try {
      return await work(await Removals.open(join(folder, "removed")));
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
}

/** The assignments that this run has removed, by identity. */
class Removals {
  private constructor(
    private readonly folder: string,
    readonly identities: ReadonlySet<string>,
  ) {}

  static async open(folder: string): Promise<Removals> {
    await mkdir(folder, { recursive: true });
    const entries = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const { identity, process } = JSON.parse(
          await readFile(join(folder, name), "utf8"),
        ) as Removal;
        return isAlive(process) ? identity : undefined;
      }),
    );
    return new Removals(folder, new Set(entries.filter((entry) => entry !== undefined)));
  }

  async add(identity: string): Promise<void> {
    const removal: Removal = { identity, process: processMark() };
    const name = createHash("sha256").update(identity).digest("hex");
    await writeFile(join(this.folder, name), JSON.stringify(removal));
  }
}

interface Removal {
  identity: string;
  process: string;
}

/** A folder can be made by one process only; one whose maker has died is taken over. */
async function take(lock: string): Promise<boolean> {
  const holder = join(lock, "process");
  try {
    await mkdir(lock);
    await writeFile(holder, processMark());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const mark = await readFile(holder, "utf8").catch(() => "");
  const isLeft = mark === "" ? await isOlder(lock, UNMARKED_MS) : !isAlive(mark);
  if (isLeft) await rm(lock, { recursive: true, force: true });
  return false;
}

async function isOlder(path: string, ms: number): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs > ms;
}
