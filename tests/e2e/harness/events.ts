// What the engine did in one operation, from the event log that the CLI writes.

import { existsSync, readFileSync } from "node:fs";

/** How many resources met each fate; the stack, providers and components count too. */
export interface Changes {
  readonly create: number;
  readonly update: number;
  readonly same: number;
  readonly delete: number;
  readonly replace: number;
}

/** One step of the engine on one resource. */
export interface Step {
  /** The engine's word: `create`, `update`, `same`, `delete`, `replace`, `create-replacement`, `refresh`… */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** The resource's name, the last part of its URN. */
  readonly name: string;
  /** The properties that changed, as far as the engine knows them. */
  readonly diffs: readonly string[];
}

/** The events of one operation. */
export interface Events {
  readonly changes: Changes;
  readonly steps: readonly Step[];
  /** The messages of diagnostic events, without markup, in their order. */
  readonly diagnostics: readonly { severity: string; message: string; urn: string }[];
}

/** Reads the event log of an operation; an operation that never began has no events. */
export function readEvents(file: string): Events {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const events = lines.map((line) => JSON.parse(line) as EngineEvent);
  const summary = events.flatMap(({ summaryEvent }) => summaryEvent ?? []).at(-1);
  return {
    changes: readChanges(summary?.resourceChanges ?? {}),
    steps: events.flatMap((event) =>
      event.resourcePreEvent ? [readStep(event.resourcePreEvent)] : [],
    ),
    diagnostics: events.flatMap(({ diagnosticEvent: d }) =>
      d ? [{ severity: d.severity, message: plain(d.message).trimEnd(), urn: d.urn ?? "" }] : [],
    ),
  };
}

/** The counts of a change summary by the engine's words. */
export function readChanges(counts: Readonly<Record<string, number>>): Changes {
  const { create = 0, update = 0, same = 0, delete: deleted = 0, replace = 0 } = counts;
  return { create, update, same, delete: deleted, replace };
}

interface EngineEvent {
  summaryEvent?: { resourceChanges: Record<string, number> };
  resourcePreEvent?: StepEvent;
  diagnosticEvent?: { severity: string; message: string; urn?: string };
}

interface StepEvent {
  metadata: { op: string; urn: string; type: string; diffs?: string[] | null };
}

function readStep({ metadata }: StepEvent): Step {
  const name = metadata.urn.split("::").at(-1) ?? "";
  const { op, urn, type } = metadata;
  return { op, urn, type, name, diffs: metadata.diffs ?? [] };
}

function plain(message: string): string {
  return message.replace(/<\{%.*?%\}>/g, "");
}
