import type { Call, Operation, Reply } from "../api";
import { ServiceError } from "../errors";
import { continued, placeOf } from "../paging";
import type { Json } from "../schema";
import { asArmError, refuseArm } from "./arm-errors";
import { type ArmFilter, parseArmFilter } from "./arm-filter";
import type { ArmRate } from "./arm-throttle";
import { kindOfScope, normalScope, type Scope, subscriptionPrefix } from "./scopes";

/** A resource type, with the versions of its interface. */
export interface ResourceType {
  name: string;
  versions: readonly string[];
}

const SCHEDULE_VERSIONS = [
  "2020-10-01",
  "2020-10-01-preview",
  "2022-04-01",
  "2022-04-01-preview",
  "2024-02-01-preview",
  "2024-09-01-preview",
];

/** Resource types of Microsoft.Authorization and the versions that each has. */
export const TYPES = {
  schedules: { name: "roleAssignmentSchedules", versions: SCHEDULE_VERSIONS },
  policies: {
    name: "roleManagementPolicies",
    versions: ["2020-10-01", "2020-10-01-preview", "2024-02-01-preview", "2024-09-01-preview"],
  },
  childResources: {
    name: "eligibleChildResources",
    versions: ["2020-10-01", "2020-10-01-preview", "2024-02-01-preview", "2024-09-01-preview"],
  },
  approvals: { name: "roleAssignmentApprovals", versions: ["2021-01-01-preview"] },
  roleAssignments: {
    name: "roleAssignments",
    versions: [
      "2015-06-01",
      "2015-07-01",
      "2017-10-01-preview",
      "2018-01-01-preview",
      "2018-07-01",
      "2018-09-01-preview",
      "2018-12-01-preview",
      "2019-04-01-preview",
      "2020-03-01-preview",
      "2020-04-01-preview",
      "2020-08-01-preview",
      "2020-10-01",
      "2020-10-01-preview",
      "2021-04-01-preview",
      "2022-01-01-preview",
      "2022-04-01",
      "2022-05-01-preview",
      "2024-02-01-preview",
      "2026-07-01-preview",
      "2026-08-01",
    ],
  },
  roleDefinitions: {
    name: "roleDefinitions",
    versions: [
      "2015-06-01",
      "2015-07-01",
      "2018-01-01-preview",
      "2018-07-01",
      "2018-09-01-preview",
      "2022-04-01",
      "2022-05-01-preview",
    ],
  },
  permissions: {
    name: "permissions",
    versions: [
      "2015-07-01",
      "2018-01-01-preview",
      "2018-07-01",
      "2018-09-01-preview",
      "2022-04-01",
      "2022-05-01-preview",
    ],
  },
  denyAssignments: {
    name: "denyAssignments",
    versions: [
      "2018-07-01-preview",
      "2022-04-01",
      "2022-05-01-preview",
      "2024-07-01-preview",
      "2026-09-01",
    ],
  },
  elevateAccess: {
    name: "elevateAccess",
    versions: [
      "2015-06-01",
      "2015-07-01",
      "2016-07-01",
      "2017-05-01",
      "2018-01-01",
      "2018-01-01-preview",
    ],
  },
} as const satisfies Record<string, ResourceType>;

/** One request at a scope, as the operations of Azure Resource Manager see it. */
export interface ArmCall {
  call: Call;
  /** The scope as the tree has it. */
  scope: Scope;
  apiVersion: string;
}

/** One operation at any scope, the tenant's included. */
export function atScope(
  method: Operation["method"],
  suffix: string,
  type: ResourceType,
  run: (arm: ArmCall) => Reply,
): Operation[] {
  const ending = `/providers/Microsoft.Authorization/${suffix}`;
  return [`/{scope+}${ending}`, ending].map((path) =>
    armOperation(method, path, type, (call, apiVersion) =>
      run({ call, apiVersion, scope: scopeOf(call, call.params["scope"] ?? "") }),
    ),
  );
}

/** One operation of Azure Resource Manager: its version is checked, its rate is counted, its errors are worded. */
export function armOperation(
  method: Operation["method"],
  path: string,
  type: ResourceType | null,
  run: (call: Call, apiVersion: string) => Reply,
): Operation {
  return {
    method,
    path,
    permission: "any",
    run: (call) => {
      let remaining: Record<string, string> = {};
      try {
        remaining = admit(call);
        const reply = run(call, checkVersion(call, type));
        return { ...reply, headers: { ...remaining, ...reply.headers } };
      } catch (error) {
        throw error instanceof ServiceError ? asArmError(error, remaining) : error;
      }
    },
  };
}

/** The scope of a request, however it is spelled, or the refusal of one that does not exist. */
export function scopeOf(call: Call, text: string): Scope {
  const id = normalScope(text);
  const { scopes } = call.tenant.arm.tree;
  const scope = scopes.get(id);
  if (scope !== undefined) return scope;
  const subscription = subscriptionPrefix(id);
  const kind = kindOfScope(id);
  const name = id.split("/").at(-1) ?? "";
  if (kind === undefined || kind === "managementgroup")
    throw refuseArm.authorizationFailed(
      call.caller.appId,
      call.caller.id,
      "Microsoft.Authorization/*/read",
      id,
    );
  if (scopes.get(subscription) === undefined)
    throw refuseArm.subscriptionNotFound(subscription.split("/").at(-1) ?? "");
  throw kind === "resourcegroup" ? refuseArm.groupNotFound(name) : refuseArm.resourceNotFound(name);
}

/** A query parameter by its name, whatever its case. */
export function queryOf(call: Call, name: string): string | undefined {
  for (const [key, value] of new URLSearchParams(call.search)) {
    if (key.toLowerCase() === name.toLowerCase()) return value;
  }
  return undefined;
}

/** The `$filter` of a request. */
export function filterOf(call: Call, allowed: readonly string[]): ArmFilter {
  return parseArmFilter(queryOf(call, "$filter") ?? "", allowed);
}

/** Something to list, with its place in an order that never changes. */
export interface Placed {
  seq: number;
  wire: () => Json;
}

/** Answers a list: a page, and where the next one begins. */
export function listReply(
  call: Call,
  rows: Iterable<Placed>,
  size = call.tenant.settings.armPageSize,
): Reply {
  const after = startOf(call);
  const value: Json[] = [];
  let last = 0;
  for (const row of rows) {
    if (row.seq <= after) continue;
    if (value.length === size)
      return { status: 200, body: { value, nextLink: nextLink(call, last) } };
    value.push(row.wire());
    last = row.seq;
  }
  return { status: 200, body: { value } };
}

/** Members of an object by their lower-case names: Azure Resource Manager does not mind the case. */
export function folded(value: unknown): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

/** The `properties` of a body; the bare members where there is no such wrapper and that is allowed. */
export function propertiesOf(call: Call, allowBare = false): Map<string, unknown> {
  if (typeof call.body !== "object" || call.body === null || Array.isArray(call.body))
    throw refuseArm.invalidContent("Unexpected end or type of the request body.");
  const body = folded(call.body);
  const wrapped = body.get("properties");
  if (typeof wrapped === "object" && wrapped !== null) return folded(wrapped);
  if (allowBare) return body;
  throw refuseArm.invalidContent("Required property 'properties' not found in JSON.");
}

/** A text member, null where it is absent or null. */
export function textOf(members: ReadonlyMap<string, unknown>, name: string): string | null {
  const value = members.get(name.toLowerCase());
  if (value === undefined || value === null) return null;
  if (typeof value !== "string")
    throw refuseArm.invalidContent(`The value of '${name}' must be a string.`);
  return value;
}

function checkVersion(call: Call, type: ResourceType | null): string {
  const version = queryOf(call, "api-version")?.toLowerCase();
  if (version === undefined || version === "") throw refuseArm.missingApiVersion();
  if (type !== null && !type.versions.includes(version))
    throw refuseArm.unsupportedApiVersion(type.name, version, type.versions);
  return version;
}

const RATES: Readonly<Record<string, ArmRate>> = { GET: "reads", HEAD: "reads", DELETE: "deletes" };

// Counted always, refused only where the switch says so.
function admit(call: Call): Record<string, string> {
  const { tenant, caller } = call;
  const place = subscriptionPrefix(normalScope(call.path));
  const rate = RATES[call.method] ?? "writes";
  const { remaining, waitSeconds } = tenant.arm.throttle.take(place, caller.id, rate, Date.now());
  if (waitSeconds > 0 && tenant.settings.armThrottling) throw refuseArm.throttled(waitSeconds);
  const kind = place === "" ? "tenant" : "subscription";
  return { [`x-ms-ratelimit-remaining-${kind}-${rate}`]: String(remaining) };
}

function startOf(call: Call): number {
  const place = placeOf(queryOf(call, "$skiptoken"));
  if (place === undefined) throw refuseArm.invalidContent("The skip token is not valid.");
  return place;
}

function nextLink(call: Call, seq: number): string {
  return `${call.origin}${call.path}?${continued(call.search, seq)}`;
}
