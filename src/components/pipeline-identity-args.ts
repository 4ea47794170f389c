import type { Input } from "@pulumi/pulumi";
import type { Cloud, Surface } from "../model/constants";

/** Arguments of {@link PipelineIdentity}: exactly one of `github` and `azureDevOps`. */
export interface PipelineIdentityArgs {
  /** GitHub Actions. @default - `azureDevOps` */
  github?: GitHubIdentityArgs;
  /** Azure Pipelines. @default - `github` */
  azureDevOps?: AzureDevOpsIdentityArgs;
  /** What the pipeline manages; permissions follow, so name nothing that is not used. */
  surfaces: Surface[];
  /**
   * ARM ids of the scopes whose Azure roles the pipeline manages: the read identity becomes Reader, the write identity
   * User Access Administrator there. Needed with the surface `azureRoles` and refused without it.
   * @default - none
   */
  azureScopes?: Input<string>[];
  /**
   * The Microsoft cloud of the tenant: each has its own audience for assertions.
   * @default - as configured (`entra-pim:cloud`, then `azuread:environment`), else "public"
   */
  cloud?: Input<Cloud>;
}

/** A repository whose workflows sign in. */
export interface GitHubIdentityArgs {
  /** "owner/repository". Its pull requests get the read identity. */
  repository: Input<string>;
  /** The environment whose jobs get the write identity. Protect it by required reviewers and a branch rule. */
  environment: Input<string>;
}

/** A project whose pipelines sign in. */
export interface AzureDevOpsIdentityArgs {
  /** The organization's id (GUID), part of the issuer of older service connections. */
  organizationId: Input<string>;
  /** The organization's name. Needed unless `read` and `write` are given. @default - none */
  organization?: Input<string>;
  /** The project's name. */
  project: Input<string>;
  /** The service connection of deployments. Approve its use by checks. */
  serviceConnection: Input<string>;
  /** The service connection of previews. @default - the name of `serviceConnection` followed by "-read" */
  readServiceConnection?: Input<string>;
  /** What the page of the preview's service connection shows; needed for connections with the Entra issuer. @default - the Azure DevOps issuer, retired on 2027-07-01 */
  read?: FederationArgs;
  /** What the page of the deployment's service connection shows. @default - the Azure DevOps issuer, retired on 2027-07-01 */
  write?: FederationArgs;
}

/** Whom a federated credential trusts. */
export interface FederationArgs {
  /** The issuer of the assertion. */
  issuer: Input<string>;
  /** The subject identifier that the assertion must carry. */
  subject: Input<string>;
}
