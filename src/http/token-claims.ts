/** What an access token says about its holder; for messages and checks, never for trust. */
export interface TokenClaims {
  /** Tenant id. */
  tid?: string;
  /** Object id of the user or service principal. */
  oid?: string;
  /** Client id. */
  appid?: string;
  /** `app` or `user`. */
  idtyp?: string;
  /** Granted application permissions. */
  roles: string[];
  /** Granted delegated permissions. */
  scp: string[];
  /** Authentication contexts satisfied. */
  acrs: string[];
  /** Authentication methods used, such as `mfa`. */
  amr: string[];
  /** User principal name, for messages. */
  upn?: string;
}

/** Reads the claims of a JSON web token; a token in any other form has none. */
export function readTokenClaims(token: string): TokenClaims {
  const claims = parsePayload(token);
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === "string" ? value : undefined;
  };
  const list = (name: string): string[] => {
    const value = claims[name];
    if (typeof value === "string") return value.split(" ").filter((part) => part !== "");
    return Array.isArray(value)
      ? value.filter((part): part is string => typeof part === "string")
      : [];
  };
  const [tid, oid, idtyp] = [text("tid"), text("oid"), text("idtyp")];
  // Version 2 tokens say azp and preferred_username.
  const appid = text("appid") ?? text("azp");
  const upn = text("upn") ?? text("preferred_username");
  return {
    ...(tid !== undefined && { tid }),
    ...(oid !== undefined && { oid }),
    ...(appid !== undefined && { appid }),
    ...(idtyp !== undefined && { idtyp }),
    ...(upn !== undefined && { upn }),
    roles: list("roles"),
    scp: list("scp"),
    acrs: list("acrs"),
    amr: list("amr"),
  };
}

function parsePayload(token: string): Record<string, unknown> {
  const payload = token.split(".")[1];
  if (!payload) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {}; // an opaque token is legal; it just says nothing
  }
}
