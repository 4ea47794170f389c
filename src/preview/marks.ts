import type { Severity } from "../guardrails";
import { visibleText } from "../model/access-text";
import type { GrantRow, NativeRow, Report, ReportFinding, Verdict, Which } from "./report";

/** Severities in words with a sign; the sign never stands alone. */
export const SEVERITY_MARKS: Readonly<Record<Severity, string>> = {
  block: "⛔ BLOCK",
  warn: "⚠️ WARN",
  note: "ℹ️ NOTE",
};

/** Conditions of Azure's are long, and what counts may stand at their end. */
export const LONGEST_CONDITION = 2000;

/** What a report cannot see; it says so every time. */
export const NOT_COVERED =
  "Not covered: access given outside this stack, the content of Conditional Access policies, access reviews, and what people already activated.";

/** Whether a resource of another package says who or what; code of the program's own says nothing. */
export function isAboutAccess({ who, role }: NativeRow): boolean {
  return who !== undefined || role !== undefined;
}

/** What stands above the rows of resources that are not ours. */
export const NATIVE_TITLE = "By resources of other packages, not judged like the rest";

/** Whether a finding stops the change: nobody waives it, and the change brings it. */
export function isBlocking({ severity, waived, isExisting }: ReportFinding): boolean {
  return severity === "block" && waived === undefined && isExisting !== true;
}

/** What an existing finding is called. */
export const THERE_BEFORE = "There before this change";

/** What the words of the tables mean, for a reader who sees them for the first time. */
export const LEGEND =
  "Eligible: may activate the role when it is needed, for hours, under the conditions named. Active: has it all the time, until the end named. Critical roles can take over the whole tenant.";

/** What to do with the change, in one sentence. */
export function adviceWords({ verdict, policies }: Report): string {
  const stopped = verdict.block + policies.filter(({ level }) => level === "mandatory").length;
  if (verdict.failed) return "The preview failed: there is nothing to judge yet.";
  if (stopped > 0)
    return `Must not be merged as it is: ${stopped} ${plural(stopped, "finding blocks", "findings block")}.`;
  if (verdict.warn > 0)
    return `Nothing blocks; ${verdict.warn} ${plural(verdict.warn, "warning asks", "warnings ask")} for a look.`;
  return verdict.direction === "none" ? "" : "Nothing blocks.";
}

/** Whether people can do more afterwards, in plain words. */
export function directionWords({ verdict }: Report): string {
  const words: Record<Verdict["direction"], string> = {
    broadening: "More access than before",
    narrowing: "Less access than before",
    neutral: "Neither more nor less access than before",
    none: "",
  };
  return words[verdict.direction];
}

/** The headline's words: direction and what counts. */
export function verdictWords(verdict: Verdict): string {
  const counts = [
    [verdict.block, "BLOCK"],
    [verdict.warn, "WARN"],
    [verdict.note, "NOTE"],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  const words = verdict.direction === "none" ? "no access change" : verdict.direction;
  return [verdict.failed ? "PREVIEW FAILED" : "", words, ...counts]
    .filter((word) => word !== "")
    .join(", ");
}

/** The counts in one sentence. */
export function countWords(report: Report): string {
  const { verdict, adopted, recreated, stays } = report;
  const native = report.native.filter(isAboutAccess);
  const parts: [number, string][] = [
    [verdict.gains, `+${verdict.gains} ${plural(verdict.gains, "gain")}`],
    [verdict.losses, `−${verdict.losses} ${plural(verdict.losses, "loss", "losses")}`],
    [verdict.changes, `${verdict.changes} changed`],
    [verdict.weaker, `${verdict.weaker} ${plural(verdict.weaker, "condition")} weaker`],
    [verdict.stricter, `${verdict.stricter} stricter`],
    [adopted.length, `${adopted.length} taken over`],
    [recreated.length, `${recreated.length} recreated`],
    [stays.length, `${stays.length} left behind`],
    [native.length, `${native.length} by resources of other packages`],
  ];
  const said = parts.filter(([count]) => count > 0).map(([, words]) => words);
  if (said.length === 0) return "Nobody gains or loses access.";
  const direction = directionWords(report);
  return `${direction === "" ? "" : `${direction}: `}${said.join(", ")}.`;
}

/** How much was wrong before, which this change neither made nor mended. */
export function existingWords({ verdict: { existing } }: Report): string {
  const count = existing.block + existing.warn + existing.note;
  if (count === 0) return "";
  const kinds = (["block", "warn", "note"] as const)
    .filter((severity) => existing[severity] > 0)
    .map((severity) => `${existing[severity]} ${severity.toUpperCase()}`);
  return `${count} ${plural(count, "finding was", "findings were")} there before (${kinds.join(", ")}) and ${plural(count, "is", "are")} not counted.`;
}

/** Project and stack, as the title says them. */
export function stackTitle({ project, stack }: Report): string {
  const name = [project, stack].filter((part) => part !== "").join("/");
  return name === "" ? "(empty stack)" : visibleText(name);
}

/** What kind of thing holds the access. */
export function kindWord({ who }: Pick<GrantRow, "who">): string {
  return who.kind === "servicePrincipal" ? "application" : who.kind;
}

/** How many people a group means. */
export function memberWords({ who }: Pick<GrantRow, "who">): string {
  const { members, kind } = who;
  if (kind !== "group" || members === undefined) return "";
  return `${members.count} ${plural(members.count, "member")}`;
}

/** The role in words, without its scope. */
export function roleName({ surface, name, access }: Which): string {
  return surface === "groups" ? `${access ?? "member"} of ${name}` : name;
}

/** A count's noun. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** Why a gain is one, when it is no first grant. */
export function reasonWords({ reason }: GrantRow): string {
  if (reason === "renewed") return "RENEWED after it had expired";
  return reason === "regranted" ? "RE-GRANT: somebody removed it" : "";
}

/** Versions and times that a reader may want to know, for the last line. */
export function identityWords(report: Report): string[] {
  const { tenants, commit, base, profile, madeAt } = report;
  return [
    tenants.length === 0 ? "" : `Tenant ${tenants.join(", ")}`,
    commit === undefined ? "" : `commit ${commit.slice(0, 12)}`,
    base === undefined ? "" : `base ${base}`,
    `rules ${profile}`,
    madeAt === undefined ? "" : `made ${madeAt.slice(0, 16)}Z`,
  ].filter((word) => word !== "");
}
