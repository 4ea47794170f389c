import { neededPermission } from "../model/needed-permission";
import type { RoleInput } from "../model/role-target";
import {
  HttpFailure,
  isBroken,
  isForbidden,
  isFromBetween,
  isLicenseRequired,
  isNotFound,
  isRoleNotFound,
  isSubjectNotFound,
  isUnauthorized,
  type ServiceError,
} from "../tenant/errors";
import { type Bag, UnfinishedError } from "./handler";
import { describeOwner } from "./ownership";
import { markSecrets } from "./secret-marks";

/** What the engine is given instead of the error that happened: one line, no stack, nothing that could be secret. */
export class HostError extends Error {
  override name = "HostError" as const;

  constructor(message: string) {
    super(message);
    // The host prints the stack of some failures; with it the line would be buried.
    this.stack = "";
  }
}

/** The same for an object that exists but is unfinished: the engine keeps it in the state. */
class PartialHostError extends HostError {
  readonly id: string;
  readonly properties: object;
  readonly reasons: string[];

  constructor(unfinished: UnfinishedError, provider: unknown) {
    super(unfinished.message);
    this.id = unfinished.resourceId;
    this.properties = markSecrets({ ...unfinished.outputs, __provider: provider });
    this.reasons = [unfinished.message];
  }
}

/** One line: what was attempted on what, what the service said, what to do. */
export function hostError(attempt: string, state: Bag, error: unknown): HostError {
  if (error instanceof HostError) return error;
  if (error instanceof UnfinishedError) return new PartialHostError(error, state.__provider);
  const owner = typeof state.owner === "string" ? describeOwner(state.owner) : "a resource";
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const begins = message.startsWith(owner) ? message : `${attempt} ${owner}: ${message}`;
  return new HostError(`${begins}${advice(error, state)}`);
}

function advice(error: unknown, state: Bag): string {
  if (!(error instanceof HttpFailure)) return "";
  if (isFromBetween(error))
    return "; a proxy or a sign-in page answered in the service's place: check the network and the endpoints";
  if (isLicenseRequired(error))
    return "; buy and assign Entra ID P2 or Entra ID Governance licences: PIM needs one of them";
  if (isUnauthorized(error))
    return "; the sign-in was refused: check the credentials, their tenant and their expiry, and this machine's clock";
  if (isForbidden(error)) return forbiddenAdvice(error);
  if (isBroken(error) && /roleManagementPolic/i.test(error.path))
    return "; the service cannot read these settings: approvers chosen in the portal are known to cause it; choose them there once more, then run again";
  return notFoundAdvice(error, state);
}

/** The service does not say which of the ids it does not know, but the property that holds it. */
function notFoundAdvice(error: HttpFailure, state: Bag): string {
  if (isSubjectNotFound(error)) {
    return `; ${printed("principal", state.principal)}: no such user, group or service principal: check the object id (for a service principal it is not the application (client) id)`;
  }
  const { directoryRole, group, azureRole } = state as RoleInput;
  if (isRoleNotFound(error))
    return `; ${printed("role", directoryRole?.role ?? azureRole?.role)}: no such role in this tenant: check the id`;
  if (!isNotFound(error) || error.code !== "ResourceNotFound") return "";
  if (group !== undefined)
    return `; ${printed("group.group", group.group)}: no such group: check the object id`;
  return directoryRole?.scope === undefined
    ? ""
    : `; ${printed("directoryRole.scope", directoryRole.scope)}: nothing is there: check the object id`;
}

function printed(path: string, value: unknown): string {
  return `${path} ${JSON.stringify(value)}`;
}

function forbiddenAdvice({ code, permissions, method, path }: ServiceError): string {
  if (code === "AuthorizationFailed") {
    return "; give this identity Owner or User Access Administrator there or above, or correct the scope";
  }
  const least = neededPermission(method, path);
  const [first = least, ...others] = permissions ?? [];
  if (first === undefined) {
    return "; the identity lacks a permission: a Privileged Role Administrator or Global Administrator grants it";
  }
  const more = others.length === 0 ? "" : ` (or ${others.join(" or ")})`;
  return `; grant this identity ${first}${more} and have a Privileged Role Administrator or Global Administrator consent`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, "; ").trim();
}
