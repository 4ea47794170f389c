import { type Connection, type ConnectOptions, connect } from "./connection";
import { CredentialError } from "./credential-error";
import type { CredentialSettings } from "./credentials";
import { completeEndpoints } from "./metadata";
import { createTokenSource, type PersonOptions } from "./sign-in";
import { readTokenClaims } from "./token-claims";
import type { TokenSource } from "./token-source";

/** What of a connection can be chosen beside its credentials. */
export type OpenOptions = Partial<Omit<ConnectOptions, "tenantId" | "endpoints" | "tokens">> &
  PersonOptions;

/**
 * Opens a connection with resolved credentials. Asks for a token only when the settings name no tenant,
 * and for the cloud's addresses only when they name a metadata host.
 */
export async function openConnection(
  settings: CredentialSettings,
  options: OpenOptions = {},
): Promise<Connection> {
  const complete = await completeEndpoints(settings, options.fetch);
  const tokens = createTokenSource(complete, options);
  return connect({
    ...options,
    tenantId: complete.tenantId ?? (await tenantOf(tokens)),
    endpoints: { graph: complete.graphEndpoint, arm: complete.armEndpoint },
    tokens,
  });
}

async function tenantOf(tokens: TokenSource): Promise<string> {
  const { tid } = readTokenClaims((await tokens.token("graph")).token);
  if (tid) return tid.toLowerCase();
  throw new CredentialError(
    "tenantId: not set, and the token does not tell it; set entra-pim:tenantId",
  );
}
