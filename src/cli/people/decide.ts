import { Command } from "commander";
import { Decision, Surface } from "../../model/constants";
import { type Decided, decideAll, reviewAnywhere } from "../../tenant/decisions";
import { PersonRequestError } from "../../tenant/people-errors";
import { listPending, listRequests, wantsReason } from "../../tenant/people-lists";
import { surfacesOf } from "../../tenant/people-select";
import { describeRequest, describeStatus } from "../../tenant/people-words";
import type { Tenant } from "../../tenant/tenant";
import { connect, type PersonOptions, withPersonOptions } from "./connect";
import { ExitCode, type Io } from "./io";
import { printJson, printTable, shown } from "./print";
import { whileShowing } from "./progress";
import { exitCodeOfAll, noteProblems, problemsJson, run } from "./run";

interface DecideOptions extends PersonOptions {
  allFrom?: string;
  role?: string;
  reason?: string;
  yes?: true;
}

type Pending = Awaited<ReturnType<typeof listPending>>["rows"][number];

/** `entra-pim approve`. */
export function approveCommand(io: Io): Command {
  return decideCommand(io, Decision.Approve);
}

/** `entra-pim deny`. */
export function denyCommand(io: Io): Command {
  return decideCommand(io, Decision.Deny);
}

function decideCommand(io: Io, decision: Decision): Command {
  return withPersonOptions(new Command(decision))
    .description(`${decision} requests that wait for your decision`)
    .argument("[id...]", "ids of requests, as entra-pim approvals lists them")
    .option("--all-from <user>", "every request of this person")
    .option("--role <role>", "every request for this role")
    .option("--reason <text>", "justification; needed where the role's settings ask for one")
    .option("--yes", "do not ask before several are decided")
    .action((ids: string[], options: DecideOptions) =>
      run(io, async () => {
        if (ids.length === 0 && options.allFrom === undefined && options.role === undefined)
          throw new PersonRequestError("say which: ids, --all-from or --role", "refused");
        const tenant = await connect(options, io);
        const pending = await listPending(tenant, surfacesOf(options.surface));
        const chosen = choose(pending.rows, ids, options);
        const missing = ids.filter((id) => !chosen.some((row) => sameId(row.id, id)));
        const lost = await Promise.all(
          missing.map((id) => explainMissing(tenant, id, decision, options)),
        );
        await assertReason(tenant, chosen, options);
        await assertMeant(io, decision, chosen, ids, options);
        const verdict = { decision, justification: options.reason ?? "" };
        let done = 0;
        const word = decision === Decision.Approve ? "approving" : "denying";
        const deciding = decideAll(tenant, chosen, verdict, () => {
          done += 1;
          if (chosen.length > 20 && done % 20 === 0) io.err(`${done} of ${chosen.length}\n`);
        });
        const decided = await whileShowing(io, `${word} ${chosen.length}`, deciding);
        return report(io, options, decided, lost, pending);
      }),
    );
}

/** `entra-pim cancel`: takes back a request of one's own. */
export function cancelCommand(io: Io): Command {
  return withPersonOptions(new Command("cancel"))
    .description("take back a request of your own that is not in force")
    .argument("<id>", "id of the request")
    .action((id: string, options: PersonOptions) =>
      run(io, async () => {
        const tenant = await connect(options, io);
        const own = await listRequests(tenant, surfacesOf(options.surface), "mine");
        const request = own.rows.find((row) => sameId(row.id, id));
        assertCancellable(id, request);
        const what = describeRequest(request);
        await tenant.people(request.role.surface).cancel(request);
        if (options.json) printJson(io, { cancelled: { id: request.id } });
        else io.out(`${shown(what)}: request ${request.id} cancelled\n`);
        return ExitCode.Done;
      }),
    );
}

function assertCancellable(id: string, request: Pending | undefined): asserts request is Pending {
  if (request === undefined)
    throw new PersonRequestError(
      `${id}: none of your requests: it was never yours, or is gone after 30 to 45 days`,
      "refused",
    );
  if (/^(pending|granted)/i.test(request.status)) return;
  const instead = /provisioned/i.test(request.status) ? ": deactivate it instead" : "";
  throw new PersonRequestError(
    `${describeRequest(request)}: request ${id} is ${describeStatus(request.status)} and cannot be cancelled${instead}`,
    "refused",
  );
}

function choose(
  rows: readonly Pending[],
  ids: readonly string[],
  options: DecideOptions,
): Pending[] {
  const { allFrom, role } = options;
  const byFilter = allFrom !== undefined || role !== undefined;
  return rows.filter((row) => {
    if (ids.some((id) => sameId(id, row.id))) return true;
    if (!byFilter) return false;
    return isFrom(row, allFrom) && isFor(row, role);
  });
}

function isFrom({ principalName, principalId }: Pending, user: string | undefined): boolean {
  if (user === undefined) return true;
  const wanted = user.toLowerCase();
  return principalName?.toLowerCase() === wanted || principalId === wanted;
}

function isFor({ role, roleName }: Pending, text: string | undefined): boolean {
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  const id = role.surface === "groups" ? role.groupId : role.roleDefinitionId;
  return id === wanted || roleName?.toLowerCase() === wanted;
}

function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

interface Lost {
  id: string;
  /** Somebody decided the same: nothing is left to do. */
  isDone: boolean;
  text: string;
}

/** Why a request does not wait for the person. */
async function explainMissing(
  tenant: Tenant,
  id: string,
  decision: Decision,
  options: DecideOptions,
): Promise<Lost> {
  const found = await reviewAnywhere(
    tenant,
    surfacesOf(options.surface) ?? Object.values(Surface),
    id,
  );
  if (found === undefined)
    return { id, isDone: false, text: "unknown: cancelled, run out, or gone after 30 to 45 days" };
  if (found.decision === null)
    return {
      id,
      isDone: false,
      text: "does not wait for you: you are no approver, or it is your own or over",
    };
  const said = found.decision === Decision.Approve ? "approved" : "denied";
  const why = found.justification === null ? "" : `: ${found.justification}`;
  return {
    id,
    isDone: found.decision === decision,
    text: `${said} already by ${found.by ?? "somebody"}${why}`,
  };
}

async function assertReason(
  tenant: Tenant,
  chosen: readonly Pending[],
  { reason }: DecideOptions,
): Promise<void> {
  if (chosen.length === 0 || (reason ?? "").trim() !== "") return;
  if (await wantsReason(tenant, chosen))
    throw new PersonRequestError(
      "the role's settings ask approvers for a reason: give one with --reason",
      "refused",
    );
}

/** Several at once are asked about, once. */
async function assertMeant(
  io: Io,
  decision: Decision,
  chosen: readonly Pending[],
  ids: readonly string[],
  { yes, json }: DecideOptions,
): Promise<void> {
  const isBulk = chosen.length > 1 || (chosen.length > 0 && ids.length === 0);
  if (!isBulk || yes === true) return;
  if (json !== true) for (const row of chosen) io.err(`  ${shown(describeRequest(row))}\n`);
  const which = chosen.length === 1 ? "this request" : `these ${chosen.length} requests`;
  if (io.confirm === undefined)
    throw new PersonRequestError(
      `nobody to ask whether to ${decision} ${which}: say --yes to do it`,
      "refused",
    );
  if (!(await io.confirm(`${decision} ${which}?`)))
    throw new PersonRequestError("nothing was decided", "refused");
}

function report(
  io: Io,
  options: DecideOptions,
  decided: readonly Decided[],
  lost: readonly Lost[],
  pending: Parameters<typeof problemsJson>[0],
): number {
  if (options.json) {
    const results = [
      ...decided.map(({ request, result, text }) => ({
        id: request.id,
        what: describeRequest(request),
        result,
        message: text,
      })),
      ...lost.map(({ id, isDone, text }) => ({
        id,
        what: null,
        result: isDone ? "already" : "refused",
        message: text,
      })),
    ];
    printJson(io, { results, problems: problemsJson(pending) });
  } else {
    printTable(
      io,
      ["REQUEST", "WHO AND WHAT", "RESULT"],
      [
        ...decided.map(({ request, text }) => [request.id, describeRequest(request), text]),
        ...lost.map(({ id, text }) => [id, "", text]),
      ],
    );
  }
  const isBad = (result: Decided["result"]) => result !== "done" && result !== "already";
  const left = [
    ...decided.filter(({ result }) => isBad(result)).map(({ request }) => request.id),
    ...lost.filter(({ isDone }) => !isDone).map(({ id }) => id),
  ];
  if (decided.length === 0 && lost.length === 0) {
    io.err("entra-pim: no request that waits for you matches\n");
    return noteProblems(io, pending);
  }
  if (left.length > 0) io.err(`entra-pim: not decided: ${left.join(" ")}\n`);
  return exitCodeOfAll([
    ...decided.map(({ result }) =>
      result === "done" || result === "already" ? undefined : result,
    ),
    ...lost.map(({ isDone }) => (isDone ? undefined : ("refused" as const))),
  ]);
}
