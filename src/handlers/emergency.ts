import type { AssignmentKey } from "../model/identity";
import type { AssignmentInputs } from "../model/kinds";
import type { Problem } from "../model/problem";
import type { PrincipalFound } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";

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

function faultOf({ enabled, cloudOnly, isMember }: PrincipalFound): string | undefined {
  if (enabled === false) return "disabled";
  if (isMember === false) return "a guest";
  return cloudOnly === false ? "synchronised from an on-premises directory" : undefined;
}
