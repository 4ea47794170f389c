import { isLicenseRequired, isNotFound, ServiceError } from "../http/errors";
import { reach } from "../http/reach";
import type { TokenClaims } from "../http/token-claims";
import type { Surface } from "../model/constants";
import { callerIn } from "./caller";
import { PIPELINE_PERMISSIONS_BY_SURFACE } from "./doctor-permissions";
import { examineRules } from "./doctor-rules";
import { type Finding, messageOf, reasonOf } from "./doctor-words";
import { missingPermissions, PERSON_PERMISSIONS, personProblem, type Task } from "./person";
import type { Tenant } from "./tenant";

/** Minutes by which two clocks may differ before sign-ins fail. */
const MOST_SKEW_MS = 5 * 60_000;

/** Looks at everything that keeps PIM from working for this identity; writes nothing. */
export async function examine(tenant: Tenant, surfaces: readonly Surface[]): Promise<Finding[]> {
  const endpoints = await examineEndpoints(tenant, surfaces);
  // A service that does not answer would only make every other question wait for its time-out.
  const silent = endpoints.flatMap(({ service, ok }) => (ok === false ? service : []));
  const answering = surfaces.filter((surface) => !silent.includes(serviceOf(surface)));
  const groups = await Promise.all([
    examineIdentity(tenant, answering),
    examineLicence(tenant, answering),
    ...answering.map((surface) => examineSurface(tenant, surface)),
    examineRules(tenant, answering),
  ]);
  return [...endpoints.map(({ service: _service, ...finding }) => finding), ...groups.flat()];
}

type Service = "graph" | "arm";

function serviceOf(surface: Surface): Service {
  return surface === "azureRoles" ? "arm" : "graph";
}

interface EndpointFinding extends Finding {
  /** Set where the finding says whether the service answers. */
  service: Service | undefined;
}

const ENDPOINTS: Record<Service, { name: string; path: string }> = {
  graph: { name: "Microsoft Graph", path: "/v1.0/$metadata" },
  arm: { name: "Azure Resource Manager", path: "/subscriptions?api-version=2022-12-01" },
};

async function examineEndpoints(
  { endpoints, clock }: Tenant,
  surfaces: readonly Surface[],
): Promise<EndpointFinding[]> {
  const services = [...new Set(surfaces.map(serviceOf))];
  const found = await Promise.all(
    services.map(async (service): Promise<EndpointFinding[]> => {
      const { name, path } = ENDPOINTS[service];
      const { status, ms, skewMs, reason } = await reach(endpoints[service] + path, clock.now);
      const at = new URL(endpoints[service]).origin;
      const check = `reach ${name}`;
      if (status === undefined) {
        const fix = "check the network, the proxy and the endpoint";
        return [{ service, check, ok: false, detail: `${at}: ${reason ?? "no answer"}`, fix }];
      }
      const reached = { service, check, ok: true, detail: `${at} answers in ${ms} ms` };
      if (skewMs === undefined) return [reached];
      return [reached, { ...skewFinding(name, skewMs), service: undefined }];
    }),
  );
  return found.flat();
}

function skewFinding(name: string, skewMs: number): Finding {
  const seconds = Math.round(skewMs / 1000);
  const ok = Math.abs(skewMs) < MOST_SKEW_MS;
  return {
    check: "clock",
    ok,
    detail: `${name} is ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead"}`,
    ...(ok ? {} : { fix: "set this machine's clock: sign-ins and windows go by it" }),
  };
}

async function examineIdentity(tenant: Tenant, surfaces: readonly Surface[]): Promise<Finding[]> {
  const asked: Surface[] = [
    ...(surfaces.some((surface) => surface !== "azureRoles") ? ["directoryRoles" as const] : []),
    ...(surfaces.includes("azureRoles") ? ["azureRoles" as const] : []),
  ];
  return Promise.all(
    asked.map(async (surface): Promise<Finding> => {
      const check = surface === "azureRoles" ? "identity for Azure" : "identity for Graph";
      try {
        return { check, ok: true, detail: describeIdentity(await tenant.claims(surface)) };
      } catch (error) {
        return {
          check,
          ok: false,
          detail: messageOf(error),
          fix: "sign in, or name other credentials",
        };
      }
    }),
  );
}

function describeIdentity(claims: TokenClaims): string {
  const { name, appOnly, ids } = callerIn(claims);
  const kind = appOnly ? "application" : "person";
  const mfa = appOnly ? [] : [claims.amr.includes("mfa") ? "with MFA" : "without MFA"];
  const contexts = claims.acrs.length === 0 ? [] : [`contexts ${claims.acrs.join(" ")}`];
  const through =
    appOnly || claims.appid === undefined ? [] : [`through application ${claims.appid}`];
  const tenant = claims.tid === undefined ? [] : [`tenant ${claims.tid}`];
  return [
    `${name} (${kind}, ${ids[0] ?? "no object id"})`,
    ...mfa,
    ...contexts,
    ...through,
    ...tenant,
  ].join(", ");
}

/** Services of a licence that PIM needs one of. */
const PLANS = ["AAD_PREMIUM_P2", "Entra_Identity_Governance"];

async function examineLicence(tenant: Tenant, surfaces: readonly Surface[]): Promise<Finding[]> {
  if (surfaces.every((surface) => surface === "azureRoles")) return [];
  try {
    const skus = await tenant.graph.list<{
      skuPartNumber?: string;
      capabilityStatus?: string;
      servicePlans?: { servicePlanName?: string }[];
    }>("/subscribedSkus", { purpose: "looking for a licence" });
    const fit = skus.filter(
      ({ capabilityStatus, servicePlans }) =>
        capabilityStatus !== "Suspended" &&
        (servicePlans ?? []).some(({ servicePlanName }) => PLANS.includes(servicePlanName ?? "")),
    );
    const names = fit.map(({ skuPartNumber }) => skuPartNumber ?? "unnamed").join(", ");
    return fit.length > 0
      ? [{ check: "licence", ok: true, detail: names }]
      : [
          {
            check: "licence",
            ok: false,
            detail: "no Entra ID P2 or Entra ID Governance among the tenant's licences",
            fix: "buy and assign one: PIM needs it",
          },
        ];
  } catch (error) {
    return [
      {
        check: "licence",
        ok: undefined,
        detail: `cannot be read (${reasonOf(error)})`,
        fix: "grant LicenseAssignment.Read.All or Organization.Read.All to see it",
      },
    ];
  }
}

const NAMES: Record<Surface, string> = {
  directoryRoles: "Entra roles",
  groups: "groups",
  azureRoles: "Azure roles",
};

/** Which surfaces can be read (by asking) and written (by what the token was granted). */
async function examineSurface(tenant: Tenant, surface: Surface): Promise<Finding[]> {
  let claims: TokenClaims;
  try {
    claims = await tenant.claims(surface);
  } catch {
    return []; // said under the identity already
  }
  const isApplication = callerIn(claims).appOnly;
  return [
    await readFinding(tenant, surface, isApplication),
    ...(isApplication ? applicationFindings(surface, claims) : personFindings(surface, claims)),
  ];
}

async function readFinding(
  tenant: Tenant,
  surface: Surface,
  isApplication: boolean,
): Promise<Finding> {
  const check = `read ${NAMES[surface]}`;
  try {
    return { check, ok: true, detail: await probe(tenant, surface, isApplication) };
  } catch (error) {
    if (isLicenseRequired(error))
      return { check, ok: false, detail: "the tenant has no licence for PIM" };
    const missing = error instanceof ServiceError ? error.permissions?.[0] : undefined;
    return {
      check,
      ok: error instanceof ServiceError ? false : undefined,
      detail: reasonOf(error),
      ...(missing === undefined ? {} : { fix: `grant ${missing}` }),
    };
  }
}

async function probe(tenant: Tenant, surface: Surface, isApplication: boolean): Promise<string> {
  if (!isApplication) {
    const rows = await tenant.people(surface).eligibilities();
    return `${rows.length} eligibilities of your own`;
  }
  if (surface === "directoryRoles") {
    await tenant.graph.get("/roleManagement/directory/roleEligibilitySchedules?$top=1");
    return "eligible assignments can be listed";
  }
  if (surface === "groups") {
    const path = "/identityGovernance/privilegedAccess/group/eligibilitySchedules";
    const none = "00000000-0000-0000-0000-000000000000";
    await tenant.graph
      .get(`${path}?$filter=${encodeURIComponent(`groupId eq '${none}'`)}`)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error; // a group that is not there was looked for: that is enough
      });
    return "assignments of groups can be listed";
  }
  const rows = await tenant.people("azureRoles").eligibilities();
  return `Azure answers (${rows.length} eligibilities of its own)`;
}

const TASKS: Record<Task, string> = {
  look: "see what you are eligible for",
  activate: "activate",
  extend: "extend and renew",
  decide: "approve",
};

function personFindings(surface: Surface, claims: TokenClaims): Finding[] {
  if (surface === "azureRoles") return [];
  return (Object.keys(PERSON_PERMISSIONS[surface]) as Task[]).map((task) => {
    const missing = missingPermissions(surface, task, claims);
    const check = `${TASKS[task]}: ${NAMES[surface]}`;
    if (missing.length === 0) return { check, ok: true, detail: "granted" };
    const problem = personProblem(surface, task, claims);
    return {
      check,
      ok: false,
      detail: `lacks ${missing.join(", ")}`,
      fix: problem?.split("; ").at(-1) ?? "add it to the application's registration",
    };
  });
}

function applicationFindings(surface: Surface, { roles }: TokenClaims): Finding[] {
  const person: Finding = {
    check: `activate, approve: ${NAMES[surface]}`,
    ok: true,
    detail: "only people can: this identity deploys assignments and settings",
  };
  if (surface === "azureRoles") return [person];
  const missing = PIPELINE_PERMISSIONS_BY_SURFACE[surface]
    .filter((alternatives) => !alternatives.some((permission) => roles.includes(permission)))
    .flatMap(([first]) => first ?? []);
  const check = `write ${NAMES[surface]}`;
  if (missing.length === 0) return [{ check, ok: true, detail: "granted" }, person];
  const fix = "grant them to the application and have an administrator consent";
  return [{ check, ok: false, detail: `lacks ${missing.join(", ")}`, fix }, person];
}
