import type { GraphClient } from "../../http/graph";
import type { RoleKey } from "../../model/identity";
import { newestFirst } from "../../model/instant";
import { builtInRoleName } from "../../model/role-names";
import { graphPeople, type PeopleDialect } from "../graph-wire/people";
import {
  type RoleFacts,
  readPersonRequest,
  type WirePersonRequest,
} from "../graph-wire/people-codec";
import { policiesPath, readPolicy, type WirePolicyAssignment } from "../graph-wire/policies";
import type { PeopleSurface, RoleOffer } from "../people";
import type { LivePolicy } from "../surface";

const ROOT = "/roleManagement/directory";
const OF_DIRECTORY_ROLES = "scopeId eq '/' and scopeType eq 'DirectoryRole'";

/** Above as many roles one listing of all settings is cheaper than asking for each. */
const MOST_SINGLE = 20;

interface WireRoleRow {
  roleDefinitionId: string;
  directoryScopeId?: string | null;
  appScopeId?: string | null;
  roleDefinition?: { displayName?: string | null; templateId?: string | null } | null;
}

const DIALECT: PeopleDialect = {
  surface: "directoryRoles",
  root: ROOT,
  requests: {
    eligible: "roleEligibilityScheduleRequests",
    active: "roleAssignmentScheduleRequests",
  },
  instances: {
    eligible: "roleEligibilityScheduleInstances",
    active: "roleAssignmentScheduleInstances",
  },
  expand: { instances: "roleDefinition", requests: "principal,roleDefinition" },
  factsOf: (wire) => factsOf(wire as WireRoleRow),
  roleBody: (role) => ({ roleDefinitionId: roleIdIn(role), directoryScopeId: scopeIn(role) }),
  // Approvals of directory roles exist on beta only.
  approvals: { path: `${ROOT}/roleAssignmentApprovals`, part: "steps", version: "beta" },
};

/** PIM for Entra directory roles, as the person who signed in sees it. */
export function directoryRolePeople(graph: GraphClient): PeopleSurface {
  return {
    ...graphPeople(graph, DIALECT),
    async allRequests() {
      const kinds = ["active", "eligible"] as const;
      const answers = await graph.batchList<WirePersonRequest>(
        kinds.map((kind) => `${ROOT}/${DIALECT.requests[kind]}?$expand=${DIALECT.expand.requests}`),
        { purpose: "listing requests" },
      );
      const rows = answers.flatMap((answer, index) => {
        if (answer instanceof Error) throw answer;
        const kind = kinds[index] ?? "active";
        return answer.map((wire) => readPersonRequest(kind, DIALECT.factsOf(wire), wire));
      });
      return newestFirst(rows);
    },
    settings: (roles, calls) => readSettings(graph, roles, calls),
  };
}

async function readSettings(
  graph: GraphClient,
  offers: readonly RoleOffer[],
  calls: number,
): Promise<(LivePolicy | Error | undefined)[]> {
  const keys = [...new Set(offers.map(settingsKey))];
  if (calls < 1 || keys.length === 0) return offers.map(() => undefined);
  const byKey = keys.length > MOST_SINGLE ? await listAll(graph) : await readSingle(graph, keys);
  return offers.map((offer) => {
    const entry = byKey.get(settingsKey(offer));
    return entry === undefined || entry instanceof Error ? entry : readPolicy(offer.role, entry);
  });
}

async function listAll(graph: GraphClient): Promise<Map<string, WirePolicyAssignment>> {
  const entries = await graph.list<WirePolicyAssignment>(policiesPath(OF_DIRECTORY_ROLES), {
    purpose: "listing role settings",
  });
  return new Map(entries.map((entry) => [entry.roleDefinitionId.toLowerCase(), entry]));
}

async function readSingle(
  graph: GraphClient,
  keys: readonly string[],
): Promise<Map<string, WirePolicyAssignment | Error>> {
  const paths = keys.map((key) =>
    policiesPath(`${OF_DIRECTORY_ROLES} and roleDefinitionId eq '${key}'`),
  );
  const pages = await graph.pages<WirePolicyAssignment>(paths, {
    purpose: "reading role settings",
  });
  const found = new Map<string, WirePolicyAssignment | Error>();
  for (const [index, page] of pages.entries()) {
    const entry = page instanceof Error ? page : page.value[0];
    if (entry !== undefined) found.set(keys[index] ?? "", entry);
  }
  return found;
}

function settingsKey({ role, templateId }: RoleOffer): string {
  return (templateId ?? roleIdIn(role)).toLowerCase();
}

function factsOf(wire: WireRoleRow): RoleFacts {
  const roleDefinitionId = wire.roleDefinitionId.toLowerCase();
  const scope = wire.directoryScopeId ?? `app:${wire.appScopeId ?? "/"}`;
  const { displayName, templateId } = wire.roleDefinition ?? {};
  return {
    role: { surface: "directoryRoles", roleDefinitionId, scope },
    roleName: displayName ?? builtInRoleName("directoryRoles", roleDefinitionId) ?? null,
    ...(templateId == null ? {} : { templateId }),
  };
}

function roleIdIn(role: RoleKey): string {
  return role.surface === "directoryRoles" ? role.roleDefinitionId : "";
}

function scopeIn(role: RoleKey): string {
  return role.surface === "directoryRoles" ? role.scope : "/";
}
