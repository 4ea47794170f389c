import type { Operation } from "../api";
import { refuse } from "../errors";

/** Operations that a tenant without Entra ID P2 refuses, reads included. */
export function needingLicence(operations: readonly Operation[]): Operation[] {
  return operations.map((operation) => ({
    ...operation,
    run: (call) => {
      if (!call.tenant.settings.licensed) throw refuse.licence();
      return operation.run(call);
    },
  }));
}
