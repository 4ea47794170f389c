import type { PrincipalKind } from "../model/constants";
import type { PrincipalReference } from "../model/principal";
import { readPrincipal, type WirePrincipal } from "../surfaces/graph-wire/schedule-codec";
import type { PrincipalFound } from "../surfaces/surface";

const COLLECTIONS: Record<PrincipalKind, { path: string; select: string; names: string[] }> = {
  user: {
    path: "/users",
    select:
      "id,displayName,userPrincipalName,accountEnabled,userType,onPremisesSyncEnabled,isManagementRestricted",
    names: ["userPrincipalName", "displayName"],
  },
  group: {
    path: "/groups",
    select: "id,displayName,isAssignableToRole,groupTypes",
    names: ["displayName"],
  },
  servicePrincipal: {
    path: "/servicePrincipals",
    select: "id,displayName,accountEnabled",
    names: ["displayName"],
  },
};

/** The properties by which a kind of principal is named, the most telling one first. */
export function namesOf(kind: PrincipalKind): readonly string[] {
  return COLLECTIONS[kind].names;
}

/** The path of the principals that have a name in one property. */
export function searchPath({ kind, text }: PrincipalReference, property: string): string {
  const { path, select } = COLLECTIONS[kind];
  const filter = encodeURIComponent(`${property} eq '${text.replace(/'/g, "''")}'`);
  return `${path}?$filter=${filter}&$select=${select}`;
}

/** The path of one principal. */
export function principalPath(kind: PrincipalKind, id: string): string {
  const { path, select } = COLLECTIONS[kind];
  return `${path}/${id}?$select=${select}`;
}

/** A collection of one type leaves the type annotation out. */
export function typedPrincipal(kind: PrincipalKind, wire: WirePrincipal): PrincipalFound {
  const found = readPrincipal({ "@odata.type": `#microsoft.graph.${kind}`, ...wire });
  if (found === undefined) throw new TypeError(`a ${kind} without an id`);
  return found;
}
