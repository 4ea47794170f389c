import type { GraphClient } from "../../http/graph";
import type { RoleKey } from "../../model/identity";
import { policiesPath, readPolicy, type WirePolicyAssignment } from "../graph-wire/policies";
import type { LivePolicy, PolicyEntry } from "../surface";

const OF_DIRECTORY_ROLES = "scopeId eq '/' and scopeType eq 'DirectoryRole'";

/** The policies of all directory roles. Policies carry a custom role's template id: `idOf` turns it into the role's id. */
export async function listPolicies(
  graph: GraphClient,
  idOf: (templateId: string) => string,
): Promise<PolicyEntry[]> {
  const wire = await graph.list<WirePolicyAssignment>(policiesPath(OF_DIRECTORY_ROLES), {
    purpose: "listing role settings",
  });
  return wire.map((entry) => {
    const role = roleKey(idOf(entry.roleDefinitionId.toLowerCase()));
    return { role, policy: readPolicy(role, entry) };
  });
}

/** The policies of single roles, in batches; undefined where a role has none. */
export async function readPolicies(
  graph: GraphClient,
  roles: readonly RoleKey[],
  templateOf: (roleDefinitionId: string) => string,
): Promise<(LivePolicy | Error | undefined)[]> {
  const paths = roles.map((role) =>
    policiesPath(`${OF_DIRECTORY_ROLES} and roleDefinitionId eq '${templateOf(idIn(role))}'`),
  );
  const pages = await graph.pages<WirePolicyAssignment>(paths, {
    purpose: "reading role settings",
  });
  return pages.map((page, index) => {
    const role = roles[index];
    if (page instanceof Error || role === undefined)
      return page instanceof Error ? page : undefined;
    const [entry] = page.value;
    return entry === undefined ? undefined : readPolicy(role, entry);
  });
}

function roleKey(roleDefinitionId: string): RoleKey {
  return { surface: "directoryRoles", roleDefinitionId, scope: "/" };
}

function idIn(role: RoleKey): string {
  return role.surface === "directoryRoles" ? role.roleDefinitionId : "";
}
