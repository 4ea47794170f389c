import { isGuid, type PrincipalKind } from "./constants";
import type { Problem } from "./problem";
import { textProblems } from "./text-rules";
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
const PATH_ID = /^\/(users|groups|servicePrincipals)\/([0-9a-f-]{36})(?:\/.*)?$/i;
const PATH_KINDS: Record<string, PrincipalKind> = {
  users: "user",
  groups: "group",
  serviceprincipals: "servicePrincipal",
};

/** The reference in a principal's arguments; undefined while unknown or when there is not exactly one. */
export function principalReference(input: PrincipalInput): PrincipalReference | undefined {
  const kind = principalKind(input);
  if (kind === undefined) return undefined;
  const text: unknown = input[kind] ?? "";
  return isUnknown(text) || typeof text !== "string" ? undefined : { kind, text: text.trim() };
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
  return [...textProblems(kind, text, "an object id or a name"), ...pathProblems(kind, text)];
}

/** A path id says itself what it is of. */
function pathProblems(kind: PrincipalKind, text: unknown): Problem[] {
  const segment = typeof text === "string" ? PATH_ID.exec(text.trim())?.[1] : undefined;
  const actual = PATH_KINDS[segment?.toLowerCase() ?? kind] ?? kind;
  if (actual === kind) return [];
  const fix = `name it as ${actual}, not as ${kind}`;
  return [{ path: kind, got: text, expected: `the object id of a ${kind}`, fix }];
}

/** Principals that a list names twice, by one spelling or another. */
export function repeatedPrincipalProblems(
  path: string,
  principals: readonly PrincipalInput[],
): Problem[] {
  const seen = new Map<string, number>();
  return principals.flatMap((principal, index) => {
    const reference = isUnknown(principal) ? undefined : principalReference(principal ?? {});
    if (reference === undefined || reference.text === "") return [];
    const key = objectIdIn(reference.text) ?? referenceKey(reference);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, index);
      return [];
    }
    const at = `${path}[${index}]`;
    return [{ path: at, got: reference.text, expected: `another than ${path}[${first}]` }];
  });
}

/** The object id in a reference text: a GUID, or azuread's path id; undefined for a name. */
export function objectIdIn(text: string): string | undefined {
  if (isGuid(text)) return text.toLowerCase();
  const id = PATH_ID.exec(text)?.[2];
  return id !== undefined && isGuid(id) ? id.toLowerCase() : undefined;
}

/** The key under which a resolved reference is kept: the kind and the text, spelling aside. */
export function referenceKey({ kind, text }: PrincipalReference): string {
  return `${kind}:${text.toLowerCase()}`;
}
