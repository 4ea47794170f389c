import { CredentialError } from "./credential-error";
import type { CredentialSettings } from "./credentials";
import { parseEndpoint } from "./endpoint";

/**
 * Completes settings with the addresses that a metadata host describes, as azuread and azure-native do;
 * what the settings name themselves stays. Without a metadata host they are returned as they are.
 */
export async function completeEndpoints(
  settings: CredentialSettings,
  send: typeof fetch = fetch,
): Promise<CredentialSettings> {
  const { metadataHost, origins } = settings;
  if (metadataHost === undefined) return settings;
  const url = `https://${metadataHost}/metadata/endpoints?api-version=2022-09-01`;
  const response = await send(url, { redirect: "error" }).catch((cause: unknown) => {
    throw new CredentialError(`${metadataHost} gave no metadata: no answer`, { cause });
  });
  if (!response.ok)
    throw new CredentialError(`${metadataHost} gave no metadata: ${response.status}`);
  const found = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const authentication = found.authentication as Record<string, unknown> | undefined;
  const read = (value: unknown, member: string): string => {
    const parsed = parseEndpoint(typeof value === "string" ? value : "");
    if ("endpoint" in parsed) return parsed.endpoint;
    throw new CredentialError(`${metadataHost}'s metadata: ${member}: expected ${parsed.expected}`);
  };
  const { graphEndpoint, armEndpoint, authorityHost } = settings;
  return {
    ...settings,
    graphEndpoint: origins.graphEndpoint
      ? graphEndpoint
      : read(found.microsoftGraphResourceId, "microsoftGraphResourceId"),
    armEndpoint: origins.armEndpoint ? armEndpoint : read(found.resourceManager, "resourceManager"),
    authorityHost: origins.authorityHost
      ? authorityHost
      : read(authentication?.loginEndpoint, "authentication.loginEndpoint"),
  };
}
