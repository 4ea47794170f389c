import { Command } from "commander";
import { parseDuration } from "../../model/duration";
import type { FailureKind } from "../../tenant/people-errors";
import { surfacesOf } from "../../tenant/people-select";
import {
  type Act,
  activateAll,
  awaitActs,
  deactivateAll,
  listStandings,
  prolong,
  type Wish,
} from "../../tenant/self-acts";
import { checkTimes } from "../../tenant/typed-times";
import { connect, type PersonOptions, withPersonOptions } from "./connect";
import { ExitCode, type Io } from "./io";
import { printJson, printTable, roleJson, shown } from "./print";
import { whileShowing } from "./progress";
import { exitCodeOfAll, noteProblems, problemsJson, run } from "./run";

interface ActOptions extends PersonOptions {
  scope?: string;
  for: string;
  reason?: string;
  ticket?: string;
  at?: string;
  wait?: true;
  timeout: string;
  validate?: true;
  active?: true;
}

/** `entra-pim activate`: one role or several at once. */
export function activateCommand(io: Io): Command {
  return withPersonOptions(new Command("activate"))
    .description("activate roles that you are eligible for")
    .argument("<role...>", "name or id; of a group its name, or name:owner")
    .option("--scope <id>", "where, when you are eligible at several places")
    .option("--for <duration>", "how long, as ISO 8601", "PT1H")
    .option("--reason <text>", "justification")
    .option("--ticket <number>", "ticket, as NUMBER or SYSTEM:NUMBER")
    .option("--at <instant>", "begin later, RFC 3339")
    .option("--wait", "wait until it is approved and in force")
    .option("--timeout <duration>", "how long to wait", "PT1H")
    .option("--validate", "ask the service whether it would grant it, without doing it")
    .action((roles: string[], options: ActOptions) =>
      run(io, async () => {
        checkTimes({ duration: options.for, startsAt: options.at, timeout: options.timeout });
        const tenant = await connect(options, io);
        const standings = await listStandings(tenant, surfacesOf(options.surface), "eligible");
        const wishes = roles.map((text): Wish => wishOf(text, options));
        let acts = await activateAll(tenant, wishes, standings.rows);
        if (options.wait === true && acts.some(({ result }) => result === "waiting"))
          acts = await interruptible(io, (signal) => {
            const names = acts.flatMap(({ result, what }) => (result === "waiting" ? what : []));
            const until = tenant.clock.now() + timeoutOf(options);
            return whileShowing(
              io,
              `waiting for approval of ${shown(names.join(", "))}`,
              awaitActs(tenant, acts, { until, signal }),
            );
          });
        report(io, options, acts, problemsJson(standings));
        if (acts.some(({ result }) => result === "refused")) noteProblems(io, standings);
        return exitCodeOfActs(acts, options);
      }),
    );
}

/** `entra-pim deactivate`: gives activations back before their end. */
export function deactivateCommand(io: Io): Command {
  return withPersonOptions(new Command("deactivate"))
    .description("end activations before their time")
    .argument("<role...>", "name or id")
    .option("--scope <id>", "where, when it is active at several places")
    .option("--wait", "wait out the first five minutes, in which nothing can be ended")
    .option("--timeout <duration>", "how long to wait", "PT10M")
    .action((roles: string[], options: ActOptions) =>
      run(io, async () => {
        checkTimes({ timeout: options.timeout });
        const tenant = await connect(options, io);
        const standings = await listStandings(tenant, surfacesOf(options.surface), "active");
        const wishes = roles.map((text) => ({ text, scope: options.scope }));
        const acts = await interruptible(io, (signal) => {
          const until = tenant.clock.now() + (options.wait === true ? timeoutOf(options) : 0);
          const ending = deactivateAll(tenant, wishes, standings.rows, { until, signal });
          return whileShowing(io, `ending ${roles.join(", ")}`, ending);
        });
        report(io, options, acts, problemsJson(standings));
        return exitCodeOfActs(acts, options);
      }),
    );
}

/** `entra-pim extend`: asks for a later end of an assignment that runs out. */
export function extendCommand(io: Io): Command {
  return prolongCommand(
    io,
    "extend",
    "ask administrators for a later end of an assignment of yours",
  );
}

/** `entra-pim renew`: asks for an assignment that ran out. */
export function renewCommand(io: Io): Command {
  return prolongCommand(io, "renew", "ask administrators for an assignment of yours that ran out");
}

function prolongCommand(io: Io, action: "extend" | "renew", description: string): Command {
  return withPersonOptions(new Command(action))
    .description(description)
    .argument("<role>", "name or id")
    .option("--scope <id>", "where")
    .option("--for <duration>", "how long from now, as ISO 8601", "P90D")
    .option("--reason <text>", "justification")
    .option("--ticket <number>", "ticket, as NUMBER or SYSTEM:NUMBER")
    .option("--active", "an active assignment; without it an eligible one")
    .action((role: string, options: ActOptions) =>
      run(io, async () => {
        checkTimes({ duration: options.for });
        const tenant = await connect(options, io);
        const kind = options.active === true ? "active" : "eligible";
        const wish = wishOf(role, options);
        const act = await prolong(tenant, action, kind, wish, surfacesOf(options.surface));
        report(io, options, [act], []);
        return exitCodeOfActs([act], options);
      }),
    );
}

function wishOf(text: string, options: ActOptions): Wish {
  return {
    text,
    scope: options.scope,
    duration: options.for,
    startsAt: options.at,
    justification: options.reason,
    ticket: options.ticket,
    isValidationOnly: options.validate === true,
  };
}

function timeoutOf({ timeout }: ActOptions): number {
  return parseDuration(timeout) ?? 3_600_000;
}

/** Ctrl-C ends the waiting, not what is waited for. */
async function interruptible<T>(io: Io, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const forget = io.onInterrupt(() => stop.abort());
  try {
    return await work(stop.signal);
  } finally {
    forget();
  }
}

function report(io: Io, options: ActOptions, acts: readonly Act[], problems: unknown[]): void {
  if (options.json) {
    const results = acts.map((act) => ({
      asked: act.text,
      ...(act.role === undefined ? {} : roleJson(act.role, act.what, null)),
      result: act.result,
      requestId: act.requestId ?? null,
      startsAt: act.startsAt ?? null,
      endsAt: act.endsAt ?? null,
      message: act.message,
    }));
    printJson(io, { results, problems });
  } else {
    printTable(
      io,
      ["ROLE", "RESULT", "REQUEST"],
      acts.map((act) => [act.what, resultWord(act), act.requestId ?? ""]),
    );
  }
  for (const { result, requestId, what } of acts)
    if (result === "waiting")
      io.err(
        `${shown(what)}: request ${requestId} stays. Look: entra-pim requests --mine; take it back: entra-pim cancel ${requestId}\n`,
      );
}

/** What came of it; only failures need a word before their reason. */
function resultWord({ result, message }: Act): string {
  if (!isFailure(result)) return message;
  return `${result === "gaveUp" ? "gave up" : result}: ${message}`;
}

function exitCodeOfActs(acts: readonly Act[], { wait }: ActOptions): number {
  const failures = acts.map(({ result }) => (isFailure(result) ? result : undefined));
  const code = exitCodeOfAll(failures);
  if (code !== ExitCode.Done) return code;
  // Waited for and still waiting: broken off, or out of time.
  const isOpen = wait === true && acts.some(({ result }) => result === "waiting");
  return isOpen ? ExitCode.Incomplete : ExitCode.Done;
}

function isFailure(result: Act["result"]): result is FailureKind {
  return result === "refused" || result === "gaveUp" || result === "failed";
}
