import { choiceProblems } from "../model/assignment-rules";
import { Cloud, isGuid } from "../model/constants";
import type { Problem } from "../model/problem";
import { flagProblems, optionalTextProblems, textProblems } from "../model/text-rules";
import { isUnknown } from "../model/unknown";

/** A provider's arguments in plain values. */
export interface PlainProvider {
  tenantId?: string;
  clientId?: string;
  clientSecret?: string;
  clientCertificatePath?: string;
  clientIdFilePath?: string;
  clientSecretFilePath?: string;
  clientCertificatePassword?: string;
  oidcTokenFilePath?: string;
  adoPipelineServiceConnectionId?: string;
  useOidc?: boolean;
  useMsi?: boolean;
  useCli?: boolean;
  useBrowser?: boolean;
  useDeviceCode?: boolean;
  metadataHost?: string;
  cloud?: string;
  graphEndpoint?: string;
  armEndpoint?: string;
  authorityHost?: string;
}

/** What is wrong with a provider's arguments, known without asking anybody. */
export function providerProblems(provider: PlainProvider): Problem[] {
  return [
    ...tenantProblems(provider.tenantId),
    ...choiceProblems("cloud", provider.cloud, Cloud),
    ...(["graphEndpoint", "armEndpoint", "authorityHost"] as const).flatMap((property) =>
      endpointProblems(property, provider[property]),
    ),
    ...FLAGS.flatMap((property) => flagProblems(property, provider[property])),
    ...hostProblems(provider.metadataHost),
    ...clientProblems(provider.clientId),
    ...SECRETIVE.flatMap((property) => secretiveProblems(property, provider[property])),
  ];
}

function tenantProblems(tenantId: unknown): Problem[] {
  if (isUnknown(tenantId)) return [];
  if (typeof tenantId === "string" && isGuid(tenantId)) return [];
  return [
    {
      path: "tenantId",
      got: tenantId,
      expected: "a tenant id (GUID)",
      fix: tenantFix(tenantId),
    },
  ];
}

function tenantFix(tenantId: unknown): string {
  const [braced] = textProblems("tenantId", tenantId, "");
  return braced?.fix ?? DOMAIN_FIX;
}

const DOMAIN_FIX =
  "the portal shows it under Overview; a domain name is none, because every resource id begins with the id";

function clientProblems(clientId: unknown): Problem[] {
  if (clientId === undefined || isUnknown(clientId)) return [];
  if (typeof clientId === "string" && isGuid(clientId.trim())) return [];
  return [{ path: "clientId", got: clientId, expected: "an application (client) id (GUID)" }];
}

const FLAGS = ["useOidc", "useMsi", "useCli", "useBrowser", "useDeviceCode"] as const;

function hostProblems(host: unknown): Problem[] {
  if (host === undefined || isUnknown(host)) return [];
  if (typeof host === "string" && /^[\w.-]+(:\d+)?$/.test(host.trim())) return [];
  return [{ path: "metadataHost", got: host, expected: "a host name, without https://" }];
}

const SECRETIVE = [
  "clientIdFilePath",
  "clientSecret",
  "clientSecretFilePath",
  "clientCertificatePath",
  "clientCertificatePassword",
  "oidcTokenFilePath",
  "adoPipelineServiceConnectionId",
] as const;

/** What they hold is, or leads to, a secret: it is not repeated. */
function secretiveProblems(path: string, value: unknown): Problem[] {
  return optionalTextProblems(path, value).map(({ got: _secret, ...problem }) => problem);
}

function endpointProblems(path: string, endpoint: unknown): Problem[] {
  if (endpoint === undefined || isUnknown(endpoint)) return [];
  const url =
    typeof endpoint === "string" && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url !== undefined && isSafe && url.username === "" && url.search === "" && url.hash === "") {
    if (!/\/(?:v1\.0|beta)\/?$/.test(url.pathname)) return [];
    return [{ path, got: endpoint, expected: "an address without a version" }];
  }
  return [
    {
      path,
      got: endpoint,
      expected: "an https address, or an http address on this machine",
      fix: "tokens are sent there: an unprotected address would give them away",
    },
  ];
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
