import type { LiveFacts, PrincipalFacts } from "../model/access-facts";
import { nearestNames } from "../model/nearest";
import type { Leaves } from "../model/settings-leaves";
import type { SettingsTree } from "../model/settings-tree";
import { stateLeaves, stateTree } from "../model/state-leaves";
import { PreviewInputError } from "./read-plan";

/** The lists of a baseline, and the texts that an entry of each must have. */
const LISTS = {
  holders: ["principalId", "roleDefinitionId", "name"],
  outsidePim: ["principalId", "principalName", "roleDefinitionId"],
  unused: ["principalId", "principalName", "roleDefinitionId", "alert"],
} as const;

const KEYS = [
  "tenantId",
  "settings",
  "principals",
  "globalAdministrators",
  "unusedReason",
  ...Object.keys(LISTS),
];

/**
 * A baseline: what a tenant said when it was asked. `settings` by the role's text (as `directoryRoles|/|<role id>`),
 * each as nested settings; `principals` by object id; and who holds what, as `--save-baseline` writes it. A part that is
 * missing was not asked.
 *
 * @throws PreviewInputError
 */
export function readBaseline(text: string, file: string): LiveFacts {
  const bag = parseBag(text, file);
  for (const key of Object.keys(bag)) checkKey(key, file);
  const settings: Record<string, Leaves> = {};
  for (const [role, tree] of Object.entries(section(bag, "settings", file))) {
    if (!isBag(tree))
      throw new PreviewInputError(`${file}: settings.${role}: expected nested settings`);
    const key = role.toLowerCase().replace(/^(directory|azure)roles/, "$1Roles");
    settings[key] = stateLeaves(tree as SettingsTree);
  }
  const principals: Record<string, PrincipalFacts> = {};
  for (const [id, facts] of Object.entries(section(bag, "principals", file))) {
    principals[id.toLowerCase()] = facts as PrincipalFacts;
  }
  return { ...lists(bag, file), settings, principals };
}

/** Facts as `readBaseline` reads them. */
export function printBaseline({ settings = {}, ...facts }: LiveFacts): string {
  const trees = Object.entries(settings).map(([role, leaves]) => [role, stateTree(leaves)]);
  return `${JSON.stringify({ settings: Object.fromEntries(trees), ...facts }, null, 2)}\n`;
}

function lists(bag: Record<string, unknown>, file: string): LiveFacts {
  const facts: Record<string, unknown> = {};
  for (const [name, members] of Object.entries(LISTS)) {
    if (bag[name] === undefined) continue;
    facts[name] = list(bag[name], `${file}: ${name}`).map((entry, index) =>
      checkedEntry(entry, members, `${file}: ${name}[${index}]`),
    );
  }
  const { globalAdministrators, unusedReason, tenantId } = bag;
  if (typeof tenantId === "string") facts["tenantId"] = tenantId;
  if (globalAdministrators !== undefined) {
    facts["globalAdministrators"] = list(globalAdministrators, `${file}: globalAdministrators`);
  }
  if (typeof unusedReason === "string") facts["unusedReason"] = unusedReason;
  return facts as LiveFacts;
}

function checkedEntry(entry: unknown, members: readonly string[], path: string): unknown {
  if (!isBag(entry)) throw new PreviewInputError(`${path}: expected an object`);
  for (const member of members) {
    if (typeof entry[member] !== "string")
      throw new PreviewInputError(`${path}.${member}: expected a text`);
  }
  return entry;
}

function checkKey(key: string, file: string): void {
  if (KEYS.includes(key)) return;
  const [nearest] = nearestNames(key, KEYS);
  const fix =
    nearest === undefined
      ? `known keys: ${KEYS.join(", ")}`
      : `did you mean ${JSON.stringify(nearest)}?`;
  throw new PreviewInputError(`${file}: ${key}: expected a known key; ${fix}`);
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

function list(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new PreviewInputError(`${path}: expected a list`);
}

/** A JSON object of a file. */
export function parseBag(text: string, file: string): Record<string, unknown> {
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

export function isBag(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
