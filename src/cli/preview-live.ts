import { settingsText } from "../model/access-reading";
import { GLOBAL_ADMINISTRATOR } from "../model/lockout";
import { type Leaves, readLeaves } from "../model/settings-leaves";
import {
  type LiveFacts,
  type Plan,
  type PlanQuestions,
  type PrincipalFacts,
  planQuestions,
} from "../preview";
import { readUnused } from "../tenant/alerts";
import { localClock } from "../tenant/clock";
import { readHolders } from "../tenant/holders";
import { openTenant } from "../tenant/open-tenant";
import type { Tenant } from "../tenant/tenant";

/** Groups of more people are counted, not listed: nobody reviews a thousand names. */
const MOST_NAMES = 500;
const BATCH = 4;

/** Asks the tenant what a plan does not say. Nothing is written: every call is a read. */
export async function readLiveFacts(plan: Plan, env: NodeJS.ProcessEnv): Promise<LiveFacts> {
  const tenant = await openTenant({
    config: (key) => configured(plan, key),
    env,
    clock: localClock(env["ENTRA_PIM_CLOCK_OFFSET"]),
    voice: () => undefined,
    engineAddress: undefined,
  });
  const facts = await factsOf(tenant, planQuestions(plan, tenant.tenantId));
  return { tenantId: tenant.tenantId, ...facts };
}

async function factsOf(tenant: Tenant, questions: PlanQuestions): Promise<LiveFacts> {
  const principals: Record<string, PrincipalFacts> = {};
  await inTurn(questions.principals, async ({ id, kind }) => {
    const facts = await principalFacts(tenant, id, kind);
    if (facts !== undefined) principals[id] = facts;
  });
  const live: Record<string, Leaves> = {};
  await inTurn(questions.settings, async (role) => {
    const policy = await tenant.snapshot(role.surface).policies.of(role);
    if (policy !== undefined) live[settingsText(role)] = readLeaves(policy.rules);
  });
  const isAboutRoles = questions.roles.length > 0;
  return {
    principals,
    settings: live,
    ...(isAboutRoles ? await roleFacts(tenant, questions) : {}),
    ...(isAboutRoles ? await unusedFacts(tenant, questions) : {}),
  };
}

/** Who else holds what the plan is about. */
async function roleFacts(tenant: Tenant, { roles }: PlanQuestions): Promise<LiveFacts> {
  const snapshot = tenant.snapshot("directoryRoles");
  const administrator = {
    surface: "directoryRoles",
    roleDefinitionId: GLOBAL_ADMINISTRATOR,
    scope: "/",
  } as const;
  const [holders, active, eligible] = await Promise.all([
    readHolders(tenant),
    snapshot.holders("active", administrator),
    snapshot.holders("eligible", administrator),
  ]);
  const people = new Set<string>();
  for (const { principalId, principal } of [...active, ...eligible]) {
    if (principal?.kind === "servicePrincipal") continue;
    if (principal?.kind === "group") {
      for (const { id } of await membersOf(tenant, principalId)) people.add(id);
    } else people.add(principalId);
  }
  const outside: NonNullable<LiveFacts["outsidePim"]>[number][] = [];
  await inTurn(roles, async (role) => {
    const rows = await snapshot.holders("active", role);
    if (role.surface === "groups") return;
    const { roleDefinitionId } = role;
    for (const { requestId, assignmentType, memberType, principalId, principal } of rows) {
      // Every assignment of PIM's names the request that made it, also after the request was purged.
      if (requestId !== null || assignmentType !== "assigned" || memberType !== "direct") continue;
      outside.push({
        principalId,
        principalName: principal?.name ?? principalId,
        roleDefinitionId,
      });
    }
  });
  return { holders, globalAdministrators: [...people], outsidePim: outside };
}

/** What PIM's alerts say of the roles that the plan is about. */
async function unusedFacts(tenant: Tenant, { roles }: PlanQuestions): Promise<LiveFacts> {
  const unused = await readUnused(tenant);
  if (!Array.isArray(unused)) return { unusedReason: unused.reason };
  const asked = new Set(
    roles.map((role) => role.surface === "directoryRoles" && role.roleDefinitionId),
  );
  return {
    unused: unused
      .filter(({ roleDefinitionId }) => asked.has(roleDefinitionId))
      .map(({ principalId, principalName, roleDefinitionId, alert, lastAt }) => ({
        principalId,
        principalName: principalName ?? principalId,
        roleDefinitionId,
        alert,
        ...(lastAt === undefined ? {} : { lastAt }),
      })),
  };
}

async function principalFacts(
  tenant: Tenant,
  id: string,
  kind: "user" | "group" | "servicePrincipal",
): Promise<PrincipalFacts | undefined> {
  const found = await tenant.principals.read(kind, id);
  if (found === undefined) return undefined;
  const { displayName, name, cloudOnly, isMember } = found;
  const facts: PrincipalFacts = {
    kind: found.kind,
    ...(displayName === undefined ? {} : { displayName }),
    ...(kind === "user" ? { userPrincipalName: name } : {}),
    ...(isMember === undefined || kind !== "user" ? {} : { isGuest: !isMember }),
    ...(cloudOnly === undefined || kind !== "user" ? {} : { isSynced: !cloudOnly }),
  };
  if (kind !== "group") return facts;
  const members = await membersOf(tenant, id);
  const names = members.map(({ displayName: shown, id: member }) => shown ?? member);
  return {
    ...facts,
    memberCount: members.length,
    ...(members.length <= MOST_NAMES ? { memberNames: names.sort() } : {}),
  };
}

/** The people behind a group, groups in it included. */
async function membersOf(
  tenant: Tenant,
  id: string,
): Promise<{ id: string; displayName?: string }[]> {
  const members = await tenant.graph.list<{
    "@odata.type"?: string;
    id: string;
    displayName?: string;
  }>(`/groups/${id}/transitiveMembers?$select=id,displayName`, {
    purpose: "counting the people behind a group",
  });
  return members.filter((member) => !(member["@odata.type"] ?? "").endsWith("group"));
}

/** The stack's own configuration; secrets are blinded in a preview, so those come from the environment. */
function configured({ config }: Plan, key: string): string | undefined {
  const value = config[key];
  return value === undefined || value === "[secret]" ? undefined : value;
}

async function inTurn<Item>(
  items: readonly Item[],
  ask: (item: Item) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    await Promise.all(items.slice(start, start + BATCH).map(ask));
  }
}
