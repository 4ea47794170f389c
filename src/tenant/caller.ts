import type { TokenClaims } from "../http/token-claims";
import type { RequestRow } from "../surfaces/surface";

/** Whose token this connection uses. */
export interface Caller {
  /** Object id and application id: the service records requests under either. */
  ids: readonly string[];
  /** An application, which can never satisfy MFA or act as a person. */
  appOnly: boolean;
  name: string;
}

/** The caller that a token speaks for. */
export function callerIn(claims: TokenClaims): Caller {
  const appOnly = claims.idtyp === "app" || (claims.idtyp === undefined && claims.scp.length === 0);
  const ids = appOnly ? [claims.oid, claims.appid] : [claims.oid];
  return {
    ids: ids.filter((id): id is string => id !== undefined).map((id) => id.toLowerCase()),
    appOnly,
    name: claims.upn ?? claims.appid ?? claims.oid ?? "the signed-in identity",
  };
}

/** Whether the caller made a request. */
export function madeBy(caller: Caller, request: RequestRow): boolean {
  return request.createdBy !== null && caller.ids.includes(request.createdBy.id);
}
