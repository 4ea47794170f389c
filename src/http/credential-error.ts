/** No token could be had; the message names the reason, never a secret. */
export class CredentialError extends Error {
  override name = "CredentialError" as const;
}
