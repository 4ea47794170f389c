import { type Call, type Operation, ok, type Reply } from "./api";
import type { AppRoleAssignment, DirectoryObject } from "./directory/directory";
import { ServiceError } from "./errors";
import { peopleOperations, personToken } from "./login-people";
import type { Json } from "./schema";
import { GRAPH_APP_ID } from "./seed";
import type { SignIns } from "./sign-in";
import type { Tenant } from "./tenant";
import { TOKEN_SECONDS, type TokenClaims, type TokenService } from "./tokens";

/** Sign-in: the token endpoint, its discovery documents, and the Azure metadata document. */
export function loginOperations(tokens: TokenService, signIns: SignIns): readonly Operation[] {
  const token = (call: Call) => issueToken(tokens, signIns, call);
  const open = { permission: "none" } as const;
  return [
    { method: "POST", path: "/{tenant}/oauth2/v2.0/token", ...open, run: token },
    { method: "POST", path: "/{tenant}/oauth2/token", ...open, run: token },
    {
      method: "GET",
      path: "/{tenant}/v2.0/.well-known/openid-configuration",
      ...open,
      run: openIdConfiguration,
    },
    {
      method: "GET",
      path: "/{tenant}/.well-known/openid-configuration",
      ...open,
      run: openIdConfiguration,
    },
    {
      method: "GET",
      path: "/{tenant}/discovery/v2.0/keys",
      ...open,
      run: async () => ok(await tokens.keySet()),
    },
    { method: "GET", path: "/common/discovery/instance", ...open, run: instanceDiscovery },
    { method: "GET", path: "/metadata/endpoints", ...open, run: metadata },
    ...peopleOperations(signIns),
  ];
}

async function issueToken(tokens: TokenService, signIns: SignIns, call: Call): Promise<Reply> {
  const form = (call.body ?? {}) as Json;
  checkTenant(call);
  const ofPerson = await personToken(signIns, tokens, call, form);
  if (ofPerson !== undefined) return ofPerson;
  const grant = form["grant_type"];
  if (grant !== "client_credentials")
    throw oauth(
      400,
      "unsupported_grant_type",
      `AADSTS70003: The app requested an unsupported grant type '${String(grant)}'.`,
    );
  const claims = applicationClaims(call, form);
  return ok({
    token_type: "Bearer",
    expires_in: TOKEN_SECONDS,
    ext_expires_in: TOKEN_SECONDS,
    access_token: await tokens.issue(claims),
  });
}

function checkTenant(call: Call): void {
  const named = call.params["tenant"]?.toLowerCase() ?? "";
  const { id, domain } = call.tenant;
  if (
    ["common", "organizations", id.toLowerCase(), domain, "contoso.onmicrosoft.com"].includes(named)
  )
    return;
  throw oauth(
    400,
    "invalid_request",
    `AADSTS90002: Tenant '${named}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  );
}

function applicationClaims(call: Call, form: Json): TokenClaims {
  const basic = basicCredentials(call.headers["authorization"]);
  const clientId = String(form["client_id"] ?? basic?.id ?? "");
  const { tenant } = call;
  const [application] = [...tenant.directory.applications.by("appId", clientId)];
  const [principal] = [...tenant.directory.servicePrincipals.by("appId", clientId)];
  if (application === undefined || principal === undefined) {
    throw oauth(
      400,
      "unauthorized_client",
      `AADSTS700016: Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'.`,
    );
  }
  checkCredential(tenant, application, form, form["client_secret"] ?? basic?.secret);
  const audience = audienceOf(form);
  return {
    kind: "app",
    id: principal.id,
    appId: clientId,
    audience,
    permissions: grantedPermissions(tenant, principal),
  };
}

function checkCredential(
  tenant: Tenant,
  application: DirectoryObject,
  form: Json,
  secret: unknown,
): void {
  const assertion = form["client_assertion"];
  if (typeof assertion === "string" && assertion.split(".").length === 3) {
    checkAssertion(tenant, application, assertion);
    return;
  }
  const known = (application["passwordCredentials"] as Json[]).map(
    (credential) => credential["secretText"],
  );
  if (typeof secret === "string" && known.includes(secret)) return;
  if (secret === undefined)
    throw oauth(
      401,
      "invalid_client",
      "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  throw oauth(
    401,
    "invalid_client",
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
  );
}

// Whether its signature is good, only the real service can tell. Where federated credentials are registered, one of
// them has to be meant; the application's own certificate names the application as its issuer.
function checkAssertion(tenant: Tenant, application: DirectoryObject, assertion: string): void {
  const registered = [...tenant.directory.federatedCredentials.by("applicationId", application.id)];
  if (registered.length === 0) return;
  const claims = claimsOf(assertion);
  if (claims["iss"] === application["appId"]) return;
  const isMeant = registered.some(
    ({ issuer, subject, audiences }) =>
      issuer === claims["iss"] &&
      subject === claims["sub"] &&
      (audiences as unknown[]).some((audience) => [claims["aud"]].flat().includes(audience)),
  );
  if (isMeant) return;
  throw oauth(
    401,
    "invalid_client",
    `AADSTS700213: No matching federated identity record found for presented assertion subject '${String(claims["sub"])}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
  );
}

function claimsOf(assertion: string): Json {
  try {
    const [, payload = ""] = assertion.split(".");
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Json;
  } catch {
    throw oauth(400, "invalid_request", "AADSTS50027: JWT token is invalid or malformed.");
  }
}

// v2.0 asks for `<resource>/.default`, v1.0 for a resource.
function audienceOf(form: Json): string {
  const resource = form["resource"];
  if (typeof resource === "string") return resource.replace(/\/$/, "");
  const scope = String(form["scope"] ?? "")
    .split(" ")
    .find((item) => item.endsWith("/.default"));
  if (scope === undefined)
    throw oauth(
      400,
      "invalid_scope",
      `AADSTS1002012: The provided value for scope ${String(form["scope"])} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  return scope.slice(0, -"/.default".length).replace(/\/$/, "");
}

/** Application permissions of Microsoft Graph that a service principal was granted, by name. */
export function grantedPermissions(tenant: Tenant, principal: DirectoryObject): string[] {
  const [graph] = [...tenant.directory.servicePrincipals.by("appId", GRAPH_APP_ID)];
  const roles = (graph?.["appRoles"] ?? []) as Json[];
  const names = new Map(roles.map((role) => [role["id"], String(role["value"])]));
  const granted = [...tenant.directory.appRoleAssignments.by("principalId", principal.id)];
  return granted
    .filter((row: AppRoleAssignment) => row.resourceId === graph?.id)
    .flatMap((row) => names.get(row.appRoleId) ?? []);
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString().split(":");
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}

function openIdConfiguration(call: Call): Reply {
  const named = call.params["tenant"] ?? "common";
  const base = `${call.origin}/${named}`;
  const issuerTenant = ["common", "organizations"].includes(named) ? "{tenantid}" : call.tenant.id;
  return ok({
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: [
      "client_secret_post",
      "private_key_jwt",
      "client_secret_basic",
    ],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${call.origin}/${issuerTenant}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: "EU",
    cloud_instance_name: new URL(call.origin).host,
    msgraph_host: new URL(call.origin).host,
  });
}

function instanceDiscovery(call: Call): Reply {
  const { host } = new URL(call.origin);
  return ok({
    tenant_discovery_endpoint: `${call.origin}/${call.tenant.id}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  });
}

function metadata(call: Call): Reply {
  const { origin } = call;
  const cloud = {
    name: "PimEmulator",
    portal: origin,
    authentication: {
      loginEndpoint: origin,
      audiences: [origin],
      tenant: "common",
      identityProvider: "AAD",
    },
    media: origin,
    graphAudience: origin,
    graph: origin,
    resourceManager: origin,
    microsoftGraphResourceId: origin,
    activeDirectoryDataLake: origin,
    batch: origin,
    suffixes: { keyVaultDns: "vault.emulator.invalid", storage: "core.emulator.invalid" },
  };
  // The older document is a list of clouds; from 2022-09-01 on it is one.
  const version = new URLSearchParams(call.search).get("api-version") ?? "";
  return ok(version !== "" && version < "2022-09-01" ? [cloud] : cloud);
}

function oauth(status: number, code: string, message: string): ServiceError {
  return new ServiceError(status, code, message, "oauth");
}
