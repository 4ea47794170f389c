import type { AccessPrincipal } from "./access";
import type { PrincipalFacts } from "./access-facts";
import { known } from "./access-role";
import { shortId } from "./access-text";
import type { AssignmentInputs } from "./kinds";
import { objectIdIn, principalKind } from "./principal";
import { SECRET } from "./secret-values";

/** What is known of principals beside the inputs of one assignment. */
export interface PrincipalNames {
  /** By object id, lower case. */
  byId(id: string): PrincipalFacts | undefined;
  /** The resource that a property of a resource comes from, with what its inputs say of it. */
  origin(urn: string, property: string): (PrincipalFacts & { from: string }) | undefined;
}

/** Nothing is known. */
export const NO_NAMES: PrincipalNames = { byId: () => undefined, origin: () => undefined };

/** What `check` adds about who it is. */
type NamedBy = "principalId" | "principalKind" | "principalName";

/** The principal of an assignment, with the best names there are. */
export function accessPrincipal(
  urn: string,
  inputs: Pick<AssignmentInputs, "principal" | NamedBy>,
  names: PrincipalNames,
): AccessPrincipal {
  const given = principalKind(inputs.principal ?? {});
  const text = given === undefined ? undefined : known(inputs.principal[given]);
  const id = (known(inputs.principalId) ?? objectIdIn(text ?? ""))?.toLowerCase();
  const facts = (id === undefined ? undefined : names.byId(id)) ?? {};
  const origin = names.origin(urn, "principal");
  const kind = facts.kind ?? inputs.principalKind ?? given ?? origin?.kind ?? "user";
  return {
    kind,
    id,
    ...(given !== undefined && inputs.principal[given] === SECRET
      ? { isSecret: true }
      : printable(kind, { ...origin, ...facts }, known(inputs.principalName), text)),
    ...(id === undefined && origin !== undefined ? { from: origin.from } : {}),
    ...flags(facts),
  };
}

/** The name to print: what people call it, else its text, else a piece of its id. */
export function principalName(principal: AccessPrincipal): string {
  const { displayName, userPrincipalName, id, from, isSecret } = principal;
  if (isSecret === true) return "(secret)";
  if (displayName !== undefined) return displayName;
  if (userPrincipalName !== undefined) return userPrincipalName;
  if (id !== undefined) return shortId(id);
  return from === undefined ? "(known after apply)" : `(known after apply, from ${from})`;
}

function printable(
  kind: string,
  facts: PrincipalFacts,
  resolved: string | undefined,
  text: string | undefined,
): Pick<AccessPrincipal, "displayName" | "userPrincipalName"> {
  const texts = [resolved, text].filter(
    (candidate): candidate is string =>
      candidate !== undefined && objectIdIn(candidate) === undefined,
  );
  const upn = facts.userPrincipalName ?? (kind === "user" ? texts.find(isUpn) : undefined);
  const display = facts.displayName ?? texts.find((candidate) => candidate !== upn);
  return {
    ...(display === undefined ? {} : { displayName: display }),
    ...(upn === undefined ? {} : { userPrincipalName: upn }),
  };
}

function flags(facts: PrincipalFacts): Partial<AccessPrincipal> {
  const { isGuest, isSynced, memberCount, memberNames } = facts;
  return {
    ...(isGuest === undefined ? {} : { isGuest }),
    ...(isSynced === undefined ? {} : { isSynced }),
    ...(memberCount === undefined
      ? {}
      : {
          members: {
            count: memberCount,
            ...(memberNames === undefined ? {} : { names: memberNames }),
          },
        }),
  };
}

function isUpn(text: string): boolean {
  return text.includes("@");
}
