import { parseDuration } from "../../clock";
import type { Json } from "../../schema";
import { folded, textOf } from "../arm-api";
import { refuseArm } from "../arm-errors";
import { normalScope } from "../scopes";

/** What a review of Azure roles looks at. */
export interface AzureReviewScope {
  resourceId: string;
  roleDefinitionId: string | null;
  principalType: PrincipalType | null;
  assignmentState: "eligible" | "active" | null;
  inactiveDuration: string | null;
  expandNestedMemberships: boolean;
  includeInheritedAccess: boolean;
  includeAccessBelowResource: boolean;
  excludeResourceId: string | null;
  excludeRoleDefinitionId: string | null;
}

type PrincipalType = "user" | "guestUser" | "servicePrincipal" | "user,group" | "redeemedGuestUser";

const PRINCIPAL_TYPES = [
  "user",
  "guestUser",
  "servicePrincipal",
  "user,group",
  "redeemedGuestUser",
] as const;

/** Reads the scope of a review; the specification calls its members read-only, its examples send them. */
export function readScope(value: unknown, scopeId: string): AzureReviewScope {
  const members = folded(value);
  const inactiveDuration = textOf(members, "inactiveDuration");
  if (inactiveDuration !== null && parseDuration(inactiveDuration) === undefined)
    throw refuseArm.invalidContent("The value of 'inactiveDuration' must be a duration.");
  return {
    resourceId: normalScope(textOf(members, "resourceId") ?? scopeId),
    roleDefinitionId: textOf(members, "roleDefinitionId"),
    principalType: choiceOf(members, "principalType", PRINCIPAL_TYPES),
    assignmentState: choiceOf(members, "assignmentState", ["eligible", "active"] as const),
    inactiveDuration,
    expandNestedMemberships: flagOf(members, "expandNestedMemberships") ?? false,
    includeInheritedAccess: flagOf(members, "includeInheritedAccess") ?? false,
    includeAccessBelowResource: flagOf(members, "includeAccessBelowResource") ?? false,
    excludeResourceId: textOf(members, "excludeResourceId"),
    excludeRoleDefinitionId: textOf(members, "excludeRoleDefinitionId"),
  };
}

/** A scope as it is told. */
export function scopeToWire(scope: AzureReviewScope): Json {
  return { ...scope };
}

/** A member that has to be one of some words, spelled as published; null where it is absent. */
export function choiceOf<T extends string>(
  members: ReadonlyMap<string, unknown>,
  name: string,
  choices: readonly T[],
): T | null {
  const text = textOf(members, name);
  if (text === null) return null;
  const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
  if (found === undefined)
    throw refuseArm.invalidContent(`'${text}' is no value of '${name}': ${choices.join(", ")}.`);
  return found;
}

/** A member that is true or false, null where it is absent. */
export function flagOf(members: ReadonlyMap<string, unknown>, name: string): boolean | null {
  const value = members.get(name.toLowerCase()) ?? null;
  if (value !== null && typeof value !== "boolean")
    throw refuseArm.invalidContent(`The value of '${name}' must be true or false.`);
  return value;
}
