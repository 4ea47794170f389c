import type { PrincipalArgs } from "../resources/principal-args";

/** Arguments of {@link BreakGlass}. */
export interface BreakGlassArgs {
  /**
   * Two or more emergency accounts, by a key of your own. Users that live in the cloud alone, are enabled, are members
   * and no guests, and that nothing else in the program touches.
   * Source: https://learn.microsoft.com/entra/identity/role-based-access-control/security-emergency-access
   */
  accounts: Record<string, PrincipalArgs>;
}
