import { type FailureKind, kindOf } from "../../tenant/people-errors";
import type { Answers } from "../../tenant/people-lists";
import { ExitCode, type Io } from "./io";
import { shown } from "./print";

const SURFACE_WORDS = {
  directoryRoles: "Entra roles",
  groups: "groups",
  azureRoles: "Azure roles",
} as const;

/** The exit code of a failure. */
export function exitCodeOf(kind: FailureKind): number {
  return { refused: ExitCode.Refused, gaveUp: ExitCode.GaveUp, failed: ExitCode.Error }[kind];
}

/** Runs a command: what it throws is one line on standard error and an exit code. */
export async function run(io: Io, work: () => Promise<number>): Promise<void> {
  try {
    io.setExitCode(await work());
  } catch (error) {
    io.err(`entra-pim: ${lineOf(error)}\n`);
    io.setExitCode(exitCodeOf(kindOf(error)));
  }
}

/** Says which surfaces did not answer; the exit code says that something is missing. */
export function noteProblems(io: Io, { problems }: Answers<unknown>): number {
  for (const { surface, error } of problems)
    io.err(`entra-pim: not asked or not answered: ${SURFACE_WORDS[surface]}: ${lineOf(error)}\n`);
  return problems.length === 0 ? ExitCode.Done : ExitCode.Incomplete;
}

/** The same for programs. */
export function problemsJson({ problems }: Answers<unknown>) {
  return problems.map(({ surface, error }) => ({ surface, message: lineOf(error) }));
}

export function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return shown(message.replace(/\s*\n\s*/g, "; "));
}

/** The exit code of several outcomes: all well, all bad in one way, or partly done. */
export function exitCodeOfAll(kinds: readonly (FailureKind | undefined)[]): number {
  const bad = kinds.filter((kind) => kind !== undefined);
  const [first] = bad;
  if (first === undefined) return ExitCode.Done;
  if (bad.length < kinds.length) return ExitCode.Incomplete;
  return exitCodeOf(bad.find((kind) => kind === "failed") ?? first);
}
