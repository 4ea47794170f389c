// A resource's life as the engine lives it, without the engine: each run has a process of its own, so it begins with nothing known.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DynamicProvider, dynamicProvider } from "../../src/handlers/provider";
import { resolveCredentials } from "../../src/http/credentials";
import { openConnection } from "../../src/http/open-connection";
import type { Kind } from "../../src/model/kinds";
import { openJournal } from "../../src/tenant/journal";
import { createTenant, guardTokens, type Tenant } from "../../src/tenant/tenant";
import type { EmulatedTenant } from "./tenant";

/** Properties of a resource. */
// biome-ignore lint/suspicious/noExplicitAny: bags of every shape, read by tests only
export type Bag = Record<string, any>;

/** One run of the engine: one connection, one ledger, one voice. */
export class HostRun {
  readonly said: string[] = [];
  /** What it waited for, in place of waiting. */
  readonly pauses: number[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "entra-pim-run-"));
  private opened: Promise<Tenant> | undefined;

  constructor(
    private readonly at: EmulatedTenant,
    private readonly options: {
      allowLockout?: string[];
      config?: Record<string, string>;
      onSleep?: (ms: number) => void;
      /** The folder of the machine's journal. @default - none is kept */
      journal?: string;
    } = {},
  ) {}

  provider(kind: Kind): DynamicProvider {
    return dynamicProvider(kind, () => this.tenant());
  }

  tenant(): Promise<Tenant> {
    this.opened ??= this.open();
    return this.opened;
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async open(): Promise<Tenant> {
    const { at, options } = this;
    const { config = {}, allowLockout = [] } = options;
    const plain: Record<string, string> = Object.fromEntries(
      Object.entries(at.config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : value.secret,
      ]),
    );
    const { settings, problems } = resolveCredentials({
      config: (key) => ({ ...plain, ...config })[key],
      env: {},
    });
    if (settings === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
    const connection = await openConnection(settings, {});
    return createTenant({
      connection: { ...connection, tokens: guardTokens(connection.tokens, connection.tenantId) },
      clock: {
        now: () => at.now(),
        // Waiting moves the tenant's clock instead of ours.
        sleep: async (ms) => {
          this.pauses.push(ms);
          options.onSleep?.(ms);
          at.advance(`PT${Math.max(1, Math.ceil(ms / 1000))}S`);
        },
      },
      voice: (fact) => this.said.push(fact),
      journal: openJournal({ ENTRA_PIM_JOURNAL: options.journal ?? "off" }),
      run: { folder: async () => this.folder, assertAlive: async () => undefined },
      allowLockout,
    });
  }
}

/** A check that found something wrong. */
export class CheckError extends Error {
  override name = "CheckError" as const;
}

/** What an `up` did to a resource. */
export type Fate = "create" | "same" | "update" | "replace";

/** One resource with its state. */
export class Life {
  id: string | undefined;
  inputs: Bag = {};
  outputs: Bag = {};

  constructor(
    readonly kind: Kind,
    /** As the constructor of the resource sends it. */
    public declared: Bag,
    readonly name = "x",
  ) {}

  /** What the program sends. */
  sent(): Bag {
    return {
      schemaVersion: 1,
      owner: `test/dev/${this.kind}/${this.name}`,
      ...this.declared,
      __provider: "text",
    };
  }

  async check(run: HostRun): Promise<Bag> {
    const { inputs, failures } = await run.provider(this.kind).check(this.inputs, this.sent());
    if (failures.length > 0) throw new CheckError(failures.map(({ reason }) => reason).join("\n"));
    return inputs;
  }

  /** Checks, compares and writes, as `pulumi up` does; answers what it came to. */
  async up(run: HostRun): Promise<Fate> {
    const provider = run.provider(this.kind);
    const news = await this.check(run);
    if (this.id === undefined) {
      await this.create(run, news);
      return "create";
    }
    const { changes, replaces = [] } = await provider.diff(this.id, this.outputs, news);
    // The engine compares inputs by itself when it is told nothing.
    const isSame = changes === false || (changes === undefined && same(this.inputs, news));
    if (isSame) {
      this.inputs = news;
      return "same";
    }
    if (replaces.length > 0) {
      const before = { id: this.id, outputs: this.outputs };
      this.inputs = {};
      await this.create(run, await this.check(run));
      await provider.delete(before.id, before.outputs);
      return "replace";
    }
    const { outs } = await provider.update(this.id, this.outputs, news);
    this.inputs = news;
    this.outputs = outs;
    return "update";
  }

  /** The properties that an `up` would show as changed; undefined when it would do nothing. */
  async plan(run: HostRun): Promise<string[] | undefined> {
    const news = await this.check(run);
    const { changes, replaces = [] } = await run
      .provider(this.kind)
      .diff(this.id ?? "", this.outputs, news);
    const differing = Object.keys({ ...this.inputs, ...news }).filter(
      (key) => !same(this.inputs[key], news[key]),
    );
    if (changes === false || (changes === undefined && differing.length === 0)) return undefined;
    return changes === true
      ? ["(due)"]
      : [...differing, ...replaces.map((key) => `replace:${key}`)].sort();
  }

  /** Reads, as `pulumi refresh` does; answers whether it is still there. */
  async refresh(run: HostRun): Promise<boolean> {
    const {
      id,
      props = {},
      inputs,
    } = await run.provider(this.kind).read(this.id ?? "", this.outputs);
    if (!id) {
      this.id = undefined;
      return false;
    }
    this.outputs = props;
    this.inputs = inputs ?? this.inputs;
    return true;
  }

  async delete(run: HostRun): Promise<void> {
    await run.provider(this.kind).delete(this.id ?? "", this.outputs);
    this.id = undefined;
    this.inputs = {};
    this.outputs = {};
  }

  private async create(run: HostRun, news: Bag): Promise<void> {
    try {
      const { id, outs } = await run.provider(this.kind).create(news);
      this.id = id;
      this.outputs = outs;
    } catch (error) {
      // What exists nevertheless goes into the state.
      const { id, properties } = error as { id?: string; properties?: Bag };
      if (id !== undefined) Object.assign(this, { id, outputs: properties ?? {} });
      throw error;
    } finally {
      this.inputs = news;
    }
  }
}

/** Runs work in a run of its own; answers what was said in it. */
export async function inRun(
  at: EmulatedTenant,
  work: (run: HostRun) => Promise<unknown>,
  options?: ConstructorParameters<typeof HostRun>[1],
): Promise<string[]> {
  const run = new HostRun(at, options);
  try {
    await work(run);
  } finally {
    run.end();
  }
  return run.said;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
