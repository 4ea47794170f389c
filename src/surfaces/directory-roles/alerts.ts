import type { GraphClient } from "../../http/graph";

/** An assignment that PIM's own alerts call unused. */
export interface UnusedRow {
  principalId: string;
  principalName: string | undefined;
  /** Of the built-in role where it is one. */
  roleDefinitionId: string;
  alert: "notActivated" | "notSignedIn";
  /** The last activation or sign-in; undefined for never. */
  lastAt: string | undefined;
}

interface WireAlert {
  id: string;
  isActive?: boolean;
  incidentCount?: number;
}

interface WireIncident {
  assigneeId?: string;
  assigneeDisplayName?: string | null;
  assigneeUserPrincipalName?: string | null;
  roleDefinitionId?: string;
  roleTemplateId?: string | null;
  lastActivationDateTime?: string | null;
  lastSignInDateTime?: string | null;
}

const ROOT = "/identityGovernance/roleManagementAlerts/alerts";
const OF_DIRECTORY_ROLES = encodeURIComponent("scopeId eq '/' and scopeType eq 'DirectoryRole'");
const ALERTS: Readonly<Record<string, UnusedRow["alert"]>> = {
  RedundantAssignmentAlert: "notActivated",
  StaleSignInAlert: "notSignedIn",
};

/** What PIM's alerts of unused assignments tell; one that somebody dismissed tells nothing. Beta only. */
export async function readUnusedRows(graph: GraphClient): Promise<UnusedRow[]> {
  const options = { version: "beta", purpose: "reading PIM's alerts" } as const;
  const alerts = await graph.list<WireAlert>(`${ROOT}?$filter=${OF_DIRECTORY_ROLES}`, options);
  const meant = alerts.flatMap(({ id, isActive, incidentCount }) => {
    const alert = ALERTS[id.split("_").at(-1) ?? ""];
    return alert === undefined || isActive !== true || incidentCount === 0 ? [] : [{ id, alert }];
  });
  const answers = await graph.batchList<WireIncident>(
    meant.map(({ id }) => `${ROOT}/${encodeURIComponent(id)}/alertIncidents`),
    options,
  );
  return answers.flatMap((answer, index) => {
    if (answer instanceof Error) throw answer;
    const alert = meant[index]?.alert ?? "notActivated";
    return answer.flatMap((incident) => readIncident(incident, alert) ?? []);
  });
}

function readIncident(wire: WireIncident, alert: UnusedRow["alert"]): UnusedRow | undefined {
  const roleDefinitionId = wire.roleTemplateId ?? wire.roleDefinitionId;
  if (wire.assigneeId === undefined || roleDefinitionId === undefined) return undefined;
  const lastAt = alert === "notActivated" ? wire.lastActivationDateTime : wire.lastSignInDateTime;
  return {
    principalId: wire.assigneeId.toLowerCase(),
    principalName: wire.assigneeDisplayName ?? wire.assigneeUserPrincipalName ?? undefined,
    roleDefinitionId: roleDefinitionId.toLowerCase(),
    alert,
    // Dates before anybody could sign in are the service's way to say never.
    lastAt: lastAt == null || lastAt < "1971" ? undefined : lastAt,
  };
}
