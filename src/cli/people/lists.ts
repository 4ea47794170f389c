import { Command } from "commander";
import {
  type Conditions,
  listActive,
  listEligible,
  listPending,
  listRequests,
  type Offer,
  type TracedRequest,
} from "../../tenant/people-lists";
import { surfacesOf } from "../../tenant/people-select";
import { describeAction, describeStatus } from "../../tenant/people-words";
import { connect, type PersonOptions, withPersonOptions } from "./connect";
import type { Io } from "./io";
import {
  endWord,
  printJson,
  printTable,
  roleJson,
  roleWord,
  scopeWord,
  shortInstant,
  span,
  surfaceWord,
} from "./print";
import { noteProblems, problemsJson, run } from "./run";

/** `entra-pim eligible`: what I may activate, and what it will ask for. */
export function eligibleCommand(io: Io): Command {
  return withPersonOptions(new Command("eligible"))
    .description("what you may activate, for how long, and what it will ask for")
    .option("--details", "look up the settings of every role, however many requests it takes")
    .action((options: PersonOptions & { details?: true }) =>
      run(io, async () => {
        const tenant = await connect(options, io);
        const answers = await listEligible(tenant, surfacesOf(options.surface), options.details);
        if (options.json) {
          printJson(io, { eligible: answers.rows.map(offerJson), problems: problemsJson(answers) });
          return noteProblems(io, answers);
        }
        printTable(
          io,
          ["WHERE", "ROLE", "SCOPE", "UNTIL", "MAXIMUM", "ASKS FOR", "THROUGH"],
          answers.rows.map((row) => [
            surfaceWord(row.role),
            roleWord(row.role, row.roleName),
            scopeWord(row.role, row.scopeName),
            endWord(row.endsAt),
            row.conditions?.maximumDuration ?? "?",
            asksFor(row.conditions),
            row.memberType === "group" ? "a group" : "",
          ]),
        );
        if (answers.rows.some(({ conditions }) => conditions === null))
          io.err(
            "?: the role's settings were not looked up (--details) or cannot be read by you\n",
          );
        return noteProblems(io, answers);
      }),
    );
}

/** `entra-pim active`: what I hold now. */
export function activeCommand(io: Io): Command {
  return withPersonOptions(new Command("active"))
    .description("what you hold now, and until when")
    .action((options: PersonOptions) =>
      run(io, async () => {
        const tenant = await connect(options, io);
        const answers = await listActive(tenant, surfacesOf(options.surface));
        const now = tenant.clock.now();
        if (options.json) {
          const active = answers.rows.map((row) => ({
            ...roleJson(row.role, row.roleName, row.scopeName),
            assignmentType: row.assignmentType,
            memberType: row.memberType,
            startsAt: row.startsAt,
            endsAt: row.endsAt,
          }));
          printJson(io, { active, problems: problemsJson(answers) });
          return noteProblems(io, answers);
        }
        printTable(
          io,
          ["WHERE", "ROLE", "SCOPE", "HOW", "UNTIL", "LEFT"],
          answers.rows.map((row) => [
            surfaceWord(row.role),
            roleWord(row.role, row.roleName),
            scopeWord(row.role, row.scopeName),
            row.memberType === "group"
              ? `${row.assignmentType}, through a group`
              : row.assignmentType,
            endWord(row.endsAt),
            row.endsAt === null ? "" : span(Date.parse(row.endsAt) - now),
          ]),
        );
        return noteProblems(io, answers);
      }),
    );
}

/** `entra-pim requests`: how requests stand, who decides, how long they still wait. */
export function requestsCommand(io: Io): Command {
  return withPersonOptions(new Command("requests"))
    .description("requests, how they stand, who decides, and how long they still wait")
    .option("--mine", "requests about yourself (default)")
    .option("--all", "everybody's, as far as you may see them")
    .option("--scope <id>", "everybody's at this Azure scope, or of the group with this object id")
    .option("--open", "only those that are not decided")
    .action((options: PersonOptions & { mine?: true; all?: true; scope?: string; open?: true }) =>
      run(io, async () => {
        const tenant = await connect(options, io);
        const isWide = options.all === true || options.scope !== undefined;
        const whose = isWide && options.mine !== true ? "all" : "mine";
        const found = await listRequests(tenant, surfacesOf(options.surface), whose, options.scope);
        const rows = options.open
          ? found.rows.filter(({ status }) => /^pending/i.test(status))
          : found.rows;
        const answers = { ...found, rows };
        if (options.json)
          printJson(io, { requests: rows.map(requestJson), problems: problemsJson(answers) });
        else printRequests(io, rows, tenant.clock.now());
        return noteProblems(io, answers);
      }),
    );
}

/** `entra-pim approvals`: what waits for me. */
export function approvalsCommand(io: Io): Command {
  return withPersonOptions(new Command("approvals"))
    .description("requests that wait for your decision")
    .action((options: PersonOptions) =>
      run(io, async () => {
        const tenant = await connect(options, io);
        const answers = await listPending(tenant, surfacesOf(options.surface));
        if (options.json) {
          const approvals = answers.rows.map((row) =>
            requestJson({ ...row, deciders: null, deadline: null }),
          );
          printJson(io, { approvals, problems: problemsJson(answers) });
          return noteProblems(io, answers);
        }
        const now = tenant.clock.now();
        printTable(
          io,
          ["ID", "WHO", "WHAT", "WHERE", "ROLE", "SCOPE", "FOR", "REASON", "TICKET", "AGE"],
          answers.rows.map((row) => [
            row.id,
            row.principalName ?? row.principalId,
            describeAction(row),
            surfaceWord(row.role),
            roleWord(row.role, row.roleName),
            scopeWord(row.role, row.scopeName),
            windowWord(row),
            row.justification ?? "",
            [row.ticketSystem, row.ticketNumber].filter(Boolean).join(" "),
            span(now - Date.parse(row.createdAt)),
          ]),
        );
        return noteProblems(io, answers);
      }),
    );
}

function printRequests(io: Io, rows: readonly TracedRequest[], now: number): void {
  printTable(
    io,
    ["ID", "WHO", "WHAT", "WHERE", "ROLE", "SCOPE", "STATUS", "DECIDED BY", "STILL", "MADE"],
    rows.map((row) => [
      row.id,
      row.principalName ?? row.principalId,
      describeAction(row),
      surfaceWord(row.role),
      roleWord(row.role, row.roleName),
      scopeWord(row.role, row.scopeName),
      describeStatus(row.status),
      row.deadline === null ? "" : (row.deciders?.join(", ") ?? "its approvers"),
      row.deadline === null ? "" : span(row.deadline - now),
      shortInstant(row.createdAt),
    ]),
  );
}

function windowWord({
  duration,
  window,
}: TracedRequest | Omit<TracedRequest, "deciders" | "deadline">): string {
  const length = duration ?? (window?.endsAt ? `until ${shortInstant(window.endsAt)}` : "ever");
  return window?.startsAt ? `${length} from ${shortInstant(window.startsAt)}` : length;
}

function asksFor(conditions: Conditions | null): string {
  if (conditions === null) return "?";
  const asked = [
    conditions.mfa ? "MFA" : "",
    conditions.context === "" ? "" : `context ${conditions.context}`,
    conditions.approval ? "approval" : "",
    conditions.justification ? "reason" : "",
    conditions.ticket ? "ticket" : "",
  ].filter((word) => word !== "");
  return asked.length === 0 ? "nothing" : asked.join(", ");
}

function offerJson({ role, roleName, scopeName, memberType, startsAt, endsAt, conditions }: Offer) {
  return {
    ...roleJson(role, roleName, scopeName),
    memberType,
    startsAt,
    endsAt,
    conditions:
      conditions === null
        ? null
        : {
            maximumDuration: conditions.maximumDuration,
            mfa: conditions.mfa,
            authenticationContext: conditions.context === "" ? null : conditions.context,
            approval: conditions.approval,
            justification: conditions.justification,
            ticket: conditions.ticket,
          },
  };
}

/** A request for programs. */
export function requestJson(row: TracedRequest) {
  return {
    id: row.id,
    ...roleJson(row.role, row.roleName, row.scopeName),
    kind: row.kind,
    action: row.action,
    status: row.status,
    principalId: row.principalId,
    principalName: row.principalName,
    duration: row.duration,
    startsAt: row.window?.startsAt ?? null,
    endsAt: row.window?.endsAt ?? null,
    justification: row.justification,
    ticketNumber: row.ticketNumber,
    ticketSystem: row.ticketSystem,
    createdAt: row.createdAt,
    deciders: row.deciders,
    deadline: row.deadline === null ? null : new Date(row.deadline).toISOString(),
  };
}
