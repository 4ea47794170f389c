import type { NamedPrincipal, PimOnlyModeRule } from "../../model/policy-rules";
import { type Json, object, objects, text, texts } from "./json";

/**
 * PIM-only mode in our words. Its words are the service's own, with a small letter first.
 * https://learn.microsoft.com/rest/api/authorization/role-management-policies (2024-09-01-preview)
 */
export function readPimOnlyMode(wire: Json): PimOnlyModeRule {
  const settings = object(wire.pimOnlyModeSettings);
  return {
    kind: "pimOnlyMode",
    mode: uncapitalized(text(settings.mode)),
    excludedPrincipals: objects(settings.excludes).map(readExcluded),
    excludedAssignmentTypes: texts(settings.excludedAssignmentTypes).map(uncapitalized),
  };
}

/** PIM-only mode where nobody has set it yet: the service then shows no such rule. */
export const NO_PIM_ONLY_MODE: PimOnlyModeRule = {
  kind: "pimOnlyMode",
  mode: "disabled",
  excludedPrincipals: [],
  excludedAssignmentTypes: [],
};

// As published for a policy that has no such rule yet.
const NEW_TARGET: Json = {
  caller: "Admin",
  level: "Assignment",
  operations: ["all"],
  enforcedSettings: ["all"],
  inheritableSettings: ["all"],
  targetObjects: [],
};

/** What of the wire rule changes; who is excluded already is sent back as met. */
export function writePimOnlyMode(wire: Json, rule: PimOnlyModeRule): Json {
  const settings = object(wire.pimOnlyModeSettings);
  const met = objects(settings.excludes);
  return {
    ruleType: "RoleManagementPolicyPimOnlyModeRule",
    pimOnlyModeSettings: {
      ...settings,
      mode: capitalized(rule.mode),
      excludes: rule.excludedPrincipals.map(
        (principal) =>
          met.find((one) => isSame(readExcluded(one), principal)) ?? excluded(principal),
      ),
      excludedAssignmentTypes: rule.excludedAssignmentTypes.map(capitalized),
    },
    ...(wire.target === undefined && { target: NEW_TARGET }),
  };
}

function readExcluded(wire: Json): NamedPrincipal {
  const id = text(wire.id).toLowerCase();
  switch (text(wire.type).toLowerCase()) {
    case "user":
      return { kind: "user", id };
    case "group":
      return { kind: "group", id };
    case "serviceprincipal":
      return { kind: "servicePrincipal", id };
    default:
      return { kind: "other", id };
  }
}

function excluded({ kind, id }: NamedPrincipal): Json {
  return { id, type: capitalized(kind) };
}

function isSame(a: NamedPrincipal, b: NamedPrincipal): boolean {
  return a.kind === b.kind && a.id === b.id;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function uncapitalized(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
