import { hasCode, type ServiceError } from "../../http/errors";

/** Nothing is known under a scope's id, or not to this identity. */
export class ScopeNotFoundError extends Error {
  override name = "ScopeNotFoundError" as const;
  /** Whether it certainly does not exist; else it may be there, out of this identity's sight. */
  readonly isGone: boolean;

  constructor(scope: string, cause: ServiceError) {
    super(
      `azureRole.scope: got ${JSON.stringify(scope)}, expected a management group, subscription, resource group or resource that exists and that this identity may read; check the spelling, and when this program makes it, give its id output instead of a text (${cause.message})`,
      { cause },
    );
    this.isGone = GONE.includes(cause.code);
  }
}

/** Answered only by whom the subscription can be seen. */
const GONE = ["ResourceGroupNotFound", "ParentResourceNotFound", "ResourceNotFound"];

/** A role that cannot be given at a scope. */
class RoleNotAssignableError extends Error {
  override name = "RoleNotAssignableError" as const;

  constructor(roleDefinitionId: string, scope: string, cause: ServiceError) {
    super(
      `azureRole.role: got ${roleDefinitionId}, expected a role that can be assigned at ${scope}; add the scope to the role's assignable scopes, or use another role (${cause.message})`,
      { cause },
    );
  }
}

/** Reads something at a scope; an answer that says that the scope is not there names it. */
export async function atScope<T>(scope: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw hasCode(error, ...MISSING, ...MISSING_OR_NEW)
      ? new ScopeNotFoundError(scope, error)
      : error;
  }
}

/** What the refusal of a request is about, where the service's own words do not say it. */
export function refusalOf(roleDefinitionId: string, scope: string, error: unknown): unknown {
  if (hasCode(error, ...MISSING)) return new ScopeNotFoundError(scope, error);
  return hasCode(error, "ScopeDoesNotMatchRoleDefinition")
    ? new RoleNotAssignableError(roleDefinitionId, scope, error)
    : error;
}

/** ARM's front door says what kind of thing is missing. */
const MISSING = [
  "SubscriptionNotFound",
  "InvalidSubscriptionId",
  "ResourceGroupNotFound",
  "ManagementGroupNotFound",
  "ParentResourceNotFound",
  "InvalidResourceType",
  "InvalidResourceNamespace",
];

/** For a write this may be something made a moment ago, which is worth another try. */
const MISSING_OR_NEW = ["ResourceNotFound", "NotFound"];
