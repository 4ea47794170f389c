import { randomUUID } from "node:crypto";
import type { ArmCallOptions, ArmClient } from "../../http/arm";
import { isNotFound, isUnknownFate } from "../../http/errors";
import type { AssignmentKind } from "../../model/constants";
import type { AssignmentKey, RoleKey } from "../../model/identity";
import { newestFirst } from "../../model/instant";
import { sameScope } from "../../model/role-target";
import {
  readOutcome,
  readRequest,
  readSchedule,
  type WireRequest,
  type WireResource,
  type WireSchedule,
  writeRequest,
} from "../arm-wire/schedule-codec";
import { authorizationPath, isOf } from "../arm-wire/scope";
import type {
  AssignmentRequest,
  RequestOutcome,
  RequestReference,
  RequestRow,
  RowPage,
  RowQuery,
} from "../surface";
import { atScope, refusalOf } from "./scope-error";

const API_VERSION = "2020-10-01";
const SCHEDULES = {
  eligible: "roleEligibilitySchedules",
  active: "roleAssignmentSchedules",
} as const;
const REQUESTS = {
  eligible: "roleEligibilityScheduleRequests",
  active: "roleAssignmentScheduleRequests",
} as const;

/** A role at a scope. */
export type AzureKey = Extract<RoleKey, { surface: "azureRoles" }>;

type Resource = WireResource<WireRequest>;

/** All pages of each query; a scope's schedules come with those of the scopes above it, which are not its own. */
export function queryAssignments(
  arm: ArmClient,
  kind: AssignmentKind,
  queries: readonly RowQuery[],
): Promise<(RowPage | Error)[]> {
  return Promise.all(queries.map((query) => settled(querySchedules(arm, kind, query))));
}

async function querySchedules(
  arm: ArmClient,
  kind: AssignmentKind,
  { partition, principalId }: RowQuery,
): Promise<RowPage> {
  const path = authorizationPath(partition, SCHEDULES[kind]);
  const schedules = await atScope(partition, () =>
    arm.list<WireResource<WireSchedule>>(
      `${path}?$filter=${atScopeOf(principalId)}`,
      options(`listing ${kind} assignments at ${partition}`),
    ),
  );
  const rows = schedules
    .map((wire) => readSchedule(kind, wire))
    .filter(({ role }) => sameScope(azureRole(role).scope, partition));
  return { rows };
}

/** The requests for each assignment, newest first. */
export function listRequests(
  arm: ArmClient,
  keys: readonly AssignmentKey[],
): Promise<(RequestRow[] | Error)[]> {
  return Promise.all(keys.map((key) => settled(requestsFor(arm, key))));
}

async function requestsFor(arm: ArmClient, key: AssignmentKey): Promise<RequestRow[]> {
  const { scope, roleDefinitionId } = azureRole(key.role);
  const path = authorizationPath(scope, REQUESTS[key.kind]);
  const wire = await atScope(scope, () =>
    arm.list<Resource>(
      `${path}?$filter=${atScopeOf(key.principalId)}`,
      options("looking up requests"),
    ),
  );
  const own = wire
    .filter(({ properties }) => properties.principalId.toLowerCase() === key.principalId)
    .filter(({ properties }) => isOf(properties, scope, roleDefinitionId));
  return newestFirst(own.map(readRequest));
}

/** Requests by name, each under its scope. */
export function readRequests(
  arm: ArmClient,
  requests: readonly RequestReference[],
): Promise<(RequestRow | Error | undefined)[]> {
  return Promise.all(
    requests.map(({ key, requestId }) =>
      settled(
        readResource(arm, key, requestId).then((found) => (found ? readRequest(found) : undefined)),
      ),
    ),
  );
}

/**
 * Sends requests under names of our own. A name is used again only while nobody knows whether it arrived: then a look
 * at the name decides, and sending it once more cannot make a second request.
 */
export class RequestSender {
  /** Names of requests that may have arrived. */
  private readonly open = new WeakMap<AssignmentRequest, string>();

  constructor(private readonly arm: ArmClient) {}

  async send(request: AssignmentRequest): Promise<RequestOutcome> {
    const open = this.open.get(request);
    const name = open ?? randomUUID();
    try {
      return readOutcome(await this.put(request, name));
    } catch (error) {
      const isUnknown = isUnknownFate(error);
      const arrived =
        isUnknown || open !== undefined
          ? await readResource(this.arm, request.key, name)
          : undefined;
      if (arrived !== undefined) return readOutcome(arrived);
      if (isUnknown) this.open.set(request, name);
      else this.open.delete(request);
      const { roleDefinitionId, scope } = azureRole(request.key.role);
      throw refusalOf(roleDefinitionId, scope, error);
    }
  }

  private put(request: AssignmentRequest, name: string): Promise<Resource> {
    const role = azureRole(request.key.role);
    const body = writeRequest(role, request);
    return this.arm.put<Resource>(requestPath(request.key, name), body, {
      ...options(`requesting access at ${role.scope}`),
      repeatable: false,
    });
  }
}

export async function cancelRequest(
  arm: ArmClient,
  key: AssignmentKey,
  requestId: string,
): Promise<void> {
  const path = `${requestPath(key, requestId)}/cancel`;
  await arm.post<void>(path, undefined, options("cancelling a request"));
}

/** The role and scope that a key of this surface names. */
export function azureRole(role: RoleKey): AzureKey {
  if (role.surface === "azureRoles") return role;
  throw new TypeError(`a ${role.surface} key reached the Azure roles`);
}

async function readResource(
  arm: ArmClient,
  key: AssignmentKey,
  name: string,
): Promise<Resource | undefined> {
  try {
    return await arm.get<Resource>(requestPath(key, name), options("following a request"));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function requestPath(key: AssignmentKey, name: string): string {
  return authorizationPath(azureRole(key.role).scope, `${REQUESTS[key.kind]}/${name}`);
}

/** Without `atScope()` a principal's rows far below the scope come too. */
function atScopeOf(principalId: string | undefined): string {
  const filter =
    principalId === undefined ? "atScope()" : `(principalId eq '${principalId}') and atScope()`;
  return encodeURIComponent(filter);
}

function options(purpose: string): ArmCallOptions {
  return { apiVersion: API_VERSION, purpose };
}

function settled<T>(reading: Promise<T>): Promise<T | Error> {
  return reading.catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
}
