import assert from "node:assert/strict";
import { assertPublishedShape } from "./published-shape";

/** A resource or list as Microsoft's examples show it: members with values of the right type. */
export type Shape = Readonly<Record<string, unknown>>;

const EXPANDED = {
  scope: { id: "", displayName: "", type: "subscription" },
  roleDefinition: { id: "", displayName: "", type: "BuiltInRole" },
  principal: { id: "", displayName: "", email: "", type: "User" },
};

const TUPLE = {
  scope: "",
  roleDefinitionId: "",
  principalId: "",
  principalType: "User",
  condition: "",
  conditionVersion: "1.0",
  createdOn: "",
  expandedProperties: EXPANDED,
};

const DURING = { startDateTime: "", endDateTime: "", memberType: "Direct", status: "Provisioned" };

/** The two kinds of assignments, as the names of resource types have them. */
export type Kind = "Assignment" | "Eligibility";

/** A request. */
export function requestShape(kind: Kind): Shape {
  return resourceShape({
    ...TUPLE,
    [`targetRole${kind}ScheduleId`]: "",
    [`targetRole${kind}ScheduleInstanceId`]: null,
    requestType: "AdminAssign",
    status: "Provisioned",
    approvalId: null,
    scheduleInfo: {
      startDateTime: "",
      expiration: { type: "AfterDuration", endDateTime: null, duration: "P365D" },
    },
    ticketInfo: { ticketNumber: null, ticketSystem: null },
    justification: null,
    requestorId: "",
  });
}

/** A schedule. */
export function scheduleShape(kind: Kind): Shape {
  return resourceShape({
    ...TUPLE,
    ...DURING,
    updatedOn: "",
    [`role${kind}ScheduleRequestId`]: "",
    ...(kind === "Assignment" && {
      linkedRoleEligibilityScheduleId: "",
      assignmentType: "Assigned",
    }),
  });
}

/** An instance of a schedule. */
export function instanceShape(kind: Kind): Shape {
  return resourceShape({
    ...TUPLE,
    ...DURING,
    [`role${kind}ScheduleId`]: "",
    ...(kind === "Assignment" && {
      originRoleAssignmentId: "",
      linkedRoleEligibilityScheduleId: "",
      linkedRoleEligibilityScheduleInstanceId: "",
      assignmentType: "Assigned",
    }),
  });
}

/** A resource around its properties. */
export function resourceShape(properties: Shape): Shape {
  return { properties, name: "", id: "", type: "" };
}

/** Asserts that an answer has every member that is published and no other. */
export function assertExactShape(
  shape: unknown,
  ours: unknown,
  more: readonly string[] = [],
): void {
  assertPublishedShape(shape, ours);
  assert.deepEqual(
    strangers(shape, ours, "body").filter((path) => !more.includes(path.split(".").at(-1) ?? "")),
    [],
  );
}

function strangers(shape: unknown, ours: unknown, at: string): string[] {
  if (Array.isArray(shape) && Array.isArray(ours))
    return ours.flatMap((item, index) =>
      shape.length === 0 ? [] : strangers(shape[0], item, `${at}[${index}]`),
    );
  if (!isObject(shape) || !isObject(ours)) return [];
  return Object.entries(ours).flatMap(([member, value]) =>
    member in shape ? strangers(shape[member], value, `${at}.${member}`) : [`${at}.${member}`],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
