import { parseDuration, readTime } from "../clock";
import { lastSignIn } from "../directory/last-sign-in";
import { guidOf } from "../ids";
import type { PimRequest, Schedule } from "../pim/grant";
import { ruleOf } from "../pim/policy-rules";
import { rulesOf } from "../roles/directory-surface";
import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import type { AlertKind } from "./kinds";

/** Something an alert found, with what remediating it would end. */
export interface Incident {
  wire: Json & { id: string };
  rows: Schedule[];
  /** Role whose activation is to require MFA. */
  roleId?: string;
}

/** What a scan finds, by kind of alert and its thresholds. */
export function findIncidents(tenant: Tenant, kind: AlertKind, thresholds: Json): Incident[] {
  return FINDERS[kind](tenant, thresholds);
}

type Finder = (tenant: Tenant, thresholds: Json) => Incident[];

const FINDERS: Readonly<Record<AlertKind, Finder>> = {
  TooManyGlobalAdminsAssignedToTenantAlert: tooManyGlobalAdministrators,
  RedundantAssignmentAlert: redundantAssignments,
  StaleSignInAlert: staleSignIns,
  SequentialActivationRenewalsAlert: sequentialActivations,
  RolesAssignedOutsidePimAlert: (tenant) =>
    standing(tenant, "active")
      .filter((row) => row.createdUsing === null)
      .map((row) =>
        rowIncident(tenant, row, {
          assignmentCreatedDateTime: instant(row.createdAt ?? row.window?.startAt ?? null),
        }),
      ),
  NoMfaOnRoleActivationAlert: rolesWithoutMfa,
  InvalidLicenseAlert: (tenant) =>
    tenant.settings.licensed
      ? []
      : [{ wire: { id: tenant.id, tenantLicenseStatus: "expired" }, rows: [] }],
};

function tooManyGlobalAdministrators(tenant: Tenant, thresholds: Json): Incident[] {
  const global = tenant.roles.named("Global Administrator");
  const rows = [...standing(tenant, "active"), ...standing(tenant, "eligible")];
  const mine = rows.filter((row) => row.roleId === global?.id);
  const holders = new Set(mine.map((row) => row.principalId));
  const all = new Set(rows.map((row) => row.principalId));
  const share = all.size === 0 ? 0 : (100 * holders.size) / all.size;
  // Both have to be met.
  const isMet =
    holders.size >= Number(thresholds["globalAdminCountThreshold"]) &&
    share >= Number(thresholds["percentageOfGlobalAdminsOutOfRolesThreshold"]);
  if (!isMet) return [];
  return [...holders].map((id) => ({
    wire: { id, ...assignee(tenant, id) },
    rows: mine.filter((row) => row.principalId === id),
  }));
}

function redundantAssignments(tenant: Tenant, thresholds: Json): Incident[] {
  const before = tenant.clock.now() - (parseDuration(thresholds["duration"]) ?? 0);
  return standing(tenant, "eligible").flatMap((row) => {
    const last = lastActivation(tenant, row);
    const since = last ?? row.window?.startAt ?? tenant.clock.now();
    if (since > before) return [];
    return [rowIncident(tenant, row, { lastActivationDateTime: instant(last) })];
  });
}

function lastActivation(tenant: Tenant, row: Schedule): number | null {
  const starts = activations(tenant)
    .filter(({ principalId, roleId }) => principalId === row.principalId && roleId === row.roleId)
    .map((request) => request.window?.startAt ?? request.createdAt);
  return starts.length === 0 ? null : Math.max(...starts);
}

function staleSignIns(tenant: Tenant, thresholds: Json): Incident[] {
  const before = tenant.clock.now() - (parseDuration(thresholds["duration"]) ?? 0);
  return [...standing(tenant, "active"), ...standing(tenant, "eligible")].flatMap((row) => {
    const last = lastSignIn(tenant, row.principalId);
    if (last === null || last > before) return [];
    return [
      rowIncident(tenant, row, {
        assignmentCreatedDateTime: instant(row.createdAt),
        lastSignInDateTime: instant(last),
      }),
    ];
  });
}

// Activations of one person and role that follow each other within the interval.
function sequentialActivations(tenant: Tenant, thresholds: Json): Incident[] {
  const gap = parseDuration(thresholds["timeIntervalBetweenActivations"]) ?? 0;
  const needed = Number(thresholds["sequentialActivationCounterThreshold"]);
  const groups = new Map<string, PimRequest[]>();
  for (const request of activations(tenant)) {
    const key = `${request.principalId} ${request.roleId}`;
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  return [...groups.values()].flatMap((requests) => {
    const run = longestRun(requests, gap);
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined || run.length < needed) return [];
    const wire = {
      id: guidOf(`sequence ${first.id}`),
      ...assignee(tenant, first.principalId),
      ...roleOf(tenant, first.roleId),
      activationCount: run.length,
      sequenceStartDateTime: instant(first.createdAt),
      sequenceEndDateTime: instant(last.createdAt),
    };
    return [{ wire, rows: [] }];
  });
}

function longestRun(requests: readonly PimRequest[], gap: number): PimRequest[] {
  const sorted = [...requests].sort((left, right) => left.createdAt - right.createdAt);
  let best: PimRequest[] = [];
  let run: PimRequest[] = [];
  for (const request of sorted) {
    const before = run.at(-1);
    run =
      before !== undefined && request.createdAt - before.createdAt <= gap
        ? [...run, request]
        : [request];
    if (run.length > best.length) best = run;
  }
  return best;
}

function rolesWithoutMfa(tenant: Tenant): Incident[] {
  const incidents: Incident[] = [];
  for (const role of tenant.roles.definitions.all()) {
    if (role.isSystemAssigned) continue;
    const rules = rulesOf(tenant, role.id);
    const enabled = ruleOf(rules, "Enablement", "Enablement_EndUser_Assignment").enabledRules;
    const context = ruleOf(
      rules,
      "AuthenticationContext",
      "AuthenticationContext_EndUser_Assignment",
    );
    if (enabled.includes("MultiFactorAuthentication") || context.isEnabled) continue;
    incidents.push({
      wire: {
        id: guidOf(`no mfa ${role.id}`),
        roleDisplayName: role.displayName,
        roleTemplateId: role.templateId,
      },
      rows: [],
      roleId: role.id,
    });
  }
  return incidents;
}

function activations(tenant: Tenant): PimRequest[] {
  return [...tenant.directoryPim.requests.active.all()].filter(
    (request) => request.action === "selfActivate",
  );
}

// Configuration, not activations nor what comes through a group.
function standing(tenant: Tenant, kind: Schedule["kind"]): Schedule[] {
  return [...tenant.directoryPim.schedules[kind].all()].filter(
    (row) =>
      row.memberType === "Direct" &&
      row.assignmentType === "Assigned" &&
      row.status === "Provisioned",
  );
}

function rowIncident(tenant: Tenant, row: Schedule, more: Json): Incident {
  const wire = {
    id: guidOf(`incident ${row.kind} ${row.id}`),
    ...roleOf(tenant, row.roleId),
    ...assignee(tenant, row.principalId),
    ...more,
  };
  return { wire, rows: [row] };
}

function assignee(tenant: Tenant, id: string): Json {
  const value = tenant.directory.read(id)?.value;
  return {
    assigneeId: id,
    assigneeDisplayName: value?.["displayName"] ?? null,
    assigneeUserPrincipalName: value?.["userPrincipalName"] ?? null,
  };
}

function roleOf(tenant: Tenant, roleId: string): Json {
  const role = tenant.roles.definitions.get(roleId);
  return {
    roleDefinitionId: roleId,
    roleTemplateId: role?.templateId ?? roleId,
    roleDisplayName: role?.displayName ?? null,
  };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : readTime(ms);
}
