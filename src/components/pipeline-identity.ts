import type * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { assertionAudience, cloudNamed } from "../model/cloud-audience";
import { Cloud } from "../model/constants";
import type { PipelineAccess } from "../model/pipeline-permissions";
import { PIPELINE_IDENTITY_SHAPE } from "../resources/arg-shapes";
import { newRefusal, refuseProblems } from "../resources/new-refusal";
import { readArgs } from "../resources/read-args";
import { nativePackage, nativeProblems } from "./native-packages";
import type {
  AzureDevOpsIdentityArgs,
  FederationArgs,
  PipelineIdentityArgs,
} from "./pipeline-identity-args";
import { type PlainPipelineIdentity, pipelineProblems } from "./pipeline-identity-problems";
import { createPrincipal } from "./pipeline-principal";
import { childOptions } from "./role-access";

const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

/**
 * Makes two identities for a pipeline, without secrets: one that only reads, for previews in pull requests, and one that
 * writes, for deployments from a protected environment. Permissions are the least for the surfaces named. The write
 * identity can make anybody Global Administrator. Keep this in a stack of its own, deployed by a person.
 *
 * @example
 * const pipeline = new pim.PipelineIdentity("pim", {
 *   github: { repository: "contoso/access", environment: "production" },
 *   surfaces: [pim.Surface.DirectoryRoles, pim.Surface.Groups],
 * });
 * export const workflow = pipeline.workflow;
 */
export class PipelineIdentity extends pulumi.ComponentResource {
  /** Client id of the identity that previews. */
  public readonly readClientId: pulumi.Output<string>;
  /** Client id of the identity that deploys. */
  public readonly writeClientId: pulumi.Output<string>;
  /** The tenant to sign in to. */
  public readonly tenantId: pulumi.Output<string>;
  /** What to put into the workflow: the variables of its two jobs. */
  public readonly workflow: pulumi.Output<string>;

  constructor(name: string, args: PipelineIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    // The children's inputs say it all: arguments sent here too would be stored, and shown, twice.
    super("pulumi-entra-pim:index:PipelineIdentity", name, {}, opts);
    const checkedArgs = checked(this, name, args);
    const made = createBoth(this, name, checkedArgs, opts);
    this.readClientId = made.read;
    this.writeClientId = made.write;
    this.tenantId = made.tenantId;
    this.workflow = pulumi
      .all([made.tenantId, made.read, made.write, cloudOf(checkedArgs)])
      .apply(describeWorkflow);
    this.registerOutputs({
      readClientId: this.readClientId,
      writeClientId: this.writeClientId,
      tenantId: this.tenantId,
      workflow: this.workflow,
    });
  }
}

function checked(
  component: PipelineIdentity,
  name: string,
  args: PipelineIdentityArgs,
): PipelineIdentityArgs {
  const { plain, sent, problems } = readArgs<PlainPipelineIdentity>(args, PIPELINE_IDENTITY_SHAPE);
  refuseProblems(`PipelineIdentity "${name}"`, [
    ...problems,
    ...pipelineProblems(plain),
    ...nativeProblems(component, "@pulumi/azuread", "surfaces"),
    ...(plain.azureScopes === undefined
      ? []
      : nativeProblems(component, "@pulumi/azure-native", "azureScopes")),
  ]);
  return sent as unknown as PipelineIdentityArgs;
}

function createBoth(
  component: PipelineIdentity,
  name: string,
  args: PipelineIdentityArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): Record<PipelineAccess | "tenantId", pulumi.Output<string>> {
  const native = nativePackage<typeof azuread>("@pulumi/azuread");
  const parent = { parent: component };
  const graphId = native.getServicePrincipalOutput({ clientId: MICROSOFT_GRAPH }, parent).objectId;
  const deployer = native.getClientConfigOutput(parent);
  const { surfaces, azureScopes = [] } = args;
  const child = childOptions(component, opts?.dependsOn);
  const audience = pulumi.output(cloudOf(args)).apply(assertionAudience);
  const make = (access: PipelineAccess) => {
    const federation = federationOf(args, access);
    const plan = { access, surfaces, azureScopes, graphId, audience, federation };
    const clientId = createPrincipal(name, child, plan);
    return pulumi.all([clientId, deployer.clientId]).apply((ids) => notItself(name, ids));
  };
  return { read: make("read"), write: make("write"), tenantId: deployer.tenantId };
}

/** An identity that deploys itself could widen its own permissions. */
function notItself(name: string, [clientId, deployer]: [string, string]): string {
  if (clientId !== deployer) return clientId;
  throw newRefusal(`PipelineIdentity "${name}"`, [
    {
      path: "",
      got: deployer,
      expected: "a deployment by somebody else than the identity that is managed here",
      fix: "keep it in a stack of its own and let a person deploy that",
    },
  ]);
}

function federationOf(
  { github, azureDevOps }: PipelineIdentityArgs,
  access: PipelineAccess,
): FederationArgs {
  if (github === undefined)
    return azureDevOps === undefined
      ? { issuer: "", subject: "" }
      : connection(azureDevOps, access);
  const { repository, environment } = github;
  return {
    issuer: "https://token.actions.githubusercontent.com",
    subject:
      access === "read"
        ? pulumi.interpolate`repo:${repository}:pull_request`
        : pulumi.interpolate`repo:${repository}:environment:${environment}`,
  };
}

function connection(args: AzureDevOpsIdentityArgs, access: PipelineAccess): FederationArgs {
  const shown = args[access];
  if (shown !== undefined) return shown;
  const { organizationId, organization = "", project, serviceConnection } = args;
  const { readServiceConnection = pulumi.interpolate`${serviceConnection}-read` } = args;
  const used = access === "read" ? readServiceConnection : serviceConnection;
  return {
    issuer: pulumi.interpolate`https://vstoken.dev.azure.com/${organizationId}`,
    subject: pulumi.interpolate`sc://${organization}/${project}/${used}`,
  };
}

/** The applications are made in the cloud that azuread is configured for. */
function cloudOf({ cloud }: PipelineIdentityArgs): pulumi.Input<Cloud> {
  const { getConfig } = pulumi.runtime;
  const configured = getConfig("entra-pim:cloud") ?? getConfig("azuread:environment");
  return cloud ?? cloudNamed(configured);
}

function describeWorkflow([tenantId, read, write, cloud]: [string, string, string, Cloud]): string {
  const job = (about: string, clientId: string) => [
    `# ${about}`,
    "env:",
    "  ARM_USE_OIDC: true",
    `  ARM_TENANT_ID: ${tenantId}`,
    `  ARM_CLIENT_ID: ${clientId}`,
    ...(cloud === Cloud.Public ? [] : [`  ARM_ENVIRONMENT: ${cloud}`]),
  ];
  return [
    ...job("previews of pull requests; needs permissions: id-token: write", read),
    ...job("deployments from the protected environment; needs permissions: id-token: write", write),
    "",
  ].join("\n");
}
