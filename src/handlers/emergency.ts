import type { AssignmentKey } from "../model/identity";
import type { AssignmentInputs } from "../model/kinds";
import type { Problem } from "../model/problem";
import { restrictedUnitsOf } from "../tenant/restricted-units";
import type { PrincipalFound } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { describeOwner } from "./ownership";

/**
 * What makes an account useless in an emergency. Microsoft: "Manage emergency access accounts in Microsoft Entra ID"
 * asks for cloud-only accounts that depend on nothing else.
 */
export async function emergencyProblems(
  tenant: Tenant,
  key: AssignmentKey,
  inputs: AssignmentInputs,
): Promise<Problem[]> {
  if (inputs.emergency !== true) return [];
  const account = await tenant.principals.read("user", key.principalId);
  if (account === undefined) return [];
  const wrong = faultOf(account);
  if (wrong === undefined) return [];
  return [
    {
      path: "principal.user",
      got: account.name,
      expected: `an enabled, cloud-only member account: this one is ${wrong}`,
      fix: "an emergency account must work when directory synchronisation, a home tenant or a helpdesk does not",
    },
  ];
}

/**
 * Names the units that shield an account: nobody but their administrators resets, disables or deletes it, this
 * deployment included.
 */
export async function sayShielded(
  tenant: Tenant,
  key: AssignmentKey,
  inputs: AssignmentInputs,
): Promise<void> {
  if (inputs.emergency !== true) return;
  const account = await tenant.principals.read("user", key.principalId).catch(() => undefined);
  if (account?.isManagementRestricted !== true) return;
  const units = await restrictedUnitsOf(tenant, key.principalId);
  const names = units.map((unit) => JSON.stringify(unit)).join(", ");
  tenant.voice(
    `${describeOwner(inputs.owner)}: ${account.name} is protected by restricted management administrative unit ${names || "(not shown to this identity)"}: no application permission of Graph can change the account, only administrators of the unit can`,
  );
}

function faultOf({ enabled, cloudOnly, isMember }: PrincipalFound): string | undefined {
  if (enabled === false) return "disabled";
  if (isMember === false) return "a guest";
  return cloudOnly === false ? "synchronised from an on-premises directory" : undefined;
}
