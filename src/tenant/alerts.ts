import { ServiceError } from "../http/errors";
import { readUnusedRows, type UnusedRow } from "../surfaces/directory-roles/alerts";
import type { Tenant } from "./tenant";

export type { UnusedRow } from "../surfaces/directory-roles/alerts";

/**
 * Assignments of directory roles that PIM's own alerts call unused. Not every identity may read alerts, and not every
 * cloud has them: then why not, in one line.
 */
export async function readUnused(tenant: Tenant): Promise<UnusedRow[] | { reason: string }> {
  try {
    return await readUnusedRows(tenant.graph);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status === 403)
      return { reason: "this identity lacks RoleManagementAlert.Read.Directory" };
    if (error.status >= 500 || error.status === 429) throw error;
    return { reason: `this tenant does not tell its alerts (${error.status} ${error.code})` };
  }
}
