import { type Call, type Operation, ok, param } from "../api";
import { refuse } from "../errors";
import { list, sourceOf } from "../respond";
import type { Json } from "../schema";
import { groupApprovalOperations } from "./approvals";
import { GROUP_PATH } from "./group-wire";
import { GROUP_PERMISSIONS } from "./permissions";
import { groupRequestOperations } from "./requests";
import { groupScheduleOperations } from "./schedules";

/** PIM for Groups: everything under `/identityGovernance/privilegedAccess/group`. */
export const groupPimOperations: readonly Operation[] = [
  ...groupRequestOperations,
  ...groupScheduleOperations,
  ...groupApprovalOperations,
  {
    method: "GET",
    path: `/${GROUP_PATH}/resources`,
    versions: ["beta"],
    permission: GROUP_PERMISSIONS.resources,
    run: (call) => list(call, RESOURCES, sourceOf(managedGroups(call))),
  },
  {
    method: "GET",
    path: `/${GROUP_PATH}/resources/{id}`,
    versions: ["beta"],
    permission: GROUP_PERMISSIONS.resources,
    run: getResource,
  },
];

// What a resource looks like is published nowhere: the group's id and name, which its permission table implies.
const RESOURCES = {
  context: `${GROUP_PATH}/resources`,
  type: "privilegedAccessGroupResource",
  service: "pim" as const,
  toWire: (value: Json) => value,
  filter: { id: "eq", displayName: "eq startswith" },
};

function managedGroups(call: Call): Json[] {
  const rows = [...call.tenant.managedGroups.scan()];
  const resources: Json[] = [];
  for (const { value } of rows) {
    const resource = resourceOf(call, value.id);
    if (resource !== undefined) resources.push(resource);
  }
  return resources;
}

function resourceOf(call: Call, id: string): Json | undefined {
  const group = call.tenant.directory.groups.read(id);
  return group === undefined ? undefined : { id: group.id, displayName: group["displayName"] };
}

function getResource(call: Call) {
  const id = param(call, "id");
  const managed = call.tenant.managedGroups.read(id);
  const resource = managed === undefined ? undefined : resourceOf(call, managed.id);
  if (resource === undefined) throw refuse.scopeNotFound();
  return ok({
    "@odata.context": `${call.origin}/beta/$metadata#${GROUP_PATH}/resources/$entity`,
    ...resource,
  });
}
