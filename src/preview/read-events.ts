import { urnName } from "./read-plan";
import type { PolicyResult } from "./report";

/** What policy packs said, out of an event log (`--event-log`), where the document of a preview leaves it out. */
export function readPolicyResults(text: string): PolicyResult[] {
  const results = new Map<string, PolicyResult>();
  for (const line of text.split("\n")) {
    const event = policyEvent(line);
    if (event === undefined) continue;
    const result: PolicyResult = {
      policy: textOf(event["policyName"]),
      pack: textOf(event["policyPackName"]),
      level: textOf(event["enforcementLevel"]) === "mandatory" ? "mandatory" : "advisory",
      message: textOf(event["message"])
        .replace(/<\{%.*?%\}>/g, "")
        .trim(),
      ...(typeof event["resourceUrn"] === "string" && event["resourceUrn"] !== ""
        ? { resource: urnName(event["resourceUrn"]) }
        : {}),
    };
    results.set(JSON.stringify(result), result);
  }
  return [...results.values()].sort(
    (a, b) => rank(a) - rank(b) || (a.policy < b.policy ? -1 : a.policy > b.policy ? 1 : 0),
  );
}

/** Lines that are no events are left out: a log of a run that was killed ends in half a line. */
function policyEvent(line: string): Record<string, unknown> | undefined {
  if (!line.includes('"policyEvent"')) return undefined;
  try {
    const event = JSON.parse(line) as { policyEvent?: Record<string, unknown> };
    return event.policyEvent;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function rank({ level }: PolicyResult): number {
  return level === "mandatory" ? 0 : 1;
}
