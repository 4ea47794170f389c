import { type Call, type Operation, param } from "../api";
import { PERMISSIONS } from "../permissions";
import type { GrantKind, Schedule } from "../pim/grant";
import { needingLicence } from "../pim/licence";
import { type EntitySet, list, sourceOf } from "../respond";
import { INSTANCE_SETS, SCHEDULE_SETS } from "./pim-wire";
import { inForce, notEnded } from "./schedules";

const PATH = "/roleManagement/directory";
const KINDS = ["active", "eligible"] as const;

/** Functions of beta that read eligible and active rows in one call, each as what it is. */
export const bothSchedulesOperations: readonly Operation[] = needingLicence([
  ...operations("roleSchedules", "unifiedRoleScheduleBase", SCHEDULE_SETS, notEnded),
  ...operations("roleScheduleInstances", "unifiedRoleScheduleInstanceBase", INSTANCE_SETS, inForce),
]);

type Sets = Readonly<Record<GrantKind, EntitySet<Schedule>>>;
type Rule = (call: Call, kind: GrantKind) => (row: Schedule) => boolean;

// The reference writes them with their four arguments, and without any.
function operations(name: string, base: string, sets: Sets, rule: Rule): Operation[] {
  const set: EntitySet<Schedule> = {
    ...sets.eligible,
    context: `Collection(${base})`,
    type: base,
    toWire: (row, call) => ({
      "@odata.type": `#microsoft.graph.${sets[row.kind].type}`,
      ...sets[row.kind].toWire(row, call),
    }),
  };
  return [`${PATH}/${name}`, `${PATH}/${name}({arguments+})`].map((path) => ({
    method: "GET",
    path,
    versions: ["beta"],
    permission: PERMISSIONS.bothSchedulesRead,
    run: (call) => list(call, set, sourceOf(rows(call, rule))),
  }));
}

function rows(call: Call, rule: Rule): Schedule[] {
  const wanted = argumentsOf(param(call, "arguments"));
  const scope = wanted.get("directoryscopeid");
  const application = wanted.get("appscopeid");
  const isWanted = (row: Schedule) =>
    (scope === undefined || (!row.isAppScope && row.scopeId === scope)) &&
    (application === undefined || (row.isAppScope && row.scopeId === application)) &&
    isOneOf(wanted.get("principalid"), row.principalId) &&
    isOneOf(wanted.get("roledefinitionid"), row.roleId);
  return KINDS.flatMap((kind) => {
    const isShown = rule(call, kind);
    return [...call.tenant.directoryPim.schedules[kind].scan()]
      .map(({ value }) => value)
      .filter((row) => isShown(row) && isWanted(row));
  });
}

function isOneOf(wanted: string | undefined, actual: string): boolean {
  return wanted === undefined || wanted.toLowerCase() === actual.toLowerCase();
}

// Named arguments in any order; null and the empty text ask for nothing.
function argumentsOf(text: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/(\w+)='([^']*)'/g)) {
    if (value !== "") given.set(name.toLowerCase(), value.replace(/%2f/gi, "/"));
  }
  return given;
}
