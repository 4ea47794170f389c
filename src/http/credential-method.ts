import type { Setting, Source } from "./credential-sources";

/** How to sign in; `default` is Azure's own chain, `browser` and `device` sign a person in. */
export type Method =
  | "certificate"
  | "secret"
  | "oidc"
  | "msi"
  | "cli"
  | "browser"
  | "device"
  | "default";

/** Settings that belong to one client; with another source's client id they would be somebody else's. */
const OF_ONE_CLIENT: readonly Setting[] = [
  "clientSecret",
  "clientCertificatePath",
  "clientCertificatePassword",
];

const ASSERTION: readonly Setting[] = [
  "oidcToken",
  "oidcTokenFilePath",
  "oidcRequestUrl",
  "oidcRequestToken",
];

const NEEDED: Readonly<Record<Method, readonly Setting[]>> = {
  certificate: ["clientCertificatePath", "clientCertificatePassword"],
  secret: ["clientSecret"],
  oidc: [...ASSERTION, "adoPipelineServiceConnectionId"],
  msi: [],
  cli: [],
  browser: [],
  device: [],
  default: [],
};

/** Settings that every method takes. */
const COMMON: readonly Setting[] = [
  "tenantId",
  "clientId",
  "useOidc",
  "useMsi",
  "useCli",
  "useBrowser",
  "useDeviceCode",
  "cloud",
  "graphEndpoint",
  "armEndpoint",
  "authorityHost",
  "metadataHost",
];

/**
 * Chooses the method of the first source that names one, and the values that it needs, each from the first
 * source that has it. The last source, a pipeline's runner, only completes.
 */
export function chooseMethod(sources: readonly Source[]): { method: Method; chosen: Source } {
  const clientId = first(sources, "clientId")?.value;
  const usable = sources.map((source) => withoutForeign(source, clientId));
  const oidcForbidden = isFalse(first(usable, "useOidc")?.value);
  const named = usable.map((source) => methodOf(source, oidcForbidden));
  // The runner's offer is taken only by somebody who says which client it is.
  const offered = clientId !== undefined ? named.at(-1) : undefined;
  const method = named.slice(0, -1).find((found) => found !== undefined) ?? offered ?? "default";
  return { method, chosen: pick(usable, method) };
}

function withoutForeign(source: Source, clientId: string | undefined): Source {
  const own = source.clientId?.value;
  if (own === undefined || own.toLowerCase() === clientId?.toLowerCase()) return source;
  const rest = { ...source };
  for (const setting of OF_ONE_CLIENT) delete rest[setting];
  return rest;
}

/** Within one source: what is asked for by name, then as azuread does, certificate before secret before OIDC. */
function methodOf(source: Source, oidcForbidden: boolean): Method | undefined {
  if (isTrue(source.useOidc?.value)) return "oidc";
  if (isTrue(source.useMsi?.value)) return "msi";
  if (isTrue(source.useBrowser?.value)) return "browser";
  if (isTrue(source.useDeviceCode?.value)) return "device";
  if (source.clientCertificatePath) return "certificate";
  if (source.clientSecret) return "secret";
  if (!oidcForbidden && hasAssertion(source)) return "oidc";
  if (isTrue(source.useCli?.value)) return "cli";
  return undefined;
}

function hasAssertion(source: Source): boolean {
  const { oidcToken, oidcTokenFilePath, oidcRequestUrl, oidcRequestToken } = source;
  return Boolean(oidcToken ?? oidcTokenFilePath ?? (oidcRequestUrl && oidcRequestToken));
}

function pick(sources: readonly Source[], method: Method): Source {
  const chosen: Source = {};
  // An assertion comes whole from one source: a token of one and the address of another do not belong together.
  const assertion = sources.find(hasAssertion) ?? {};
  for (const setting of [...COMMON, ...NEEDED[method]]) {
    const found = ASSERTION.includes(setting) ? assertion[setting] : first(sources, setting);
    if (found) chosen[setting] = found;
  }
  return chosen;
}

function first(sources: readonly Source[], setting: Setting) {
  return sources.find((source) => source[setting])?.[setting];
}

function isTrue(text: string | undefined): boolean {
  return /^(true|1)$/i.test(text ?? "");
}

function isFalse(text: string | undefined): boolean {
  return /^(false|0)$/i.test(text ?? "");
}
