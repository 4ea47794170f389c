import type { Tier } from "./constants";
import { EntraRole, PRIVILEGED_ROLES } from "./roles-entra";

/*
 * Microsoft, CISA, CIS and others each list other roles as privileged (8 to 67 of them). These tiers follow what a role
 * can do to the tenant: critical ones can give themselves any other role; high ones can take over identities,
 * applications, devices or the data of everybody. CISA MS.AAD.7.x calls eight of them highly privileged (marked CISA).
 */

const CRITICAL: readonly string[] = [
  EntraRole.GlobalAdministrator, // CISA
  EntraRole.PrivilegedRoleAdministrator, // CISA
  EntraRole.PrivilegedAuthenticationAdministrator,
  EntraRole.PartnerTier2Support,
];

const HIGH: readonly string[] = [
  EntraRole.ApplicationAdministrator, // CISA
  EntraRole.CloudApplicationAdministrator, // CISA
  EntraRole.HybridIdentityAdministrator, // CISA
  EntraRole.UserAdministrator, // CISA
  EntraRole.ExchangeAdministrator, // CISA; not marked as privileged by Graph
  EntraRole.SharePointAdministrator, // CISA; not marked as privileged by Graph
  EntraRole.ConditionalAccessAdministrator,
  EntraRole.SecurityAdministrator,
  EntraRole.AuthenticationAdministrator,
  EntraRole.AuthenticationPolicyAdministrator,
  EntraRole.DomainNameAdministrator,
  EntraRole.ExternalIdentityProviderAdministrator,
  EntraRole.IntuneAdministrator,
  EntraRole.IdentityGovernanceAdministrator,
  EntraRole.DirectorySynchronizationAccounts,
];

/** Not marked as privileged by Graph, but on the list of CIS Microsoft 365 5.3.1. */
const ALSO_PRIVILEGED: readonly string[] = [EntraRole.BillingAdministrator];

const BUILT_IN: ReadonlySet<string> = new Set(Object.values(EntraRole));

/** The tier of a directory role by its template id; a role that is not built in counts as privileged until it is known. */
export function tierOf(roleDefinitionId: string): Tier {
  const id = roleDefinitionId.trim().toLowerCase();
  if (CRITICAL.includes(id)) return "critical";
  if (HIGH.includes(id)) return "high";
  if (PRIVILEGED_ROLES.has(id) || ALSO_PRIVILEGED.includes(id) || !BUILT_IN.has(id))
    return "privileged";
  return "standard";
}
