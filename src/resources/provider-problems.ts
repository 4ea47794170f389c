import { choiceProblems } from "../model/assignment-rules";
import { Cloud, isGuid } from "../model/constants";
import type { Problem } from "../model/problem";
import { isUnknown } from "../model/unknown";

/** A provider's arguments in plain values. */
export interface PlainProvider {
  tenantId?: string;
  useOidc?: boolean;
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
    ...flagProblems(provider.useOidc),
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
      fix: "the portal shows it under Overview; a domain name is none, because every resource id begins with the id",
    },
  ];
}

function endpointProblems(path: string, endpoint: unknown): Problem[] {
  if (endpoint === undefined || isUnknown(endpoint)) return [];
  const url =
    typeof endpoint === "string" && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url !== undefined && isSafe && url.username === "" && url.search === "" && url.hash === "")
    return [];
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

function flagProblems(useOidc: unknown): Problem[] {
  if (useOidc === undefined || isUnknown(useOidc) || typeof useOidc === "boolean") return [];
  return [{ path: "useOidc", got: useOidc, expected: "true or false" }];
}
