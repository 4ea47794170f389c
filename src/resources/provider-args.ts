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
  /** The application's secret; always kept as a secret. @default - configuration, then environment */
  clientSecret?: Input<string>;
  /** File with the application's certificate and key, PEM. @default - configuration, then environment */
  clientCertificatePath?: Input<string>;
  /** File with the assertion, read anew at each refresh of the token. @default - configuration, then environment */
  oidcTokenFilePath?: Input<string>;
  /** Whether to sign in with a federated identity. @default - configuration, then environment */
  useOidc?: Input<boolean>;
  /** The Microsoft cloud that the tenant is in. @default "public" */
  cloud?: Input<Cloud>;
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
