import { guidOf } from "../ids";
import type { Schedule } from "../pim/grant";
import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import type { AlertScan } from "./alert-scans";
import { principalType } from "./wire";

/** An alert of Azure roles: what never changes about it. */
export interface AzureAlertFacts {
  id: string;
  displayName: string;
  description: string;
  severityLevel: "Medium" | "High";
  securityImpact: string;
  mitigationSteps: string;
  howToPrevent: string;
  isRemediatable: boolean;
  thresholds: Readonly<Record<string, number>>;
}

/** Something that an alert found at a scope. */
export interface AzureIncident {
  name: string;
  properties: Json;
  rows: Schedule[];
}

/** One alert at one scope. */
export interface AzureAlert {
  facts: AzureAlertFacts;
  scopeId: string;
  isEnabled: boolean;
  thresholds: Record<string, number>;
  incidents: AzureIncident[];
  isDismissed: boolean;
  scannedAt: number;
  modifiedAt: number;
}

/** Types of an alert's configuration and incidents begin with this. */
export function alertTypeOf(facts: AzureAlertFacts): string {
  return `${facts.id.replace(/Alert$/, "")}Alert`;
}

const ALERTS: readonly AzureAlertFacts[] = [
  {
    id: "DuplicateRoleCreated",
    displayName: "Duplicate role created",
    description: "Some custom roles allow the same as another role.",
    severityLevel: "Medium",
    securityImpact: "Roles that say the same are hard to keep apart.",
    mitigationSteps: "Delete the roles that are not needed.",
    howToPrevent: "Look for a role that does it before making one.",
    isRemediatable: true,
    thresholds: {},
  },
  {
    id: "TooManyOwnersAssignedToResource",
    displayName: "Too many owners assigned to a resource",
    description: "The number of users with the Owner role is high.",
    severityLevel: "Medium",
    securityImpact: "Each owner can do everything to the resource, by mistake too.",
    mitigationSteps: "Assign a role of less privilege in its place.",
    howToPrevent: "Give everybody the least privilege that the work needs.",
    isRemediatable: true,
    thresholds: { thresholdNumberOfOwners: 3, thresholdPercentageOfOwnersOutOfAllRoleMembers: 40 },
  },
  {
    id: "TooManyPermanentOwnersAssignedToResource",
    displayName: "Too many permanent owners assigned to a resource",
    description: "The number of owners whose assignment never ends is high.",
    severityLevel: "Medium",
    securityImpact: "Access that is always there can always be abused.",
    mitigationSteps: "Make owners eligible, so that they activate the role before use.",
    howToPrevent: "Require an end of active assignments in the role's settings.",
    isRemediatable: true,
    thresholds: {
      thresholdNumberOfPermanentOwners: 10,
      thresholdPercentageOfPermanentOwnersOutOfAllOwners: 10,
    },
  },
  {
    id: "AzureRolesAssignedOutsidePimAlert",
    displayName: "Roles are being assigned outside of Privileged Identity Management",
    description: "Some assignments were made outside of Privileged Identity Management.",
    severityLevel: "High",
    securityImpact: "Such assignments are not governed by role settings and may be an attack.",
    mitigationSteps: "Remove the assignments that were not meant.",
    howToPrevent: "Find out where they come from, and stop it there.",
    isRemediatable: true,
    thresholds: {},
  },
];

/** Alerts per scope: there from the start, scanned when first asked for. */
export class AzureAlertBook {
  /** Scans that were asked for, in the order of their asking. */
  readonly scans: AlertScan[] = [];
  private readonly alerts = new Map<string, AzureAlert>();

  constructor(private readonly tenant: Tenant) {}

  at(scopeId: string): AzureAlert[] {
    return ALERTS.map((facts) => this.of(facts, scopeId));
  }

  find(scopeId: string, id: string): AzureAlert | undefined {
    return this.at(scopeId).find(({ facts }) => facts.id.toLowerCase() === id.toLowerCase());
  }

  /** Looks again; a dismissed alert comes back. */
  scan(alert: AzureAlert): void {
    const now = this.tenant.clock.now();
    const found = alert.isEnabled ? findIncidents(this.tenant, alert) : [];
    if (found.length !== alert.incidents.length) alert.modifiedAt = now;
    Object.assign(alert, { incidents: found, isDismissed: false, scannedAt: now });
  }

  private of(facts: AzureAlertFacts, scopeId: string): AzureAlert {
    const key = `${scopeId.toLowerCase()} ${facts.id}`;
    const known = this.alerts.get(key);
    if (known !== undefined) return known;
    const now = this.tenant.clock.now();
    const alert: AzureAlert = {
      facts,
      scopeId,
      isEnabled: true,
      thresholds: { ...facts.thresholds },
      incidents: [],
      isDismissed: false,
      scannedAt: now,
      modifiedAt: now,
    };
    this.alerts.set(key, alert);
    this.scan(alert);
    return alert;
  }
}

function findIncidents(tenant: Tenant, alert: AzureAlert): AzureIncident[] {
  const rows = [...tenant.arm.pim.schedules.active.by("scopeId", alert.scopeId)].filter(
    (row) => row.assignmentType === "Assigned" && row.status === "Provisioned",
  );
  const owner = [...tenant.arm.catalog.roles.by("roleName", "Owner")][0]?.id;
  const owners = rows.filter((row) => row.roleId === owner);
  const { thresholds } = alert;
  switch (alert.facts.id) {
    case "TooManyOwnersAssignedToResource":
      return isMet(owners.length, rows.length, thresholds) ? owners.map(holder(tenant, alert)) : [];
    case "TooManyPermanentOwnersAssignedToResource": {
      const permanent = owners.filter((row) => (row.window?.endAt ?? null) === null);
      const met = isMet(permanent.length, owners.length, thresholds);
      return met ? permanent.map(holder(tenant, alert)) : [];
    }
    case "AzureRolesAssignedOutsidePimAlert":
      return rows.filter((row) => row.createdUsing === null).map(outsidePim(tenant, alert));
    default:
      return duplicateRoles(tenant, alert);
  }
}

// A number, and a share in percent: both have to be met.
function isMet(count: number, of: number, thresholds: Readonly<Record<string, number>>): boolean {
  const [number = 0, percentage = 0] = Object.values(thresholds);
  return count >= number && of > 0 && (100 * count) / of >= percentage;
}

function holder(tenant: Tenant, alert: AzureAlert): (row: Schedule) => AzureIncident {
  return (row) => ({
    name: guidOf(`incident ${alert.facts.id} ${row.id}`),
    properties: {
      alertIncidentType: `${alertTypeOf(alert.facts)}Incident`,
      assigneeName: tenant.directory.read(row.principalId)?.value["displayName"] ?? null,
      assigneeType: principalType(tenant, row.principalId),
    },
    rows: [row],
  });
}

function outsidePim(tenant: Tenant, alert: AzureAlert): (row: Schedule) => AzureIncident {
  return (row) => {
    const value = tenant.directory.read(row.principalId)?.value;
    return {
      name: guidOf(`incident ${alert.facts.id} ${row.id}`),
      properties: {
        alertIncidentType: `${alertTypeOf(alert.facts)}Incident`,
        assigneeDisplayName: value?.["displayName"] ?? null,
        assigneeId: row.principalId,
        assigneeUserPrincipalName: value?.["userPrincipalName"] ?? null,
        roleDisplayName: tenant.arm.catalog.roles.get(row.roleId)?.roleName ?? null,
        roleTemplateId: row.roleId,
        roleDefinitionId: row.roleId,
        assignmentActivatedDate: new Date(row.createdAt ?? alert.scannedAt).toISOString(),
        requestorId: null,
        requestorDisplayName: null,
        requestorUserPrincipalName: null,
      },
      rows: [row],
    };
  };
}

function duplicateRoles(tenant: Tenant, alert: AzureAlert): AzureIncident[] {
  const roles = [...tenant.arm.catalog.roles.all()];
  const textOf = (permissions: unknown) => JSON.stringify(permissions);
  return roles
    .filter((role) => !role.isBuiltIn)
    .flatMap((role) => {
      const same = roles.filter(
        (other) => other !== role && textOf(other.permissions) === textOf(role.permissions),
      );
      if (same.length === 0) return [];
      return [
        {
          name: guidOf(`incident ${alert.facts.id} ${role.id}`),
          properties: {
            alertIncidentType: `${alertTypeOf(alert.facts)}Incident`,
            roleName: role.roleName,
            duplicateRoles: same.map((other) => other.roleName).join(", "),
            reason: "The same permissions.",
          },
          rows: [],
        },
      ];
    });
}
