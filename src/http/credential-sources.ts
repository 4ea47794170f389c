/** The settings that a source may name, as spelled in our configuration. */
export const SETTINGS = [
  "tenantId",
  "clientId",
  "clientIdFilePath",
  "clientSecret",
  "clientSecretFilePath",
  "clientCertificatePath",
  "clientCertificatePassword",
  "oidcToken",
  "oidcTokenFilePath",
  "oidcRequestUrl",
  "oidcRequestToken",
  "adoPipelineServiceConnectionId",
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
] as const;

/** Name of a setting. */
export type Setting = (typeof SETTINGS)[number];

/** A value, and where it came from in the user's words. */
export interface Named {
  value: string;
  origin: string;
}

/** What one source names. */
export type Source = Partial<Record<Setting, Named>>;

/** Where credentials may come from. */
export interface CredentialSources {
  /** Arguments of an explicit provider. */
  provider?: Readonly<Record<string, string | undefined>>;
  /** Stack configuration by full key, such as `entra-pim:tenantId`. */
  config: (key: string) => string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** What a setting of the configuration is called there. @default - `entra-pim:` and its name */
  spell?: ((setting: Setting) => string) | undefined;
  /** Reads a file that holds a client id or secret. @default - such settings are not read */
  readFile?: (path: string) => string;
}

/** Environment variables of Terraform's and Pulumi's azuread provider. */
const ARM_NAMES: Partial<Record<Setting, readonly string[]>> = {
  tenantId: ["ARM_TENANT_ID"],
  clientId: ["ARM_CLIENT_ID"],
  clientIdFilePath: ["ARM_CLIENT_ID_FILE_PATH"],
  clientSecret: ["ARM_CLIENT_SECRET"],
  clientSecretFilePath: ["ARM_CLIENT_SECRET_FILE_PATH"],
  clientCertificatePath: ["ARM_CLIENT_CERTIFICATE_PATH"],
  clientCertificatePassword: ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
  oidcToken: ["ARM_OIDC_TOKEN"],
  oidcTokenFilePath: ["ARM_OIDC_TOKEN_FILE_PATH"],
  oidcRequestUrl: ["ARM_OIDC_REQUEST_URL"],
  oidcRequestToken: ["ARM_OIDC_REQUEST_TOKEN"],
  adoPipelineServiceConnectionId: [
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
  ],
  useOidc: ["ARM_USE_OIDC"],
  useMsi: ["ARM_USE_MSI"],
  useCli: ["ARM_USE_CLI"],
  cloud: ["ARM_ENVIRONMENT"],
  metadataHost: ["ARM_METADATA_HOSTNAME"],
};

/** Environment variables of Azure's SDKs. */
const AZURE_NAMES: Partial<Record<Setting, readonly string[]>> = {
  tenantId: ["AZURE_TENANT_ID"],
  clientId: ["AZURE_CLIENT_ID"],
  clientSecret: ["AZURE_CLIENT_SECRET"],
  clientCertificatePath: ["AZURE_CLIENT_CERTIFICATE_PATH"],
  clientCertificatePassword: ["AZURE_CLIENT_CERTIFICATE_PASSWORD"],
  oidcTokenFilePath: ["AZURE_FEDERATED_TOKEN_FILE"],
  cloud: ["AZURE_ENVIRONMENT"],
  authorityHost: ["AZURE_AUTHORITY_HOST"],
};

/** What a pipeline's runner offers to whoever asks; it only completes, and chooses nothing by itself. */
const RUNNER_NAMES: Partial<Record<Setting, readonly string[]>> = {
  oidcRequestUrl: ["ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"],
  oidcRequestToken: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"],
};

/** Reads all sources, the one that goes first, first; the last one is the pipeline's runner. */
export function readSources(sources: CredentialSources): Source[] {
  const { provider = {}, config, env, spell = configKey } = sources;
  return [
    readSource((name) => named(provider[name], `provider argument ${name}`)),
    readSource((name) => named(config(configKey(name)), spell(name))),
    readSource((name) => {
      // azuread calls the cloud its environment.
      const key = `azuread:${name === "cloud" ? "environment" : name}`;
      return OURS_ALONE.has(name) ? undefined : named(config(key), key);
    }),
    readSource((name) => fromEnv(env, ARM_NAMES[name])),
    readSource((name) => fromEnv(env, AZURE_NAMES[name])),
    readSource((name) => fromEnv(env, RUNNER_NAMES[name])),
  ].map((source) => withFiles(source, sources.readFile));
}

/** What a setting is called in the configuration of a stack. */
export function configKey(setting: Setting): string {
  return `entra-pim:${setting}`;
}

const OURS_ALONE: ReadonlySet<Setting> = new Set(["graphEndpoint", "armEndpoint", "authorityHost"]);

function readSource(read: (name: Setting) => Named | undefined): Source {
  const source: Source = {};
  for (const name of SETTINGS) {
    const found = read(name);
    if (found) source[name] = found;
  }
  return source;
}

function named(value: string | undefined, origin: string): Named | undefined {
  const text = value?.trim();
  return text ? { value: text, origin } : undefined;
}

function fromEnv(env: CredentialSources["env"], names: readonly string[] = []): Named | undefined {
  for (const name of names) {
    const found = named(env[name], name);
    if (found) return found;
  }
  return undefined;
}

/** azuread reads a client id and a secret from files too. */
function withFiles(source: Source, readFile: CredentialSources["readFile"]): Source {
  if (!readFile) return source;
  const { clientId, clientIdFilePath, clientSecret, clientSecretFilePath } = source;
  const read = ({ value, origin }: Named) => named(readFile(value), origin);
  const id = clientId ?? (clientIdFilePath && read(clientIdFilePath));
  const secret = clientSecret ?? (clientSecretFilePath && read(clientSecretFilePath));
  return { ...source, ...(id && { clientId: id }), ...(secret && { clientSecret: secret }) };
}
