import { isGuid, type PrincipalKind } from "./constants";
import type { Problem } from "./problem";
import { isUnknown } from "./unknown";

/** A principal as the user names it: exactly one property, a name or an object id. */
export interface PrincipalInput {
  user?: string;
  group?: string;
  servicePrincipal?: string;
}

/** A principal reference that was read: what it is said to be, and the text that names it. */
export interface PrincipalReference {
  kind: PrincipalKind;
  text: string;
}

const KINDS: readonly PrincipalKind[] = ["user", "group", "servicePrincipal"];
const PATH_ID = /^\/(?:users|groups|servicePrincipals)\/([0-9a-f-]{36})(?:\/.*)?$/i;

/** The reference in a principal's arguments; undefined while unknown or when there is not exactly one. */
export function principalReference(input: PrincipalInput): PrincipalReference | undefined {
  const kind = principalKind(input);
  if (kind === undefined) return undefined;
  const text = input[kind] ?? "";
  return isUnknown(text) ? undefined : { kind, text: text.trim() };
}

/** What a principal is said to be, known also while its name is not; undefined when there is not exactly one. */
export function principalKind(input: PrincipalInput): PrincipalKind | undefined {
  const [kind, ...others] = KINDS.filter((candidate) => input[candidate] !== undefined);
  return others.length > 0 ? undefined : kind;
}

/** What is wrong with a principal's arguments by themselves. */
export function principalProblems(input: PrincipalInput): Problem[] {
  if (isUnknown(input)) return [];
  const present = KINDS.filter((candidate) => input[candidate] !== undefined);
  if (present.length !== 1) {
    return [
      {
        path: "",
        got:
          present.length === 0 ? undefined : Object.fromEntries(present.map((k) => [k, input[k]])),
        expected: "exactly one of user, group, servicePrincipal",
      },
    ];
  }
  const [kind = "user"] = present;
  const text = input[kind];
  if (isUnknown(text)) return [];
  return typeof text === "string" && text.trim() !== ""
    ? []
    : [{ path: kind, got: text, expected: "an object id or a name" }];
}

/** The object id in a reference text: a GUID, or azuread's path id; undefined for a name. */
export function objectIdIn(text: string): string | undefined {
  if (isGuid(text)) return text.toLowerCase();
  const id = PATH_ID.exec(text)?.[1];
  return id !== undefined && isGuid(id) ? id.toLowerCase() : undefined;
}

/** The key under which a resolved reference is kept: the kind and the text, spelling aside. */
export function referenceKey({ kind, text }: PrincipalReference): string {
  return `${kind}:${text.toLowerCase()}`;
}
