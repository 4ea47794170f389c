import { isDeepStrictEqual } from "node:util";

/** The inputs that say which role is meant. */
export const ROLE_INPUTS = [
  "directoryRole",
  "group",
  "azureRole",
  "roleDefinitionId",
  "groupId",
] as const;

/** The named properties whose values differ. */
export function differing(names: readonly string[], olds: object, news: object): string[] {
  const before: Record<string, unknown> = { ...olds };
  const after: Record<string, unknown> = { ...news };
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
