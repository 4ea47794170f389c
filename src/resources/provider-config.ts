import * as pulumi from "@pulumi/pulumi";
import { newRefusal } from "./new-refusal";

/** A provider's inputs by full key (`entra-pim:tenantId`); Pulumi stores texts only. */
export type ProviderInputs = Record<string, pulumi.Input<string>>;

const NAMESPACES = ["entra-pim", "azuread"] as const;

/** Kept as secrets wherever they come from. */
const SECRETS = new Set(["clientSecret", "clientCertificatePassword", "clientCertificate"]);

/** Never copied: a provider's inputs are stored, and these end within minutes. The host takes them from the environment. */
const SHORT_LIVED = new Set(["oidcToken", "oidcRequestToken"]);

/** What proves one application and no other. */
const BOUND_TO_CLIENT = new Set([
  "clientIdFilePath",
  "clientSecret",
  "clientSecretFilePath",
  "clientCertificate",
  "clientCertificatePath",
  "clientCertificatePassword",
]);

/** Flags that choose how to sign in whatever else is there. */
const CHOICES = new Set(["useOidc", "useMsi", "useBrowser", "useDeviceCode"]);

/** Arguments that say how to sign in. */
const WAYS = [
  ...CHOICES,
  "useCli",
  "clientSecret",
  "clientSecretFilePath",
  "clientCertificatePath",
];

/** The inputs of an explicit provider: its own arguments, completed by the stack's configuration. */
export function providerInputs(args: Record<string, unknown>): ProviderInputs {
  const own = Object.entries(args).map(
    ([name, value]) => [`entra-pim:${name}`, toText(name, value)] as const,
  );
  return { ...configured(args), ...Object.fromEntries(own) };
}

/** An explicit provider sees no stack configuration, so what its arguments leave open is copied into its inputs. */
function configured(args: Record<string, unknown>): ProviderInputs {
  const inputs: ProviderInputs = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    const [namespace = "", name = ""] = key.split(":");
    const isOurs = NAMESPACES.some((ours) => ours === namespace);
    if (
      !isOurs ||
      isGiven(name, args) ||
      SHORT_LIVED.has(name) ||
      isAnotherWay(name, args) ||
      isAnotherClients(namespace, name, args)
    )
      continue;
    inputs[key] = SECRETS.has(name) || isConfigSecret(key) ? pulumi.secret(value) : value;
  }
  return inputs;
}

/** A way to sign in that the arguments name goes before the one that the configuration chooses by a flag. */
function isAnotherWay(name: string, args: Record<string, unknown>): boolean {
  return CHOICES.has(name) && WAYS.some((way) => way in args);
}

/** azuread calls the cloud its environment. */
function isGiven(name: string, args: Record<string, unknown>): boolean {
  return (name === "environment" ? "cloud" : name) in args;
}

/** A secret in the configuration belongs to the client named beside it, not to another one that the arguments name. */
function isAnotherClients(
  namespace: string,
  name: string,
  { clientId }: Record<string, unknown>,
): boolean {
  if (!BOUND_TO_CLIENT.has(name) || clientId === undefined) return false;
  const configuredId = pulumi.runtime.getConfig(`${namespace}:clientId`);
  return configuredId !== undefined && configuredId !== clientId;
}

/** Whether the stack keeps the value encrypted. The SDK tells it by a function that its types leave out. */
function isConfigSecret(key: string): boolean {
  const tell: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof tell !== "function" || tell(key) === true;
}

function toText(name: string, value: unknown): pulumi.Input<string> {
  if (typeof value === "string" && !SECRETS.has(name)) return value;
  const text = pulumi
    .output(value as pulumi.Input<string | boolean | string[] | undefined>)
    .apply((held) => printed(name, held));
  return SECRETS.has(name) ? pulumi.secret(text) : text;
}

function printed(name: string, value: string | boolean | string[] | undefined): string {
  // Left out, the environment would decide, and another tenant might be meant there.
  if (value === undefined || value === null) {
    throw newRefusal("Provider", [
      { path: name, expected: "a value, not an Output that holds nothing" },
    ]);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
