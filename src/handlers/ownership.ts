import { tenantOf } from "../model/identity";
import { SCHEMA_VERSION } from "../model/kinds";
import type { Problem } from "../model/problem";
import type { Tenant } from "../tenant/tenant";
import { RefusedError } from "./handler";

/** What every state says about where it belongs. */
export interface Belonging {
  tenantId?: string;
  schemaVersion?: number;
}

/** Refuses a state of another tenant or of a newer release: acting on either would touch what is not ours. */
export function assertOurs(tenant: Tenant, id: string, state: Belonging): void {
  const problem = belongingProblem(tenant, { ...state, tenantId: tenantOf(id) });
  if (problem !== undefined) throw new RefusedError(`${problem.expected}; ${problem.fix ?? ""}`);
}

/** The same as a problem, for `check`. */
export function belongingProblem(
  tenant: Tenant,
  state: Belonging | undefined,
): Problem | undefined {
  if (state === undefined) return undefined;
  if (state.schemaVersion !== undefined && state.schemaVersion > SCHEMA_VERSION) {
    return {
      path: "schemaVersion",
      got: state.schemaVersion,
      expected: `a state of version ${SCHEMA_VERSION} or older, not version ${state.schemaVersion}`,
      fix: "it was written by a newer release of pulumi-entra-pim: install that release",
    };
  }
  if (state.tenantId === undefined || state.tenantId.toLowerCase() === tenant.tenantId)
    return undefined;
  return {
    path: "tenantId",
    got: state.tenantId,
    expected: `belongs to tenant ${state.tenantId}, connected to ${tenant.tenantId}`,
    fix: "set entra-pim:tenantId back, or give this resource a pim.Provider of its own tenant",
  };
}

/** Claims an identity for its owner; the problem when another resource of this run declares the same. */
export async function claim(tenant: Tenant, identity: string, owner: string): Promise<Problem[]> {
  const other = await tenant.ledger.claim(identity, owner);
  if (other === undefined) return [];
  return [
    {
      path: "owner",
      expected: `one resource for each ${identity.endsWith("|settings") ? "role's settings" : "assignment"}: declared twice, here and by ${describeOwner(other)}`,
      fix: "remove one of the two",
    },
  ];
}

/**
 * The resource of this run that declares what another one is to delete. While that one has not come to hold it, as when
 * its creation failed, deleting would cost somebody their access and forgetting would lose track of it.
 */
export async function heirOf(
  tenant: Tenant,
  identity: string,
  owner: string,
  what: string,
): Promise<string | undefined> {
  const heir = await tenant.ledger.ownerOf(identity);
  if (heir === undefined || heir === owner || tenant.ledger.isHeld(identity)) return heir;
  throw new RefusedError(
    `${what}: not removed: ${describeOwner(heir)} declares it now, but does not hold it yet; run again`,
  );
}

/** The resource as the user knows it: its type's last word and its name. */
export function describeOwner(owner: string): string {
  const [project, stack, type = "", ...name] = owner.split("/");
  if (project === undefined || stack === undefined || name.length === 0) return owner;
  return `${type.split(/[:$]/).pop()} "${name.join("/")}"`;
}
