import type { PlanDiagnostic } from "./read-plan";
import { urnName } from "./read-plan";
import type { ReportDiagnostic } from "./report";

const ORDER = ["error", "warning"];

/** An import whose inputs differ is only warned of by the engine, and fails in the update (pulumi#8095). */
const WILL_FAIL = /inputs to import do not match the existing resource/i;

/** What was said, errors first, repeats merged. */
export function reportDiagnostics(diagnostics: readonly PlanDiagnostic[]): ReportDiagnostic[] {
  const merged = new Map<string, ReportDiagnostic>();
  for (const { severity, message, urn } of diagnostics) {
    if (message.trim() === "" || severity === "debug") continue;
    const raised = WILL_FAIL.test(message) ? "error" : severity;
    const resource =
      urn === undefined || urn.includes("pulumi:pulumi:Stack") ? undefined : urnName(urn);
    const key = [raised, resource, message].join("\n");
    const known = merged.get(key);
    merged.set(key, {
      severity: raised,
      message,
      ...(resource === undefined ? {} : { resource }),
      count: (known?.count ?? 0) + 1,
    });
  }
  return [...merged.values()].sort((a, b) => rank(a) - rank(b));
}

function rank({ severity }: ReportDiagnostic): number {
  const index = ORDER.indexOf(severity);
  return index < 0 ? ORDER.length : index;
}
