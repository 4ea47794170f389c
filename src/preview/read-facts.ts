import type { LiveFacts, PrincipalFacts } from "../model/access-facts";
import { treeLeaves } from "../model/access-reading";
import type { Leaves } from "../model/settings-leaves";
import type { SettingsTree } from "../model/settings-tree";
import { PreviewInputError } from "./read-plan";

/** A names file: a name, or what is known of the object, by object id. */
export function readNames(text: string, file: string): Record<string, PrincipalFacts> {
  const names: Record<string, PrincipalFacts> = {};
  for (const [id, value] of Object.entries(parse(text, file))) {
    if (typeof value === "string") names[id.toLowerCase()] = { displayName: value };
    else if (isBag(value)) names[id.toLowerCase()] = value as PrincipalFacts;
    else
      throw new PreviewInputError(
        `${file}: ${id}: got ${JSON.stringify(value)}, expected a name or an object`,
      );
  }
  return names;
}

/**
 * A baseline: what an export of the tenant knew. `settings` by the role's text (as `directoryRoles|/|<role id>`),
 * each as nested settings; `principals` by object id.
 */
export function readBaseline(text: string, file: string): LiveFacts {
  const bag = parse(text, file);
  const settings: Record<string, Leaves> = {};
  for (const [role, tree] of Object.entries(section(bag, "settings", file))) {
    if (!isBag(tree))
      throw new PreviewInputError(`${file}: settings.${role}: expected nested settings`);
    settings[role.toLowerCase().replace(/^(directory|azure)roles/, "$1Roles")] = treeLeaves(
      tree as SettingsTree,
    );
  }
  const principals: Record<string, PrincipalFacts> = {};
  for (const [id, facts] of Object.entries(section(bag, "principals", file))) {
    principals[id.toLowerCase()] = facts as PrincipalFacts;
  }
  return { settings, principals };
}

/** Facts of a baseline with live ones over them. */
export function mergeFacts(
  baseline: LiveFacts | undefined,
  live: LiveFacts | undefined,
): LiveFacts | undefined {
  if (baseline === undefined || live === undefined) return live ?? baseline;
  return {
    ...baseline,
    ...live,
    settings: { ...baseline.settings, ...live.settings },
    principals: { ...baseline.principals, ...live.principals },
  };
}

function section(
  bag: Record<string, unknown>,
  name: string,
  file: string,
): Record<string, unknown> {
  const value = bag[name] ?? {};
  if (isBag(value)) return value;
  throw new PreviewInputError(`${file}: ${name}: expected an object`);
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isBag(value)) return value;
  } catch (error) {
    throw new PreviewInputError(
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  throw new PreviewInputError(`${file}: expected a JSON object`);
}

function isBag(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
