import { refuse, ServiceError } from "../errors";

/** Every refusal that only Azure Resource Manager words, with exact status, code and message. */
export const refuseArm = {
  missingApiVersion: () =>
    arm(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    ),
  unsupportedApiVersion: (type: string, version: string, supported: readonly string[]) =>
    arm(
      400,
      "NoRegisteredProviderFound",
      `No registered resource provider found for location '' and API version '${version}' for type '${type}'. The supported api-versions are '${supported.join(", ")}'.`,
    ),
  authorizationFailed: (clientId: string, objectId: string, action: string, scope: string) =>
    arm(
      403,
      "AuthorizationFailed",
      `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ),
  insufficientPermissions: (objectId: string) =>
    arm(
      403,
      "InsufficientPermissions",
      `The requestor ${objectId} does not have permissions for this request. Please use $filter=asTarget() to filter on the requestor's assignments.`,
    ),
  subscriptionNotFound: (id: string) =>
    arm(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`),
  groupNotFound: (name: string) =>
    arm(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`),
  resourceNotFound: (name: string) =>
    arm(
      404,
      "ResourceNotFound",
      `The Resource '${name}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    ),
  scheduleNotFound: (what: string, name: string) =>
    arm(404, `${what}NotFound`, `The ${what} '${name}' is not found.`),
  filterUnsupported: (filter: string) =>
    arm(400, "InvalidFilter", `The filter '${filter}' is not supported.`),
  invalidContent: (detail: string) =>
    arm(
      400,
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${detail}'.`,
    ),
  roleNotFound: () => arm(400, "RoleNotFound", "The role is not found."),
  subjectNotFound: () => arm(400, "SubjectNotFound", "The subject is not found."),
  scopeMismatch: (roleId: string, scope: string) =>
    arm(
      400,
      "ScopeDoesNotMatchRoleDefinition",
      `The scope '${scope}' does not match the role definition '${roleId}'.`,
    ),
  invalidPolicy: () => arm(400, "InvalidPolicy", "The policy is invalid."),
  policyNotFound: (name: string) =>
    arm(404, "RoleManagementPolicyNotFound", `The role management policy '${name}' is not found.`),
  policyNotDeletable: () => arm(400, "BadRequest", "Not implemented exception"),
  requestExists: (name: string) =>
    arm(409, "Conflict", `A request with the name '${name}' exists already.`),
  assignmentExists: (id: string) =>
    arm(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${id}.`,
    ),
  assignmentNotFound: (name: string) =>
    arm(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`),
  assignmentFixed: () =>
    arm(
      400,
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    ),
  principalNotFound: (id: string, tenantId: string) =>
    arm(
      400,
      "PrincipalNotFound",
      `Principal ${id.replaceAll("-", "")} does not exist in the directory ${tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
    ),
  principalTypeMismatch: (id: string, type: string, wanted: string) =>
    arm(
      400,
      "UnmatchedPrincipalType",
      `The PrincipalId '${id}' has type '${type}' , which is different from specified PrincipalType '${wanted}'.`,
    ),
  invalidName: (kind: string, name: string) =>
    arm(
      400,
      `Invalid${kind}Id`,
      `The ${kind} ID '${name}' is not valid. The ${kind} ID must be a GUID.`,
    ),
  roleDefinitionNotFound: (id: string) =>
    arm(
      404,
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${id}' does not exist.`,
    ),
  builtInRole: () =>
    arm(403, "RoleDefinitionIsBuiltIn", "A built-in role definition cannot be changed or deleted."),
  systemProtected: () =>
    arm(
      403,
      "DenyAssignmentSystemProtected",
      "A deny assignment that Azure made cannot be changed or deleted.",
    ),
  roleNameTaken: (name: string) =>
    arm(
      409,
      "RoleDefinitionWithSameNameExists",
      `A custom role with the same name already exists in this directory. Use a different name: '${name}'.`,
    ),
  roleInUse: () =>
    arm(
      400,
      "RoleDefinitionHasAssignments",
      "There are existing role assignments referencing role.",
    ),
  pimOnly: () =>
    arm(
      403,
      "RoleAssignmentNotAllowedInPimOnlyMode",
      "The role management policy of this role allows assignments through Privileged Identity Management only.",
    ),
  throttled: (seconds: number) =>
    new ServiceError(
      429,
      "TooManyRequests",
      `The request is being throttled as the limit has been reached. Please try again after '${seconds}' seconds.`,
      "arm",
      { "retry-after": String(seconds) },
    ),
  notApprover: () =>
    arm(403, "InsufficientPermissions", "The requestor is not an approver of this request."),
  alreadyDecided: () => arm(409, "Conflict", "The approval stage was already completed."),
  approvalNotFound: (name: string) =>
    arm(404, "RoleAssignmentApprovalNotFound", `The approval '${name}' is not found.`),
} as const;

/** A refusal of the shared PIM engine or of the front, as Azure Resource Manager words it. */
export function asArmError(
  error: ServiceError,
  more: Readonly<Record<string, string>> = {},
): ServiceError {
  const headers = { ...more, ...onlyRetryAfter(error.headers) };
  if (error.encoding === "arm") {
    const all = { ...more, ...error.headers };
    return new ServiceError(error.status, error.code, error.message, "arm", all);
  }
  if (error.status === 401) return unauthorized(error);
  const [status, code, message] = wordings[error.code]?.(error) ?? [
    error.status,
    error.code,
    error.message,
  ];
  return new ServiceError(status, code, message, "arm", headers);
}

type Wording = readonly [number, string, string];

const wordings: Readonly<Record<string, (error: ServiceError) => Wording>> = {
  BadRequest: ({ code, message }) =>
    message === refuse.malformedJson().message
      ? [
          400,
          "InvalidRequestContent",
          "The request content was invalid and could not be deserialized: 'Unexpected end or character of the JSON text.'.",
        ]
      : [400, code, message],
  SubjectNotFound: (error) => [400, error.code, error.message],
  RoleNotFound: (error) => [400, error.code, error.message],
  RoleAssignmentRequestCannotBeCancelled: () => [
    400,
    "RequestCannotBeCancelled",
    "Request is not in cancellable state.",
  ],
  // Here the list form is the only one seen.
  RoleAssignmentRequestPolicyValidationFailed: (error) => [
    400,
    error.code,
    error.message.replace(/failed: (\w+) - .*$/, 'failed: ["$1"]'),
  ],
};

// The front end of Azure Resource Manager has codes of its own for tokens.
function unauthorized(error: ServiceError): ServiceError {
  const challenge =
    'Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token"';
  const [code, message] = tokenWording(error.message);
  return new ServiceError(401, code, message, "arm", { "www-authenticate": challenge });
}

function tokenWording(message: string): [string, string] {
  if (message.includes("empty"))
    return [
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
    ];
  if (message.includes("expired"))
    return ["ExpiredAuthenticationToken", "The access token has expired."];
  if (message.includes("audience"))
    return [
      "InvalidAuthenticationTokenAudience",
      "The access token has been obtained for wrong audience or resource. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.",
    ];
  if (message.includes("tenant"))
    return [
      "InvalidAuthenticationTokenTenant",
      "The access token is from the wrong issuer. It must match the tenant associated with this subscription.",
    ];
  return ["InvalidAuthenticationToken", "The access token is invalid."];
}

function onlyRetryAfter(headers: Readonly<Record<string, string>>): Record<string, string> {
  const seconds = headers["retry-after"];
  return seconds === undefined ? {} : { "retry-after": seconds };
}

function arm(status: number, code: string, message: string): ServiceError {
  return new ServiceError(status, code, message, "arm");
}
