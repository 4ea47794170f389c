import { CLOUDS, type CloudName, cloudOfAuthority, parseCloud } from "./clouds";
import { chooseMethod, type Method } from "./credential-method";
import {
  type CredentialSources,
  configKey,
  type Named,
  readSources,
  type Setting,
  type Source,
} from "./credential-sources";
import { isLoopbackEndpoint, parseEndpoint } from "./endpoint";

/** How to sign in, and where; holds secrets, so it goes into no state and no message. */
export interface CredentialSettings {
  method: Method;
  /** Known for every method but `cli`, `msi` and `default`, whose token tells it. */
  tenantId?: string;
  clientId?: string;
  clientSecret?: string;
  clientCertificatePath?: string;
  clientCertificatePassword?: string;
  oidcToken?: string;
  oidcTokenFilePath?: string;
  oidcRequestUrl?: string;
  oidcRequestToken?: string;
  /** Azure DevOps: the service connection in whose name the pipeline asks for an assertion. */
  adoPipelineServiceConnectionId?: string;
  /** A person's token of Azure comes from the Azure CLI, beside another sign-in for Graph. */
  armFromCli?: true;
  cloud: CloudName;
  graphEndpoint: string;
  armEndpoint: string;
  authorityHost: string;
  /** Host that serves a description of the cloud; what it says counts unless named here. */
  metadataHost?: string;
  /** Where each setting came from, in the user's words. */
  origins: Readonly<Partial<Record<Setting, string>>>;
}

/** Why the settings cannot be used. */
export interface CredentialProblem {
  setting: Setting;
  /** One line: what was got, what was expected, what to do. */
  message: string;
}

/** The settings, or everything that is wrong with them. */
export type CredentialResolution =
  | { settings: CredentialSettings; problems?: undefined }
  | { settings?: undefined; problems: readonly CredentialProblem[] };

/**
 * Decides how to sign in. The first source that names anything goes first and later ones only complete it:
 * provider arguments, `entra-pim:*`, `azuread:*`, `ARM_*`, `AZURE_*`, then Azure's default chain.
 */
export function resolveCredentials(sources: CredentialSources): CredentialResolution {
  const all = readSources(sources);
  const { method, chosen } = chooseMethod(all);
  const spell = sources.spell ?? configKey;
  const problems = [...checkValues(chosen), ...checkMethod(method, chosen, spell)];
  if (problems.length > 0) return { problems };
  return { settings: write(method, chosen) };
}

/** Says in words how these settings sign in, without a secret. */
export function describeCredentials({ method, origins }: CredentialSettings): string {
  const by = MATERIAL[method].map((name) => origins[name]).filter((origin) => origin !== undefined);
  return by.length > 0 ? `${WORDS[method]} from ${by.join(", ")}` : WORDS[method];
}

const WORDS: Readonly<Record<Method, string>> = {
  certificate: "client certificate",
  secret: "client secret",
  oidc: "federated identity",
  msi: "managed identity",
  cli: "Azure CLI",
  browser: "browser sign-in",
  device: "device code",
  default: "Azure's default credential chain",
};

const MATERIAL: Readonly<Record<Method, readonly Setting[]>> = {
  certificate: ["clientCertificatePath"],
  secret: ["clientSecret"],
  oidc: ["oidcToken", "oidcTokenFilePath", "oidcRequestUrl"],
  msi: ["useMsi"],
  cli: ["useCli"],
  browser: ["useBrowser"],
  device: ["useDeviceCode"],
  default: [],
};

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const FLAGS = ["useOidc", "useMsi", "useCli", "useBrowser", "useDeviceCode"] as const;

function checkValues(source: Source): CredentialProblem[] {
  const problems: CredentialProblem[] = [];
  const check = (setting: Setting, expected: (value: string) => string | undefined) => {
    const found = source[setting];
    const wanted = found && expected(found.value);
    if (found && wanted) problems.push({ setting, message: mismatch(found, wanted) });
  };
  const guid = (value: string) => (GUID.test(value) ? undefined : "a GUID");
  const flag = (value: string) => (/^(true|false|1|0)$/i.test(value) ? undefined : "true or false");
  const address = (value: string) => {
    const parsed = parseEndpoint(value);
    return "expected" in parsed ? parsed.expected : undefined;
  };
  check("tenantId", (value) => guid(value) && `a GUID${tenantFix(value)}`);
  check("clientId", guid);
  for (const setting of FLAGS) check(setting, flag);
  for (const setting of ["graphEndpoint", "armEndpoint", "authorityHost"] as const) {
    check(setting, address);
  }
  check("cloud", (value) => (parseCloud(value) ? undefined : Object.keys(CLOUDS).join(", ")));
  check("metadataHost", (value) => (/^[\w.-]+(:\d+)?$/.test(value) ? undefined : "a host name"));
  return problems;
}

/** People know their tenant by its domain. */
function tenantFix(value: string): string {
  return /^\{.*\}$/.test(value)
    ? "; leave the braces out"
    : "; the portal shows the tenant id under Overview, a domain name is none";
}

function mismatch({ value, origin }: Named, expected: string): string {
  return `${origin}: got "${value}", expected ${expected}`;
}

function checkMethod(method: Method, source: Source, spell: Spell): CredentialProblem[] {
  if (isPlainAuthority(source) && !OVER_PLAIN_HTTP.includes(method)) {
    const message = `clientSecret: not set; ${source.authorityHost?.value} takes only a client secret or a federated identity: set ${spell("clientId")} and ${spell("clientSecret")}`;
    return [{ setting: "clientSecret", message }];
  }
  if (method === "msi" || method === "cli" || method === "default") return [];
  return [
    ...checkIdentity(method, source, spell),
    ...(method === "oidc" ? checkAssertion(source) : []),
  ];
}

/** Sign-ins that an emulator without TLS takes. */
const OVER_PLAIN_HTTP: readonly Method[] = ["secret", "oidc", "browser", "device"];

function isPlainAuthority({ authorityHost }: Source): boolean {
  return authorityHost?.value.toLowerCase().startsWith("http:") ?? false;
}

const VARIABLES = { tenantId: "ARM_TENANT_ID", clientId: "ARM_CLIENT_ID" } as const;

type Spell = NonNullable<CredentialSources["spell"]>;

function checkIdentity(method: Method, source: Source, spell: Spell): CredentialProblem[] {
  const material = MATERIAL[method].map((name) => source[name]?.origin).find((origin) => origin);
  const what = material ? `the ${WORDS[method]} from ${material}` : `a ${WORDS[method]}`;
  return (["tenantId", "clientId"] as const)
    .filter((setting) => !source[setting])
    .map((setting) => ({
      setting,
      message: `${setting}: not set, but ${what} needs it; set ${spell(setting)} or ${VARIABLES[setting]}`,
    }));
}

function checkAssertion(source: Source): CredentialProblem[] {
  const { oidcToken, oidcTokenFilePath, oidcRequestUrl, oidcRequestToken } = source;
  if (oidcToken || oidcTokenFilePath || (oidcRequestUrl && oidcRequestToken)) return [];
  const message =
    "oidcTokenFilePath: not set, but useOidc needs an assertion; set entra-pim:oidcTokenFilePath or ARM_OIDC_TOKEN, or allow the pipeline to ask for one (GitHub: permissions id-token: write)";
  return [{ setting: "oidcTokenFilePath", message }];
}

function write(method: Method, source: Source): CredentialSettings {
  const cloud = cloudOf(source);
  const defaults = CLOUDS[cloud];
  const endpoint = (setting: Setting, otherwise: string): string => {
    const parsed = parseEndpoint(source[setting]?.value ?? otherwise);
    return "endpoint" in parsed ? parsed.endpoint : otherwise;
  };
  const texts: Partial<Record<Setting, string>> = {};
  const origins: Partial<Record<Setting, string>> = {};
  for (const [name, named] of Object.entries(source) as [Setting, Named][]) {
    origins[name] = named.origin;
    if (TEXTS.has(name)) texts[name] = named.value;
  }
  return {
    ...texts,
    ...(texts.tenantId && { tenantId: texts.tenantId.toLowerCase() }),
    method,
    ...(isPerson(method) && isSet(source.useCli) && { armFromCli: true }),
    cloud,
    graphEndpoint: endpoint("graphEndpoint", defaults.graph),
    armEndpoint: endpoint("armEndpoint", defaults.arm),
    authorityHost: endpoint("authorityHost", defaults.authority),
    origins,
  } as CredentialSettings;
}

/** Whether a person signs in, so that nothing is asked of anybody before it is needed. */
export function isPerson(method: Method): boolean {
  return method === "browser" || method === "device";
}

function isSet(flag: Named | undefined): boolean {
  return /^(true|1)$/i.test(flag?.value ?? "");
}

/** AZURE_AUTHORITY_HOST alone tells the cloud to Azure's SDKs. */
function cloudOf({ cloud, authorityHost }: Source): CloudName {
  const named = cloud && parseCloud(cloud.value);
  return named ?? cloudOfAuthority(authorityHost?.value.replace(/\/+$/, "") ?? "") ?? "public";
}

const TEXTS: ReadonlySet<Setting> = new Set([
  "tenantId",
  "clientId",
  "clientSecret",
  "clientCertificatePath",
  "clientCertificatePassword",
  "oidcToken",
  "oidcTokenFilePath",
  "oidcRequestUrl",
  "oidcRequestToken",
  "adoPipelineServiceConnectionId",
  "metadataHost",
]);

/**
 * The audience that a token is asked for. On this machine an emulator stands for a cloud, so it is asked
 * for that cloud's; elsewhere an endpoint is its own audience.
 */
export function audienceOf(settings: CredentialSettings, service: "graph" | "arm"): string {
  const endpoint = service === "graph" ? settings.graphEndpoint : settings.armEndpoint;
  return isLoopbackEndpoint(endpoint) ? CLOUDS[settings.cloud][service] : endpoint;
}
