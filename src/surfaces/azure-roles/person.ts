import { randomUUID } from "node:crypto";
import type { ArmClient } from "../../http/arm";
import { isNotFound, isUnknownFate } from "../../http/errors";
import { type AssignmentKind, Decision } from "../../model/constants";
import type { RoleKey } from "../../model/identity";
import { newestFirst } from "../../model/instant";
import { azureRoleGuid } from "../../model/role-target";
import {
  readPersonRequest,
  readSelfOutcome,
  readStanding,
  type WireInstance,
  type WirePersonRequest,
  writeSelfRequest,
} from "../arm-wire/people-codec";
import { readRules } from "../arm-wire/policy-codec";
import type { WireResource } from "../arm-wire/schedule-codec";
import { authorizationPath } from "../arm-wire/scope";
import type {
  ApprovalPlace,
  PeopleSurface,
  PersonRequest,
  RequestPlace,
  Review,
  RoleOffer,
  SelfOutcome,
  SelfRequest,
  Standing,
  Verdict,
} from "../people";
import { readReview, type WirePart } from "../pim-wire/review";
import type { WireRule } from "../pim-wire/rules-codec";
import type { LivePolicy } from "../surface";
import { azureRole } from "./assignments";
import { readPolicies } from "./settings";

const API_VERSION = "2020-10-01";
const APPROVALS_VERSION = "2021-01-01-preview";
const AUTHORIZATION = "/providers/Microsoft.Authorization";
const INSTANCES = {
  eligible: "roleEligibilityScheduleInstances",
  active: "roleAssignmentScheduleInstances",
} as const;
const REQUESTS = {
  eligible: "roleEligibilityScheduleRequests",
  active: "roleAssignmentScheduleRequests",
} as const;

type Resource = WireResource<WirePersonRequest>;

/** PIM for Azure roles, as the person who signed in sees it. Listings span the tenant: nobody else may ask so. */
export function azureRolePeople(arm: ArmClient): PeopleSurface {
  return {
    surface: "azureRoles",
    eligibilities: () => standings(arm, "eligible"),
    active: () => standings(arm, "active"),
    ownRequests: () => listRequests(arm, AUTHORIZATION, "asTarget()"),
    allRequests: async (scope) => {
      if (scope?.startsWith("/") === true)
        return listRequests(arm, authorizationPath(scope, "").replace(/\/$/, ""), undefined);
      const own = await Promise.all(
        ["asTarget()", "asRequestor()", "asApprover()"].map((filter) =>
          listRequests(arm, AUTHORIZATION, filter),
        ),
      );
      const byId = new Map(own.flat().map((row) => [row.id, row]));
      return newestFirst([...byId.values()]);
    },
    pendingApprovals: async () => {
      const rows = await listRequests(arm, AUTHORIZATION, "asApprover()");
      return rows.filter(({ status }) => /^pending/i.test(status));
    },
    send: (request, claims) => send(arm, request, claims),
    async cancel(place) {
      const options = { apiVersion: API_VERSION, purpose: "cancelling a request" };
      await arm.post<void>(`${requestPath(place)}/cancel`, undefined, options);
    },
    follow: (places) => Promise.all(places.map((place) => read(arm, place))),
    decide: (place, verdict) => decide(arm, place, verdict),
    review: (place) => review(arm, place),
    settings: (roles, calls) => readSettings(arm, roles, calls),
    // Listings carry the names of principals; Azure itself has no directory to ask.
    names: () => Promise.resolve(new Map()),
  };
}

async function standings(arm: ArmClient, kind: AssignmentKind): Promise<Standing[]> {
  const rows = await arm.list<WireResource<WireInstance>>(
    `${AUTHORIZATION}/${INSTANCES[kind]}?$filter=asTarget()`,
    { apiVersion: API_VERSION, purpose: `listing your own ${kind} Azure roles` },
  );
  return rows.map(readStanding);
}

async function listRequests(
  arm: ArmClient,
  base: string,
  filter: string | undefined,
): Promise<PersonRequest[]> {
  const query = filter === undefined ? "" : `?$filter=${encodeURIComponent(filter)}`;
  const lists = await Promise.all(
    (["active", "eligible"] as const).map(async (kind) => {
      const options = { apiVersion: API_VERSION, purpose: "listing requests for Azure roles" };
      const rows = await arm.list<Resource>(`${base}/${REQUESTS[kind]}${query}`, options);
      return rows.map((row) => readPersonRequest(kind, row));
    }),
  );
  return newestFirst(lists.flat());
}

/** A name of our own tells, when the answer got lost, whether the request arrived. */
async function send(
  arm: ArmClient,
  request: SelfRequest,
  claims: string | undefined,
): Promise<SelfOutcome> {
  const role = azureRole(request.role);
  const place = { id: randomUUID(), kind: request.kind, role };
  const body = writeSelfRequest(role, request);
  const options = {
    apiVersion: API_VERSION,
    purpose: `asking to ${request.action}`,
    repeatable: false,
    claims,
  };
  if (request.isValidationOnly === true)
    return readSelfOutcome(
      await arm.post<Resource>(`${requestPath(place)}/validate`, body, options),
    );
  try {
    return readSelfOutcome(await arm.put<Resource>(requestPath(place), body, options));
  } catch (error) {
    const arrived = isUnknownFate(error) ? await readResource(arm, place) : undefined;
    if (arrived === undefined) throw error;
    return readSelfOutcome(arrived);
  }
}

async function read(arm: ArmClient, place: RequestPlace): Promise<PersonRequest | undefined> {
  const found = await readResource(arm, place);
  return found === undefined ? undefined : readPersonRequest(place.kind, found);
}

async function readResource(arm: ArmClient, place: RequestPlace): Promise<Resource | undefined> {
  try {
    const options = { apiVersion: API_VERSION, purpose: "following a request" };
    return await arm.get<Resource>(requestPath(place), options);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function decide(
  arm: ArmClient,
  place: ApprovalPlace,
  { decision, justification }: Verdict,
): Promise<void> {
  const approval = approvalPath(place);
  const body = {
    properties: {
      reviewResult: decision === Decision.Approve ? "Approve" : "Deny",
      justification,
    },
  };
  const options = {
    apiVersion: APPROVALS_VERSION,
    purpose: `deciding about request ${place.id}`,
  };
  const patch = (stage: string) => arm.patch<unknown>(`${approval}/stages/${stage}`, body, options);
  const usual = approval.split("/").pop() ?? place.id;
  try {
    // An approval and its only stage have one name; where they do not, the stages are asked for.
    await patch(usual);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const stage = (await review(arm, place))?.partId ?? null;
    if (stage === null || stage === usual) throw error;
    await patch(stage);
  }
}

async function review(arm: ArmClient, place: ApprovalPlace): Promise<Review | undefined> {
  try {
    const { value } = await arm.get<{ value: WireResource<Omit<WirePart, "id">>[] }>(
      `${approvalPath(place)}/stages`,
      { apiVersion: APPROVALS_VERSION, purpose: `looking at the approval of request ${place.id}` },
    );
    return readReview(value.map(({ name, properties }) => ({ ...properties, id: name })));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A full id of the service's, or the tenant's own path to the approval of a request. */
function approvalPath({ id, approvalId }: ApprovalPlace): string {
  if (approvalId?.startsWith("/")) return encodeURI(approvalId);
  return `${AUTHORIZATION}/roleAssignmentApprovals/${approvalId ?? id}`;
}

function requestPath({ id, kind, role }: RequestPlace): string {
  return authorizationPath(azureRole(role).scope, `${REQUESTS[kind]}/${id}`);
}

/** Azure answers for one role at one scope, or for all roles of one scope: whichever is fewer requests. */
async function readSettings(
  arm: ArmClient,
  offers: readonly RoleOffer[],
  calls: number,
): Promise<(LivePolicy | Error | undefined)[]> {
  const text = ({ role }: RoleOffer) => JSON.stringify(role);
  const distinct = [...new Map(offers.map((offer) => [text(offer), offer.role])).entries()];
  if (distinct.length > calls) return listSettings(arm, offers, calls);
  const found = await readPolicies(
    arm,
    distinct.map(([, role]) => role),
  );
  const byRole = new Map(distinct.map(([key], index) => [key, found[index]]));
  return offers.map((offer) => byRole.get(text(offer)));
}

interface WirePolicyAssignment {
  roleDefinitionId?: string | null;
  policyId: string;
  effectiveRules?: WireRule[] | null;
}

async function listSettings(
  arm: ArmClient,
  offers: readonly RoleOffer[],
  calls: number,
): Promise<(LivePolicy | Error | undefined)[]> {
  const scopes = [...new Set(offers.map(({ role }) => azureRole(role).scope))].slice(0, calls);
  const lists = await Promise.all(
    scopes.map((scope) =>
      arm
        .list<WireResource<WirePolicyAssignment>>(
          authorizationPath(scope, "roleManagementPolicyAssignments"),
          { apiVersion: API_VERSION, purpose: `listing role settings at ${scope}` },
        )
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))),
    ),
  );
  const byScope = new Map(scopes.map((scope, index) => [scope, lists[index]]));
  return offers.map(({ role }) => {
    const { scope, roleDefinitionId } = azureRole(role);
    const list = byScope.get(scope);
    if (list === undefined || list instanceof Error) return list;
    const isRole = (id: string | null | undefined) => azureRoleGuid(id ?? "") === roleDefinitionId;
    const found = list.find(({ properties }) => isRole(properties.roleDefinitionId))?.properties;
    return found === undefined ? undefined : policyIn(role, found);
  });
}

function policyIn(
  role: RoleKey,
  { policyId, effectiveRules }: WirePolicyAssignment,
): LivePolicy | Error {
  const wire = effectiveRules ?? [];
  try {
    return { role, policyId, rules: readRules(wire), wire };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
