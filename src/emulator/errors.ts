/** How an error is written: see the three encodings of the PIM service. */
export type ErrorEncoding = "plain" | "wrapped" | "emptyCode" | "arm" | "oauth";

/** An answer that the emulated service refuses with. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly encoding: ErrorEncoding = "plain",
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Every refusal of the emulated services: the only place with exact status, code and message. */
export const refuse = {
  // --- tokens and permissions
  noToken: () => unauthorized("InvalidAuthenticationToken", "Access token is empty."),
  badToken: () =>
    unauthorized(
      "InvalidAuthenticationToken",
      "IDX14100: JWT is not well formed, there are no dots (.).",
    ),
  expiredToken: () =>
    unauthorized("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
  wrongAudience: () =>
    unauthorized(
      "InvalidAuthenticationToken",
      "Access token validation failure. Invalid audience.",
    ),
  wrongTenant: () =>
    unauthorized("InvalidAuthenticationToken", "Access token validation failure. Invalid tenant."),
  missingScope: (accepted: readonly string[]) =>
    new ServiceError(
      403,
      "PermissionScopeNotGranted",
      `Authorization failed due to missing permission scope ${accepted.join(",")}.`,
      "wrapped",
    ),
  missingApprovalScope: (accepted: readonly string[]) =>
    new ServiceError(
      403,
      "",
      `Valid permissions not present. User needs one of the following permissions for this action : ${accepted.join(",")}`,
      "emptyCode",
    ),
  denied: () =>
    new ServiceError(
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation.",
    ),
  restrictedUnit: () =>
    new ServiceError(
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation. Target object is a member of a restricted management administrative unit and can only be modified by administrators scoped to that administrative unit.",
    ),

  // --- requests as such
  notFoundSegment: (segment: string) =>
    new ServiceError(400, "BadRequest", `Resource not found for the segment '${segment}'.`),
  notImplemented: (method: string, path: string) =>
    new ServiceError(501, "NotImplemented", `The emulator does not know ${method} ${path}.`),
  methodNotAllowed: () =>
    new ServiceError(
      405,
      "Request_BadRequest",
      "Specified HTTP method is not allowed for the request target.",
    ),
  malformedJson: () =>
    new ServiceError(
      400,
      "BadRequest",
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    ),
  badRequest: (message: string) => new ServiceError(400, "BadRequest", message),
  directoryBadRequest: (message: string) => new ServiceError(400, "Request_BadRequest", message),
  unknownProperty: (name: string, type: string) =>
    new ServiceError(
      400,
      "BadRequest",
      `The property '${name}' does not exist on type 'microsoft.graph.${type}'. Make sure to only use property names that are defined by the type.`,
    ),
  wrongType: (name: string, type: string) =>
    new ServiceError(
      400,
      "BadRequest",
      `Cannot convert the value of property '${name}' to the expected type '${type}'.`,
    ),
  optionNotAllowed: (option: string) =>
    new ServiceError(
      400,
      "BadRequest",
      `Query option '${option}' is not allowed. To allow it, set the 'AllowedQueryOptions' property on EnableQueryAttribute or QueryValidationSettings.`,
    ),
  unsupportedMediaType: (type = "<null>") =>
    new ServiceError(
      415,
      "UnsupportedMediaType",
      `The content media type '${type}' is not supported. Only 'application/json' is supported.`,
    ),
  unknownFilterProperty: (name: string, type: string) =>
    new ServiceError(
      400,
      "BadRequest",
      `Invalid filter clause: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
    ),
  noContentType: () =>
    new ServiceError(
      400,
      "BadRequest",
      "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
    ),
  noJsonContentType: () =>
    new ServiceError(
      400,
      "BadRequest",
      "Entity only allows writes with a JSON Content-Type header.",
    ),
  malformedFilter: (detail: string) =>
    new ServiceError(400, "BadRequest", `Invalid filter clause: ${detail}`),
  invalidFilter: (filter: string) =>
    new ServiceError(400, "InvalidFilter", `The ${filter} filter is invalid.`),
  unsupportedQuery: (property: string, resource: string) =>
    new ServiceError(
      400,
      "Request_UnsupportedQuery",
      `Unsupported or invalid query filter clause specified for property '${property}' of resource '${resource}'.`,
    ),
  countUnsupported: () =>
    new ServiceError(400, "Request_BadRequest", "$count is not currently supported."),
  sortingUnsupported: () => unsupported("Sorting not supported for current query."),
  countNeeded: () => unsupported("Unsupported Query."),
  searchNeedsHeader: () =>
    unsupported(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    ),
  missingConsistencyLevel: (operator: string) =>
    unsupported(
      `Operator '${operator}' is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
    ),
  unknownExpand: (name: string, type: string) =>
    new ServiceError(
      400,
      "BadRequest",
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
    ),
  badSkipToken: () =>
    new ServiceError(
      400,
      "Directory_ExpiredPageToken",
      "The specified page token value has expired and can no longer be included in your request.",
    ),
  throttled: (seconds: number) =>
    new ServiceError(429, "TooManyRequests", "Please retry again later.", "plain", {
      "retry-after": String(seconds),
      "x-ms-throttle-scope": "Tenant_Application/ReadWrite",
      "x-ms-throttle-information": "WriteLimitExceeded",
    }),
  failedDependency: () =>
    new ServiceError(
      424,
      "FailedDependency",
      "The request failed because it depended on another request that failed.",
    ),
  internal: (message = "An internal server error occurred.") =>
    new ServiceError(500, "InternalServerError", message),

  // --- directory objects
  resourceNotFound: (id: string) =>
    new ServiceError(
      404,
      "Request_ResourceNotFound",
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  referenceExists: (property: string) =>
    directory400(
      `One or more added object references already exist for the following modified properties: '${property}'.`,
    ),
  conflictingObject: (property: string) =>
    directory400(`Another object with the same value for property ${property} already exists.`),
  grantExists: () =>
    new ServiceError(
      409,
      "Request_MultipleObjectsWithSameKeyValue",
      "Permission entry already exists.",
    ),
  assignableToRoleFixed: () =>
    directory400("Value for IsAssignableToRole cannot be updated for groups assignable to role."),
  missingProperty: (property: string) =>
    directory400(`A value is required for property '${property}' of resource.`),
  invalidValue: (property: string) =>
    directory400(`Invalid value specified for property '${property}' of resource.`),

  // --- roles
  roleNotFound: () => new ServiceError(404, "RoleNotFound", "The role is not found."),
  builtInRole: () => directory400("The built-in role definition cannot be modified or deleted."),
  roleInUse: () => directory400("The role definition cannot be deleted while it is assigned."),
  scopeUnsupported: (role: string) =>
    directory400(
      `'${role}' built-in role is not supported to be assigned to a single resource scope.`,
    ),
  conflictingAssignment: () =>
    directory400(
      "A conflicting object with one or more of the specified property values is present in the directory.",
    ),
  ownGlobalAdministrator: () =>
    directory400("Removing self from Global Administrator built-in role is not allowed"),

  // --- PIM
  subjectNotFound: () => new ServiceError(404, "SubjectNotFound", "The subject is not found."),
  scopeNotFound: () => new ServiceError(404, "ResourceNotFound", "The resource is not found."),
  requestNotFound: () =>
    new ServiceError(
      404,
      "RoleAssignmentRequestNotFound",
      "The Role assignment request is not found.",
    ),
  scheduleNotFound: () => new ServiceError(404, "ResourceNotFound", "The resource is not found."),
  exists: () => pim400("RoleAssignmentExists", "The Role assignment already exists."),
  doesNotExist: () => pim400("RoleAssignmentDoesNotExist", "The Role assignment does not exist."),
  pending: () =>
    pim400(
      "PendingRoleAssignmentRequest",
      "There is already an existing pending Role assignment request.",
    ),
  invalidRequest: () =>
    pim400("InvalidRoleAssignmentRequest", "The role assignment request is invalid."),
  invalidSchedule: () =>
    pim400(
      "InvalidRoleAssignmentRequestSchedule",
      "The role assignment request schedule is invalid.",
    ),
  tooShort: () =>
    pim400(
      "ActiveDurationTooShort",
      "The Active duration is too short. Miniumum Required is 5 minutes.",
    ),
  policyFailed: (rules: string) =>
    pim400(
      "RoleAssignmentRequestPolicyValidationFailed",
      `The following policy rules failed: ${rules}`,
    ),
  acrsFailed: (claimValue: string) =>
    pim400(
      "RoleAssignmentRequestAcrsValidationFailed",
      `&claims=${encodeURIComponent(JSON.stringify({ access_token: { acrs: { essential: true, value: claimValue } } }))}`,
    ),
  lastAdmin: () =>
    pim400("CannotDeleteLastAdminAssignment", "Cannot delete the last admin assignment."),
  licence: () =>
    pim400(
      "AadPremiumLicenseRequired",
      "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    ),
  notCancellable: () =>
    pim400(
      "RoleAssignmentRequestCannotBeCancelled",
      "The Role assignment request cannot be cancelled.",
    ),
  missingParameters: () =>
    pim400("MissingParameters", "The required parameters GroupId or PrincipalId is missing."),
  missingProvider: () =>
    new ServiceError(400, "MissingProvider", "The provider is missing.", "wrapped"),
  policyNotFound: () => new ServiceError(404, "PolicyNotFound", "The policy is not found."),
  mfaAndAcrs: () =>
    pim400(
      "MfaAndAcrsConflict",
      "The Mfa and Acrs policy settings cannot be enabled simultaneously.",
    ),
  invalidPolicy: (detail: string) => pim400("InvalidPolicy", `The policy is invalid. ${detail}`),
  alreadyDecided: () =>
    new ServiceError(409, "Conflict", "The approval step was already completed."),
  notApprover: () =>
    new ServiceError(403, "Forbidden", "The caller is not an approver of this request."),
  approvalNotFound: () => new ServiceError(404, "ApprovalNotFound", "The approval is not found."),
} as const;

function unauthorized(code: string, message: string): ServiceError {
  return new ServiceError(401, code, message, "plain", {
    "www-authenticate":
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
  });
}

function unsupported(message: string): ServiceError {
  return new ServiceError(400, "Request_UnsupportedQuery", message);
}

function directory400(message: string): ServiceError {
  return new ServiceError(400, "Request_BadRequest", message);
}

function pim400(code: string, message: string): ServiceError {
  return new ServiceError(400, code, message);
}
