import { type AuditRow, writeAudit } from "../audit";
import type { PimBook } from "../pim/book";
import type { Requestor, Schedule } from "../pim/grant";
import type { Tenant } from "../tenant";

/** Ends an assignment that was denied; whoever is using an eligibility loses that too. */
export function endAccess(
  tenant: Tenant,
  book: PimBook,
  row: Schedule,
  by: Requestor | null,
  named: Pick<AuditRow, "category" | "roleId" | "roleName">,
): void {
  for (const used of [...book.schedules.active.by("activatedUsing", row.id)]) book.end(used);
  book.end(row);
  const member = row.kind === "eligible" ? "eligible member" : "member";
  writeAudit(tenant, {
    ...named,
    activityDisplayName: `Remove ${member} from role in PIM completed (permanent)`,
    initiatedBy: by ?? "PIM",
    principalId: row.principalId,
  });
}
