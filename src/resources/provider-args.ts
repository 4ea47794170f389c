import type { Input } from "@pulumi/pulumi";
import type { Cloud } from "../model/constants";

/**
 * Arguments of {@link Provider}: which tenant, and who signs in there. What is left out is taken from the stack's
 * configuration (`entra-pim:*`, then `azuread:*`), then from the environment (`ARM_*`, `AZURE_*`), then from Azure's
 * default credential. An assertion is never given by value: it would be stored, and it ends within minutes. Give a
 * file's name, or let the host take it from the environment.
 */
export interface ProviderArgs {
  /** The tenant's id, a GUID. */
  tenantId: Input<string>;
  /** Application (client) id of the identity that deploys. @default - configuration, then environment */
  clientId?: Input<string>;
  /** File with the application id. @default - configuration, then environment */
  clientIdFilePath?: Input<string>;
  /** The application's secret; always kept as a secret. @default - configuration, then environment */
  clientSecret?: Input<string>;
  /** File with the application's secret. @default - configuration, then environment */
  clientSecretFilePath?: Input<string>;
  /** File with the application's certificate and key, PEM. @default - configuration, then environment */
  clientCertificatePath?: Input<string>;
  /** Password of the certificate's key; always kept as a secret. @default - configuration, then environment */
  clientCertificatePassword?: Input<string>;
  /** File with the assertion, read anew at each refresh of the token. @default - configuration, then environment */
  oidcTokenFilePath?: Input<string>;
  /** Whether to sign in with a federated identity. @default - configuration, then environment */
  useOidc?: Input<boolean>;
  /** Azure DevOps: id of the service connection that asks for the assertion. @default - configuration, then environment */
  adoPipelineServiceConnectionId?: Input<string>;
  /** Whether to sign in as the managed identity of this machine. @default - configuration, then environment */
  useMsi?: Input<boolean>;
  /**
   * Whether to take tokens from the Azure CLI: all of them by itself, which serves Azure roles only, or those of Azure
   * beside `useBrowser` or `useDeviceCode`.
   * @default - configuration, then environment
   */
  useCli?: Input<boolean>;
  /** Whether a person signs in with the browser, for activations and decisions. @default - configuration */
  useBrowser?: Input<boolean>;
  /** Whether a person signs in with a code on another device. @default - configuration */
  useDeviceCode?: Input<boolean>;
  /** The Microsoft cloud that the tenant is in. @default "public" */
  cloud?: Input<Cloud>;
  /** Host that describes the cloud, in place of the addresses below. @default - configuration, then environment */
  metadataHost?: Input<string>;
  /** Microsoft Graph's address: https, or http on this machine (the emulator). @default - by `cloud` */
  graphEndpoint?: Input<string>;
  /** Azure Resource Manager's address: https, or http on this machine. @default - by `cloud` */
  armEndpoint?: Input<string>;
  /** The address to sign in at: https, or http on this machine. @default - by `cloud` */
  authorityHost?: Input<string>;
  /**
   * Assignments and settings, by the keys that a refusal names, which may be ended although it locks the tenant.
   * @default - none
   */
  allowLockout?: Input<string>[];
}
