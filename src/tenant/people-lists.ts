import type { Surface } from "../model/constants";
import type { Approver } from "../model/policy-rules";
import { readLeaves } from "../model/settings-leaves";
import type { PersonRequest, RoleOffer, Standing } from "../surfaces/people";
import { approvalStage, USUAL_STAGE } from "../surfaces/pim-wire/approval-stage";
import type { LivePolicy } from "../surfaces/surface";
import { awaitsDecision } from "./people-words";
import { personOf, type Task } from "./person";
import type { Tenant } from "./tenant";

/** What several surfaces answered; one that could not answer is named with its reason. */
export interface Answers<Row> {
  rows: Row[];
  problems: { surface: Surface; error: unknown }[];
}

/** What activating asks for. */
export interface Conditions {
  maximumDuration: string;
  mfa: boolean;
  /** Authentication context, such as c1; empty when none. */
  context: string;
  approval: boolean;
  approvers: Approver[];
  justification: boolean;
  ticket: boolean;
}

/** Something that the person may activate. */
export interface Offer extends Standing {
  /** Null where the person may not read the role's settings, or they were not looked up. */
  conditions: Conditions | null;
}

/** A request with what is known of its waiting. */
export interface TracedRequest extends PersonRequest {
  /** Who can decide, by name; null where nobody has to or the settings cannot be read. */
  deciders: string[] | null;
  /** When it runs out undecided, in milliseconds since 1970; null where nobody has to decide. */
  deadline: number | null;
}

/** Requests that all of a list may take together. */
const CALLS = 12;
const PAGE = 100;

/** Asks several surfaces at once. A surface that fails alone leaves the others; when all fail the first reason is thrown. */
export async function across<Row>(
  surfaces: readonly Surface[],
  ask: (surface: Surface) => Promise<readonly Row[]>,
): Promise<Answers<Row>> {
  const answers = await Promise.allSettled(surfaces.map(ask));
  const problems = answers.flatMap((answer, index) => {
    const surface = surfaces[index];
    return answer.status === "rejected" && surface !== undefined
      ? [{ surface, error: answer.reason as unknown }]
      : [];
  });
  if (problems.length === surfaces.length && problems[0] !== undefined) throw problems[0].error;
  return {
    rows: answers.flatMap((answer) => (answer.status === "fulfilled" ? [...answer.value] : [])),
    problems,
  };
}

/** The person's rows of a surface, once it is known that they are a person. */
async function asPerson<Row>(
  tenant: Tenant,
  surface: Surface,
  task: Task,
  read: () => Promise<Row>,
): Promise<Row> {
  await personOf(tenant, surface, task);
  return read();
}

/** What the person may activate, and what it will ask for: `details` looks up every role's settings at any price. */
export async function listEligible(
  tenant: Tenant,
  surfaces: readonly Surface[],
  details = false,
): Promise<Answers<Offer>> {
  const { rows, problems } = await across(surfaces, (surface) =>
    asPerson(tenant, surface, "look", () => tenant.people(surface).eligibilities()),
  );
  const calls = details ? undefined : callsLeft(rows, surfaces);
  const offers = await across(surfaces, async (surface) => {
    const own = rows.filter(({ role }) => role.surface === surface);
    const policies = await settingsOf(tenant, surface, own, calls?.[surface]);
    return own.map((row, index): Offer => ({ ...row, conditions: conditionsIn(policies[index]) }));
  });
  return { rows: offers.rows, problems };
}

/** What the person holds now. */
export function listActive(
  tenant: Tenant,
  surfaces: readonly Surface[],
): Promise<Answers<Standing>> {
  return across(surfaces, (surface) =>
    asPerson(tenant, surface, "look", () => tenant.people(surface).active()),
  );
}

/** The person's requests, or everybody's as far as the person may see them. */
export function listRequests(
  tenant: Tenant,
  surfaces: readonly Surface[],
  whose: "mine" | "all",
  scope?: string,
): Promise<Answers<TracedRequest>> {
  return across(surfaces, (surface) =>
    asPerson(tenant, surface, "activate", async () => {
      const people = tenant.people(surface);
      const rows = await (whose === "mine" ? people.ownRequests() : people.allRequests(scope));
      return trace(tenant, surface, rows);
    }),
  );
}

/** What waits for the person's decision. */
export function listPending(
  tenant: Tenant,
  surfaces: readonly Surface[],
): Promise<Answers<PersonRequest>> {
  return across(surfaces, (surface) =>
    asPerson(tenant, surface, "decide", () => tenant.people(surface).pendingApprovals()),
  );
}

/** Whether a decision about any of these needs a reason; where the settings cannot be read, Microsoft's default says yes. */
export async function wantsReason(
  tenant: Tenant,
  requests: readonly PersonRequest[],
): Promise<boolean> {
  const surfaces = [...new Set(requests.map(({ role }) => role.surface))];
  const stages = await Promise.all(
    surfaces.map(async (surface) => {
      const own = requests.filter(({ role }) => role.surface === surface);
      const policies = await settingsOf(tenant, surface, own, 2);
      return own.map((_, index) => stageIn(policies[index]).wantsReason);
    }),
  );
  return stages.flat().some((wanted) => wanted);
}

async function trace(
  tenant: Tenant,
  surface: Surface,
  rows: readonly PersonRequest[],
): Promise<TracedRequest[]> {
  const open = rows.filter(({ status }) => awaitsDecision(status));
  const policies = await settingsOf(tenant, surface, open, 2);
  const approvers = open.map((_, index) => conditionsIn(policies[index])?.approvers ?? null);
  const ids = approvers.flatMap((list) => (list ?? []).map(({ id }) => id));
  const names =
    ids.length === 0
      ? new Map<string, string>()
      : await tenant
          .people(surface)
          .names(ids)
          .catch(() => new Map<string, string>());
  return rows.map((row) => {
    const index = open.indexOf(row);
    if (index < 0) return { ...row, deciders: null, deadline: null };
    const days = stageIn(policies[index]).timeoutDays;
    return {
      ...row,
      deciders: decidersOf(row, approvers[index] ?? null, names),
      deadline: Date.parse(row.createdAt) + days * 86_400_000,
    };
  });
}

function decidersOf(
  { action, role }: PersonRequest,
  approvers: readonly Approver[] | null,
  names: ReadonlyMap<string, string>,
): string[] | null {
  if (action !== "selfactivate") return ["administrators"];
  if (approvers === null) return null;
  if (approvers.length > 0) return approvers.map(({ id }) => names.get(id) ?? id);
  return role.surface === "directoryRoles"
    ? ["Privileged Role Administrators", "Global Administrators"]
    : [];
}

/** What is left of the budget after the listings themselves, by surface: directory roles cost the least. */
function callsLeft(
  rows: readonly Standing[],
  surfaces: readonly Surface[],
): Partial<Record<Surface, number>> {
  const count = (surface: Surface) => rows.filter(({ role }) => role.surface === surface).length;
  const pages = surfaces.map((surface) => Math.max(1, Math.ceil(count(surface) / PAGE)));
  const names = count("groups") > 0 ? 1 : 0;
  const directory = count("directoryRoles") > 0 ? 2 : 0;
  const left = CALLS - names - directory - pages.reduce((sum, page) => sum + page, 0);
  const azure = count("azureRoles") > 0 ? Math.max(1, Math.floor(left / 2)) : 0;
  return { directoryRoles: directory, groups: Math.max(0, left - azure), azureRoles: azure };
}

/** Settings are an extra: whoever may not read them sees the rest all the same. */
async function settingsOf(
  tenant: Tenant,
  surface: Surface,
  rows: readonly RoleOffer[],
  calls = Number.MAX_SAFE_INTEGER,
): Promise<(LivePolicy | Error | undefined)[]> {
  if (rows.length === 0) return [];
  try {
    return await tenant.people(surface).settings(rows, calls);
  } catch {
    return [];
  }
}

function conditionsIn(policy: LivePolicy | Error | undefined): Conditions | null {
  if (policy === undefined || policy instanceof Error) return null;
  const leaves = readLeaves(policy.rules);
  return {
    maximumDuration: leaves["activation.maximumDuration"] as string,
    mfa: leaves["activation.requireMfa"] === true,
    context: leaves["activation.authenticationContext"] as string,
    approval: leaves["activation.requireApproval"] === true,
    approvers: leaves["activation.approvers"] as Approver[],
    justification: leaves["activation.requireJustification"] === true,
    ticket: leaves["activation.requireTicket"] === true,
  };
}

function stageIn(policy: LivePolicy | Error | undefined) {
  return policy === undefined || policy instanceof Error ? USUAL_STAGE : approvalStage(policy);
}
