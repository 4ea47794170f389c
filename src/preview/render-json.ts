import { plainText } from "../model/access-phrase";
import type { ConditionRow, GrantRow, Report, ReportFinding } from "./report";
import schema from "./report.schema.json";

/** The JSON Schema that every JSON report follows. */
export const REPORT_SCHEMA: object = schema;

/** The report for gates and dashboards: names as the tenant spells them, sentences as plain text. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(jsonReport(report), null, 2)}\n`;
}

/** The report as plain JSON values. */
function jsonReport(report: Report): object {
  const { version, ...rest } = report;
  return {
    $schema: schema.$id,
    version,
    ...rest,
    findings: report.findings.map(finding),
    gains: report.gains.map(grant),
    losses: report.losses.map(grant),
    changes: report.changes.map(grant),
    adopted: report.adopted.map(grant),
    recreated: report.recreated.map(grant),
    stays: report.stays.map(grant),
    holders: report.holders.map(grant),
    conditions: report.conditions.map(condition),
    drift: report.drift.map(condition),
  };
}

function grant(row: GrantRow): object {
  return { ...row, toActivate: row.toActivate.map(plainText) };
}

function condition(row: ConditionRow): object {
  return { ...row, before: plainText(row.before), after: plainText(row.after) };
}

function finding(row: ReportFinding): object {
  return { ...row, message: plainText(row.message), fix: plainText(row.fix) };
}
