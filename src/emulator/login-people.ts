import { type Call, type Operation, ok, type Reply } from "./api";
import { ServiceError } from "./errors";
import { type Grant, requestedContexts, type SignIns } from "./sign-in";
import { TOKEN_SECONDS, type TokenClaims, type TokenService } from "./tokens";

/** Application id of the Azure CLI, which exists in every tenant. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** What the Azure CLI may do on Graph: none of PIM's permissions are among it. */
const AZURE_CLI_SCOPES = [
  "AuditLog.Read.All",
  "Directory.AccessAsUser.All",
  "Group.ReadWrite.All",
  "User.ReadWrite.All",
  "email",
  "openid",
  "profile",
];

/** Sign-in of people: the device page and the browser. */
export function peopleOperations(signIns: SignIns): readonly Operation[] {
  return [
    {
      method: "POST",
      path: "/{tenant}/oauth2/v2.0/devicecode",
      permission: "none",
      run: (call) => startDevice(signIns, call),
    },
    {
      method: "GET",
      path: "/{tenant}/oauth2/v2.0/authorize",
      permission: "none",
      run: (call) => authorize(signIns, call),
    },
  ];
}

/** Answers the grants of people at the token endpoint; undefined for other grants. */
export async function personToken(
  signIns: SignIns,
  tokens: TokenService,
  call: Call,
  form: Readonly<Record<string, unknown>>,
): Promise<Reply | undefined> {
  const grant = grantOf(signIns, form);
  if (grant === undefined) return undefined;
  const scope = String(form["scope"] ?? grant.scope);
  const missing = requestedContexts(form["claims"]).filter(
    (context) => !grant.acrs.includes(context),
  );
  if (missing.length > 0) {
    throw oauth(
      400,
      "interaction_required",
      "AADSTS50005: The authentication context must be satisfied by signing in again.",
    );
  }
  const claims = claimsOf(call, grant, scope);
  return ok({
    token_type: "Bearer",
    scope: claims.permissions.join(" "),
    expires_in: TOKEN_SECONDS,
    ext_expires_in: TOKEN_SECONDS,
    access_token: await tokens.issue(claims),
    refresh_token: signIns.refreshToken(grant),
    id_token: await tokens.issueIdToken(claims),
    client_info: Buffer.from(JSON.stringify({ uid: grant.userId, utid: call.tenant.id })).toString(
      "base64url",
    ),
  });
}

function startDevice(signIns: SignIns, call: Call): Reply {
  const form = (call.body ?? {}) as Record<string, unknown>;
  const { deviceCode, userCode } = signIns.startDevice(
    String(form["client_id"]),
    String(form["scope"] ?? ""),
  );
  const page = `${call.origin}/_emulator/sign-in`;
  return ok({
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: page,
    expires_in: 900,
    interval: 1,
    message: `To sign in, POST {"userCode": "${userCode}", "user": "…"} to ${page}.`,
  });
}

// There is no page to look at: whoever sits at the browser is signed in and sent back.
function authorize(signIns: SignIns, call: Call): Reply {
  const asked = new URLSearchParams(call.search);
  const redirect = asked.get("redirect_uri") ?? "http://localhost";
  const contexts = requestedContexts(asked.get("claims"));
  const code = signIns.authorize(
    asked.get("client_id") ?? "",
    asked.get("scope") ?? "",
    contexts,
    asked.get("code_challenge"),
  );
  const answer = new URLSearchParams({ code, session_state: call.tenant.id });
  const state = asked.get("state");
  if (state !== null) answer.set("state", state);
  const separator = asked.get("response_mode") === "fragment" ? "#" : "?";
  return { status: 302, headers: { location: `${redirect}${separator}${answer}` } };
}

function grantOf(signIns: SignIns, form: Readonly<Record<string, unknown>>): Grant | undefined {
  switch (form["grant_type"]) {
    case "urn:ietf:params:oauth:grant-type:device_code":
    case "device_code":
      return deviceGrant(signIns, String(form["device_code"] ?? form["code"]));
    case "authorization_code":
      return codeGrant(signIns, String(form["code"]), String(form["code_verifier"] ?? ""));
    case "refresh_token":
      return known(
        signIns.refresh(String(form["refresh_token"])),
        "AADSTS9002313: Invalid request. The refresh token is unknown.",
      );
    default:
      return undefined;
  }
}

function deviceGrant(signIns: SignIns, deviceCode: string): Grant {
  const grant = signIns.takeDevice(deviceCode);
  if (grant === "pending") {
    throw oauth(
      400,
      "authorization_pending",
      "AADSTS70016: OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    );
  }
  return known(grant, "AADSTS70019: Verification code expired.");
}

function codeGrant(signIns: SignIns, code: string, verifier: string): Grant {
  const grant = signIns.takeCode(code, verifier);
  if (grant === "unproven") {
    throw oauth(
      400,
      "invalid_grant",
      "AADSTS50148: The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
    );
  }
  return known(grant, "AADSTS9002313: Invalid request. The authorization code is unknown or used.");
}

function known(grant: Grant | undefined, message: string): Grant {
  if (grant === undefined) throw oauth(400, "invalid_grant", message);
  return grant;
}

// Scopes are granted as asked, as if an administrator had consented; `.default` means what the
// application declares. The Azure CLI has its own, whatever is asked.
function claimsOf(call: Call, grant: Grant, scope: string): TokenClaims {
  const { directory } = call.tenant;
  const user = directory.users.get(grant.userId);
  const [application] = [...directory.applications.by("appId", grant.clientId)];
  const asked = scope.split(" ").filter((item) => item !== "");
  const resources = asked.filter((item) => item.includes("/"));
  const audience = resources[0]?.replace(/\/[^/]*$/, "").replace(/\/$/, "") ?? call.origin;
  const declared = application?.["delegatedScopes"];
  const own = Array.isArray(declared) ? declared.map(String) : ["User.Read"];
  const named = asked.map((item) => item.split("/").at(-1) ?? item);
  const explicit = named.flatMap((item) => (item === ".default" ? own : [item]));
  return {
    kind: "user",
    id: grant.userId,
    appId: grant.clientId,
    audience,
    permissions: grant.clientId === AZURE_CLI ? AZURE_CLI_SCOPES : explicit,
    mfa: grant.mfa,
    acrs: grant.acrs,
    name: String(user?.["displayName"]),
    userPrincipalName: String(user?.["userPrincipalName"]),
  };
}

function oauth(status: number, code: string, message: string): ServiceError {
  return new ServiceError(status, code, message, "oauth");
}
