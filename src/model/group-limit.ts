/** How many role-assignable groups a tenant can have. Source: Entra service limits, 2026-08. */
export const MOST_ASSIGNABLE_GROUPS = 500;
