import type { Conditions } from "../model/access";
import type { LiveFacts } from "../model/access-facts";
import { settingsText } from "../model/access-reading";
import { LEAF_PATHS, type LeafPath, type Leaves } from "../model/settings-leaves";

/** The settings of a role as the tenant or a baseline has them, where they were asked for. */
export function liveSettings(
  { role, tenantId }: Pick<Conditions, "role" | "tenantId">,
  facts: LiveFacts | undefined,
): Leaves | undefined {
  if (role.id === undefined || isOfAnother(tenantId, facts?.tenantId)) return undefined;
  const key =
    role.surface === "groups"
      ? ({ surface: "groups", groupId: role.id, access: role.access ?? "member" } as const)
      : { surface: role.surface, roleDefinitionId: role.id, scope: role.scope };
  return facts?.settings?.[settingsText(key)];
}

/** A built-in role has one id in every tenant, and settings of its own in each. */
function isOfAnother(tenantId: string | undefined, asked: string | undefined): boolean {
  return (
    tenantId !== undefined && asked !== undefined && tenantId.toLowerCase() !== asked.toLowerCase()
  );
}

/** Conditions with live values for what they do not declare. */
export function withObserved(conditions: Conditions, live: Leaves): Conditions {
  const { declared, unknown, observed } = conditions;
  const isFree = (path: LeafPath) => declared[path] === undefined && !unknown.includes(path);
  const free = LEAF_PATHS.filter((path) => isFree(path) && live[path] !== undefined);
  const seen = Object.fromEntries(free.map((path) => [path, live[path]])) as Leaves;
  return { ...conditions, observed: { ...seen, ...observed } };
}
