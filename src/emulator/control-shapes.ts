import type { Shape } from "./control-shape";

const PLACE: Shape = {
  "principalId!": "text",
  roleDefinitionId: "text",
  directoryScopeId: "text",
  groupId: "text",
  accessId: ["member", "owner"],
  scope: "text",
};

const SIZES: Shape = {
  seed: "count",
  users: "count",
  groups: "count",
  eligible: "count",
  active: "count",
};

const FAULT: Shape = {
  method: "text",
  path: "text",
  status: "count",
  code: "text",
  message: "text",
  retryAfter: "number",
  delay: ["either", "number", "duration"],
  drop: ["before", "after", true, false],
  when: ["before", "after"],
  times: "count",
  probability: "share",
  seed: "count",
  skip: "count",
  in: ["request", "batch", "both"],
};

/** What each control request takes, by method and name; one that is not here takes nothing. */
export const CONTROL_SHAPES: Readonly<Record<string, Shape>> = {
  "POST reset": {
    ...SIZES,
    port: "count",
    tls: "flag",
    tenantId: "text",
    now: "instant",
    throttle: "object",
    visibilityDelay: "duration",
    licensed: "flag",
    keepAnswers: "flag",
  },
  "POST seed": {
    users: "objects",
    groups: "objects",
    servicePrincipals: "objects",
    applications: "objects",
    administrativeUnits: "objects",
    authenticationContexts: "objects",
    roleDefinitions: "objects",
    roleAssignments: "objects",
    scopes: "objects",
    azureRoles: "objects",
    azureRoleAssignments: "objects",
    denyAssignments: "objects",
  },
  "POST generate": {
    ...SIZES,
    permanent: "share",
    groupEligible: "count",
    groupActive: "count",
    scopes: "count",
    azureEligible: "count",
    azureActive: "count",
  },
  "POST token": {
    user: "text",
    clientId: "text",
    scopes: "texts",
    roles: "texts",
    mfa: "flag",
    acrs: "texts",
    audience: "text",
  },
  "POST sign-in": { "user!": "text", userCode: "text", mfa: "flag", acrs: "texts" },
  "POST clock": { set: "instant", advance: "duration" },
  "POST faults": FAULT,
  "POST settings": {
    licensed: "flag",
    visibilityDelay: "duration",
    replicationDelay: "duration",
    throttle: "nullableObject",
    updateKeepsScheduleId: "flag",
    appOnlyPolicyWrites: "flag",
    groupPolicyDelay: "duration",
    armPipelineIsPrivileged: "flag",
    armPolicyIdChanges: "flag",
    armIgnoresPartialPolicies: "flag",
    armInheritedRowsAreDirect: "flag",
    armThrottling: "flag",
    armAlertUpdatesAreEmpty: "flag",
    armPageSize: "count",
  },
  "POST poison": { "role!": "text", isPoisoned: "flag" },
  "POST plant-schedule": {
    ...PLACE,
    kind: ["eligible", "active"],
    memberType: ["Direct", "Group", "Inherited"],
    assignmentType: ["Assigned", "Activated"],
    startDateTime: "instant",
    endDateTime: "instant",
    activatedUsing: "text",
  },
  "POST plant-pending": {
    ...PLACE,
    kind: ["eligible", "active"],
    action: "text",
    createdBy: "text",
    justification: "text",
    scheduleInfo: "object",
  },
  "POST delete-principal": { "id!": "text" },
};

/** What a throttle in options and settings takes. */
export const THROTTLE_SHAPE: Shape = { writes: "count", requests: "count", seconds: "number" };
