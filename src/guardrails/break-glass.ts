import type { AccessPrincipal } from "../model/access";
import type { GuardrailConfig } from "./config";

/** Whether the configuration lists the principal as an emergency account. Being declared as one is not enough. */
export function isBreakGlass(principal: AccessPrincipal, { breakGlass }: GuardrailConfig): boolean {
  const { id, userPrincipalName } = principal;
  return [id, userPrincipalName].some(
    (name) => name !== undefined && breakGlass.includes(name.toLowerCase()),
  );
}
