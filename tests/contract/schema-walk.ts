import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Property {
  type: string;
  collection?: boolean;
  nullable?: boolean;
}
interface TypeDefinition {
  base?: string;
  properties: Record<string, Property>;
  navigation?: Record<string, Property>;
}
interface Schema {
  types: Record<string, TypeDefinition | undefined>;
  enums: Record<string, Record<string, number> | undefined>;
}

/** An answer as the emulator kept it. */
export interface WalkedAnswer {
  method: string;
  path: string;
  status: number;
  body: unknown;
}

/** Something sent that Microsoft's metadata does not have. */
export interface Finding {
  answer: string;
  at: string;
  problem: string;
}

/** Type of the entities under a path, by its last literal segments; others are not in the metadata extract. */
const ROOTS: readonly [RegExp, string][] = [
  [/\/roleEligibilityScheduleRequests/i, "unifiedRoleEligibilityScheduleRequest"],
  [/\/roleAssignmentScheduleRequests/i, "unifiedRoleAssignmentScheduleRequest"],
  [/\/roleEligibilityScheduleInstances/i, "unifiedRoleEligibilityScheduleInstance"],
  [/\/roleAssignmentScheduleInstances/i, "unifiedRoleAssignmentScheduleInstance"],
  [/\/roleEligibilitySchedules/i, "unifiedRoleEligibilitySchedule"],
  [/\/roleAssignmentSchedules/i, "unifiedRoleAssignmentSchedule"],
  [/\/roleScheduleInstances/i, "unifiedRoleScheduleInstanceBase"],
  [/\/roleSchedules/i, "unifiedRoleScheduleBase"],
  [/\/roleAssignmentApprovals\/[^/?]+\/steps/i, "approvalStep"],
  [/\/roleAssignmentApprovals/i, "approval"],
  [/\/(transitiveR|r)oleAssignments/i, "unifiedRoleAssignment"],
  [/\/roleDefinitions/i, "unifiedRoleDefinition"],
  [/\/roleManagementPolicyAssignments\/[^/?]+\/policy(\?|$)/i, "unifiedRoleManagementPolicy"],
  [/\/roleManagementPolicies\/[^/?]+\/(rules|effectiveRules)/i, "unifiedRoleManagementPolicyRule"],
  [/\/roleManagementPolicies/i, "unifiedRoleManagementPolicy"],
  [/\/roleManagementPolicyAssignments/i, "unifiedRoleManagementPolicyAssignment"],
  [
    /privilegedAccess\/group\/eligibilityScheduleRequests/i,
    "privilegedAccessGroupEligibilityScheduleRequest",
  ],
  [
    /privilegedAccess\/group\/assignmentScheduleRequests/i,
    "privilegedAccessGroupAssignmentScheduleRequest",
  ],
  [
    /privilegedAccess\/group\/eligibilityScheduleInstances/i,
    "privilegedAccessGroupEligibilityScheduleInstance",
  ],
  [
    /privilegedAccess\/group\/assignmentScheduleInstances/i,
    "privilegedAccessGroupAssignmentScheduleInstance",
  ],
  [/privilegedAccess\/group\/eligibilitySchedules/i, "privilegedAccessGroupEligibilitySchedule"],
  [/privilegedAccess\/group\/assignmentSchedules/i, "privilegedAccessGroupAssignmentSchedule"],
  [/roleManagementAlerts\/alerts\/[^/?]+\/alertIncidents/i, "unifiedRoleManagementAlertIncident"],
  [/roleManagementAlerts\/.+\/alertDefinition(\?|$)/i, "unifiedRoleManagementAlertDefinition"],
  [
    /roleManagementAlerts\/.+\/alertConfiguration(\?|$)/i,
    "unifiedRoleManagementAlertConfiguration",
  ],
  [/roleManagementAlerts\/alertDefinitions/i, "unifiedRoleManagementAlertDefinition"],
  [/roleManagementAlerts\/alertConfigurations/i, "unifiedRoleManagementAlertConfiguration"],
  [/roleManagementAlerts\/operations/i, "longRunningOperation"],
  [/roleManagementAlerts\/alerts/i, "unifiedRoleManagementAlert"],
  [/accessReviews\/.*\/contactedReviewers/i, "accessReviewReviewer"],
  [/accessReviews\/.*\/?decisions/i, "accessReviewInstanceDecisionItem"],
  [/accessReviews\/.*\/stages/i, "accessReviewStage"],
  [/accessReviews\/definitions\/[^/]+\/instances/i, "accessReviewInstance"],
  [/accessReviews\/definitions/i, "accessReviewScheduleDefinition"],
  [/accessReviews\/historyDefinitions\/[^/]+\/instances/i, "accessReviewHistoryInstance"],
  [/accessReviews\/historyDefinitions/i, "accessReviewHistoryDefinition"],
  [/accessReviewPolicy|accessReviews\/policy/i, "accessReviewPolicy"],
  [/auditLogs\/directoryAudits/i, "directoryAudit"],
  [/\/oauth2PermissionGrants/i, "oAuth2PermissionGrant"],
  [/deletedItems\/microsoft\.graph\.user(\?|$)/i, "user"],
  [/deletedItems\/microsoft\.graph\.group(\?|$)/i, "group"],
  [/deletedItems\/microsoft\.graph\.administrativeUnit(\?|$)/i, "administrativeUnit"],
  [/authenticationContextClassReferences/i, "authenticationContextClassReference"],
  [/administrativeUnits(\/[^/?]+)?(\?|$)/i, "administrativeUnit"],
  [/^\/[^/]+\/users(\/[^/?]+)?(\?|$)/i, "user"],
  [/^\/[^/]+\/groups(\/[^/?]+)?(\?|$)/i, "group"],
  [/^\/[^/]+\/servicePrincipals(\/[^/?]+)?(\?|$)/i, "servicePrincipal"],
  [/^\/[^/]+\/applications(\/[^/?]+)?(\?|$)/i, "application"],
  [/directoryRoleTemplates/i, "directoryRoleTemplate"],
  [/directoryRoles(\/[^/?]+)?(\?|$)/i, "directoryRole"],
];

const schemas = new Map<string, Schema>();

/** Checks every entity in recorded answers: members, types, enum values; and `@odata.context`. */
export function walkAnswers(answers: readonly WalkedAnswer[]): Finding[] {
  return answers.flatMap(walkAnswer);
}

/** How many of the answers have a root type that the metadata knows. */
export function countWalked(answers: readonly WalkedAnswer[]): number {
  return answers.filter((answer) => rootOf(answer) !== undefined).length;
}

function rootOf(answer: WalkedAnswer): string | undefined {
  if (
    answer.status >= 300 ||
    answer.body === undefined ||
    /\$(batch|count\b(?!=))/.test(answer.path)
  )
    return undefined;
  return ROOTS.find(([pattern]) => pattern.test(answer.path))?.[1];
}

function walkAnswer(answer: WalkedAnswer): Finding[] {
  const version = /^\/(v1\.0|beta)\//.exec(answer.path)?.[1];
  const root = rootOf(answer);
  if (version === undefined || root === undefined) return [];
  const schema = schemaOf(version);
  const findings: Finding[] = [];
  const report = (at: string, problem: string) =>
    findings.push({ answer: `${answer.method} ${answer.path}`, at, problem });
  const body = answer.body as Record<string, unknown>;
  if (typeof body["@odata.context"] !== "string") report("", "no @odata.context");
  const values = Array.isArray(body["value"]) ? body["value"] : [body];
  for (const [index, value] of values.entries()) {
    walkObject(schema, root, value, `[${index}]`, report);
  }
  return findings;
}

type Report = (at: string, problem: string) => void;

function walkObject(
  schema: Schema,
  declared: string,
  value: unknown,
  at: string,
  report: Report,
): void {
  if (typeof value !== "object" || value === null) {
    report(at, `expected ${declared}, got ${JSON.stringify(value)}`);
    return;
  }
  const object = value as Record<string, unknown>;
  const type = String(object["@odata.type"] ?? `#microsoft.graph.${declared}`).replace(
    /^#microsoft\.graph\./,
    "",
  );
  const members = membersOf(schema, type);
  if (members === undefined) return;
  for (const [name, member] of Object.entries(object)) {
    if (name.includes("@")) continue;
    const property = members.get(name);
    if (property === undefined) report(`${at}.${name}`, `unknown member of ${type}`);
    else walkMember(schema, property, member, `${at}.${name}`, report);
  }
}

function walkMember(
  schema: Schema,
  property: Property,
  value: unknown,
  at: string,
  report: Report,
): void {
  if (value === null) {
    if (property.nullable === false && property.collection !== true)
      report(at, `null where ${property.type} is not nullable`);
    return;
  }
  if (property.collection === true) {
    if (!Array.isArray(value)) report(at, "expected a collection");
    else walkItems(schema, property, value, at, report);
    return;
  }
  const members = schema.enums[property.type];
  if (members !== undefined) {
    if (typeof value !== "string" || !(value in members))
      report(at, `${JSON.stringify(value)} is no ${property.type}`);
  } else if (property.type.startsWith("Edm.")) {
    if (!isPrimitive(property.type, value))
      report(at, `${JSON.stringify(value)} is no ${property.type}`);
  } else walkObject(schema, property.type, value, at, report);
}

function walkItems(
  schema: Schema,
  property: Property,
  items: readonly unknown[],
  at: string,
  report: Report,
): void {
  for (const [index, item] of items.entries()) {
    walkMember(schema, { type: property.type }, item, `${at}[${index}]`, report);
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/;
const DURATION = /^P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;

function isPrimitive(type: string, value: unknown): boolean {
  if (type === "Edm.Boolean") return typeof value === "boolean";
  if (type === "Edm.Int32") return Number.isInteger(value);
  if (type === "Edm.DateTimeOffset") return typeof value === "string" && INSTANT.test(value);
  if (type === "Edm.Duration") return typeof value === "string" && DURATION.test(value);
  return typeof value === "string";
}

function membersOf(schema: Schema, type: string): Map<string, Property> | undefined {
  if (schema.types[type] === undefined) return undefined;
  const members = new Map<string, Property>();
  for (let name: string | undefined = type; name !== undefined; ) {
    const definition: TypeDefinition | undefined = schema.types[name];
    const all = { ...definition?.properties, ...definition?.navigation };
    for (const [member, property] of Object.entries(all)) members.set(member, property);
    name = definition?.base;
  }
  return members;
}

function schemaOf(version: string): Schema {
  const known = schemas.get(version);
  if (known !== undefined) return known;
  const read = (name: string) =>
    JSON.parse(
      readFileSync(join(__dirname, "../../src/emulator/data", `${name}-${version}.json`), "utf8"),
    ) as Schema;
  const { enums, types } = read("graph-schema");
  const schema = { enums, types: { ...types, ...read("graph-directory").types } };
  schemas.set(version, schema);
  return schema;
}
