import type { Surface } from "../model/constants";
import type { RoleKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { RoleTarget } from "../model/role-target";
import type {
  RequestPlace,
  SelfAction,
  SelfOutcome,
  SelfRequest,
  Standing,
} from "../surfaces/people";
import { describeFailure } from "./activations";
import type { Bound } from "./clock";
import { awaitRequests, endActivation, sendSelf } from "./people";
import { type FailureKind, kindOf, PersonRequestError } from "./people-errors";
import { type Answers, across } from "./people-lists";
import { chooseStanding, describeStanding } from "./people-select";
import { awaitsDecision, describeRole, describeStatus } from "./people-words";
import { personOf } from "./person";
import { progressOf } from "./request-status";
import type { Tenant } from "./tenant";

/** What a person wants, as they typed it. */
export interface Wish {
  /** The role's name or id. */
  text: string;
  scope?: string | undefined;
  duration: string;
  startsAt?: string | undefined;
  justification?: string | undefined;
  ticket?: string | undefined;
  isValidationOnly?: boolean;
}

/** What came of it. */
export interface Act {
  text: string;
  role?: RoleKey;
  /** The role as people say it. */
  what: string;
  result: "active" | "scheduled" | "waiting" | "valid" | "ended" | FailureKind;
  requestId?: string;
  startsAt?: string | null;
  endsAt?: string | null;
  /** In words. */
  message: string;
}

/** What the person stands in on the surfaces, for names to be looked up in. */
export function listStandings(
  tenant: Tenant,
  surfaces: readonly Surface[],
  what: "eligible" | "active",
): Promise<Answers<Standing>> {
  return across(surfaces, async (surface) => {
    await personOf(tenant, surface, what === "eligible" ? "look" : "activate");
    const people = tenant.people(surface);
    return what === "eligible" ? people.eligibilities() : people.active();
  });
}

/** Asks for activations, all at once; each ends by itself. */
export function activateAll(
  tenant: Tenant,
  wishes: readonly Wish[],
  rows: readonly Standing[],
): Promise<Act[]> {
  return Promise.all(
    wishes.map((wish) =>
      settled(wish.text, async () => {
        const found = chooseStanding(wish.text, wish.scope, rows, "eligible");
        const person = await personOf(tenant, found.role.surface, "activate");
        const what = describeStanding(found);
        const request = requestOf("activate", "active", found.role, person.id, wish);
        const eligibility =
          found.role.surface === "azureRoles" ? { eligibilityId: found.scheduleId } : {};
        const outcome = await sendSelf(tenant, { ...request, ...eligibility }, what);
        return actOf(tenant, wish, found.role, what, outcome);
      }),
    ),
  );
}

/** Asks administrators for a longer end of what runs out, or for what has run out. */
export async function prolong(
  tenant: Tenant,
  action: "extend" | "renew",
  kind: "eligible" | "active",
  wish: Wish,
  surfaces: readonly Surface[],
): Promise<Act> {
  return settled(wish.text, async () => {
    const { rows } = await listStandings(tenant, surfaces, kind);
    const own = rows.filter(
      ({ memberType, assignmentType }) => memberType === "direct" && assignmentType === "assigned",
    );
    const found =
      action === "extend"
        ? chooseStanding(wish.text, wish.scope, own, kind)
        : await endedRole(tenant, wish, surfaces);
    const person = await personOf(tenant, found.role.surface, "extend");
    const what = describeRole(found.role, found.roleName);
    const request = requestOf(action, kind, found.role, person.id, wish);
    const outcome = await sendSelf(tenant, request, what);
    return actOf(tenant, wish, found.role, what, outcome);
  });
}

/** What has run out is listed nowhere: its role is looked up by name. */
async function endedRole(
  tenant: Tenant,
  { text, scope }: Wish,
  surfaces: readonly Surface[],
): Promise<{ role: RoleKey; roleName: string | null }> {
  const found = await across(surfaces, async (surface) => {
    const target = targetOf(surface, text, scope);
    return target === undefined ? [] : tenant.snapshot(surface).surface.findRoles(target);
  });
  const [only, ...others] = found.rows;
  if (only !== undefined && others.length === 0) return { role: only.role, roleName: only.name };
  throw new PersonRequestError(
    only === undefined
      ? `${text}: no role of this name${scope === undefined ? " (Azure roles need --scope)" : ` at ${scope}`}`
      : `${text}: several roles of this name: ${found.rows.map(({ role, name }) => describeRole(role, name)).join(", ")}; say which with --surface or an id`,
    "refused",
  );
}

function targetOf(
  surface: Surface,
  text: string,
  scope: string | undefined,
): RoleTarget | undefined {
  if (surface === "directoryRoles") return { surface, role: text, scope: scope ?? "/" };
  if (surface === "azureRoles")
    return scope?.startsWith("/") ? { surface, role: text, scope } : undefined;
  const [, group = text, access = "member"] = /^(.*?)(?::(member|owner))?$/i.exec(text) ?? [];
  return { surface, group, access: access.toLowerCase() as "member" | "owner" };
}

/** Ends activations, all at once. */
export function deactivateAll(
  tenant: Tenant,
  wishes: readonly Pick<Wish, "text" | "scope">[],
  rows: readonly Standing[],
  bound: Bound,
): Promise<Act[]> {
  const activated = rows.filter(({ assignmentType }) => assignmentType === "activated");
  return Promise.all(
    wishes.map(({ text, scope }) =>
      settled(text, async () => {
        const found = chooseStanding(text, scope, activated, "active");
        const { role } = found;
        const person = await personOf(tenant, role.surface, "activate");
        const what = describeStanding(found);
        const request = {
          kind: "active",
          action: "deactivate",
          role,
          principalId: person.id,
        } as const;
        const wasThere = await endActivation(tenant, request, what, bound);
        const message = wasThere ? "ended" : "was over already";
        return { text, role, what, result: "ended", message };
      }),
    ),
  );
}

/** Waits for those that wait; what is still open then stays as it is. */
export async function awaitActs(
  tenant: Tenant,
  acts: readonly Act[],
  bound: Bound,
): Promise<Act[]> {
  const waiting = acts.filter(({ result }) => result === "waiting");
  const surfaces = [...new Set(waiting.flatMap(({ role }) => role?.surface ?? []))];
  const seen = await Promise.all(
    surfaces.map((surface) =>
      awaitRequests(
        tenant,
        surface,
        waiting.flatMap((act) => placeOf(act, surface)),
        bound,
      ),
    ),
  );
  return Promise.all(
    acts.map(async (act) => {
      const row = seen
        .map((rows) => rows.get(act.requestId ?? ""))
        .find((found) => found !== undefined);
      if (act.result !== "waiting" || row === undefined) return act;
      const progress = progressOf(row.status);
      if (progress === "waiting") return act;
      if (progress === "failed") {
        const message = await describeFailure(tenant, row);
        return { ...act, result: "refused" as const, message };
      }
      const window = row.window ?? { startsAt: null, endsAt: null };
      return { ...act, ...inForce(tenant, window), ...window };
    }),
  );
}

function placeOf({ requestId, role }: Act, surface: Surface): RequestPlace[] {
  if (requestId === undefined || role?.surface !== surface) return [];
  return [{ id: requestId, kind: "active", role }];
}

function requestOf(
  action: SelfAction,
  kind: "eligible" | "active",
  role: RoleKey,
  principalId: string,
  wish: Wish,
): SelfRequest {
  const { duration, startsAt, justification, ticket, isValidationOnly } = wish;
  return {
    action,
    kind,
    role,
    principalId,
    duration,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(justification === undefined ? {} : { justification }),
    ...(ticket === undefined ? {} : { ticket: ticketOf(ticket) }),
    ...(isValidationOnly === true ? { isValidationOnly } : {}),
  };
}

/** `SYSTEM:NUMBER`, or a number alone. */
function ticketOf(text: string): { number: string; system?: string } {
  const [, system, number] = /^([^:]+):(.+)$/.exec(text) ?? [];
  return system === undefined || number === undefined ? { number: text } : { number, system };
}

function actOf(tenant: Tenant, wish: Wish, role: RoleKey, what: string, outcome: SelfOutcome): Act {
  const { requestId, status, startsAt, endsAt } = outcome;
  const base = { text: wish.text, role, what, requestId, startsAt, endsAt };
  if (wish.isValidationOnly === true) {
    const waits = awaitsDecision(status) || /^pending/i.test(status);
    const message = waits ? "would be taken, and wait for approval" : "would be granted";
    return { ...base, result: "valid", message };
  }
  const progress = progressOf(status);
  if (progress === "failed") return { ...base, result: "refused", message: describeStatus(status) };
  if (progress === "waiting")
    return { ...base, result: "waiting", message: describeStatus(status) };
  return { ...base, ...inForce(tenant, { startsAt, endsAt }) };
}

function inForce(
  tenant: Tenant,
  { startsAt, endsAt }: { startsAt: string | null; endsAt: string | null },
): Pick<Act, "result" | "message"> {
  const begins = parseInstant(startsAt ?? "") ?? 0;
  if (begins > tenant.clock.now() + 60_000)
    return { result: "scheduled", message: `granted, begins ${startsAt}` };
  return {
    result: "active",
    message: endsAt === null ? "active" : `active until ${toSecond(endsAt)}`,
  };
}

async function settled(text: string, work: () => Promise<Act>): Promise<Act> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const result = kindOf(error);
    const [, what = text, rest = message] =
      new RegExp(`^(${escaped(text)}[^:]*): (.*)$`, "is").exec(message) ?? [];
    return { text, what, result, message: rest };
  }
}

/** An instant without fractions of a second. */
function toSecond(instant: string): string {
  return instant.replace(/\.\d+Z$/, "Z");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
