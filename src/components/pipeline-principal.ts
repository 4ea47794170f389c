import type * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";
import type { Surface } from "../model/constants";
import { type PipelineAccess, pipelinePermissions } from "../model/pipeline-permissions";
import { AzureBuiltInRole } from "../model/roles-azure";
import { nativePackage } from "./native-packages";
import type { FederationArgs } from "./pipeline-identity-args";

/** What one of the two identities is made from. */
export interface PrincipalPlan {
  access: PipelineAccess;
  federation: FederationArgs;
  surfaces: readonly Surface[];
  azureScopes: readonly pulumi.Input<string>[];
  /** Object id of Microsoft Graph's service principal in this tenant. */
  graphId: pulumi.Input<string>;
  /** What the assertions of its pipeline must be made out for. */
  audience: pulumi.Input<string>;
}

/** Role that manages PIM at a scope, and the one that reads it. */
const AZURE_ROLES: Record<PipelineAccess, string> = {
  read: AzureBuiltInRole.Reader,
  write: AzureBuiltInRole.UserAccessAdministrator,
};

/** Makes an application that signs in without a secret and may do what the plan says, and answers its client id. */
export function createPrincipal(
  name: string,
  opts: pulumi.CustomResourceOptions,
  plan: PrincipalPlan,
): pulumi.Output<string> {
  const native = nativePackage<typeof azuread>("@pulumi/azuread");
  const { access, federation } = plan;
  const at = `${name}/${access}`;
  const application = new native.Application(
    `${at}/application`,
    { displayName: `${name} (${access === "read" ? "previews" : "deployments"})` },
    opts,
  );
  new native.ApplicationFederatedIdentityCredential(
    `${at}/credential`,
    {
      applicationId: application.id,
      displayName: access,
      audiences: [plan.audience],
      ...federation,
    },
    opts,
  );
  const principal = new native.ServicePrincipal(
    `${at}/principal`,
    { clientId: application.clientId },
    opts,
  );
  for (const [value, appRoleId] of pipelinePermissions(plan.surfaces, access)) {
    new native.AppRoleAssignment(
      `${at}/permission/${value}`,
      { appRoleId, principalObjectId: principal.objectId, resourceObjectId: plan.graphId },
      opts,
    );
  }
  createAzureAssignments(at, opts, plan, principal.objectId);
  return application.clientId;
}

function createAzureAssignments(
  at: string,
  opts: pulumi.CustomResourceOptions,
  { access, azureScopes }: PrincipalPlan,
  principalId: pulumi.Input<string>,
): void {
  if (azureScopes.length === 0) return;
  const { RoleAssignment } = nativePackage<AuthorizationModule>("@pulumi/azure-native");
  azureScopes.forEach((scope, index) => {
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${AZURE_ROLES[access]}`;
    new RoleAssignment(
      `${at}/azure/${index}`,
      { scope, roleDefinitionId, principalId, principalType: "ServicePrincipal" },
      opts,
    );
  });
}

/** The part of `@pulumi/azure-native/authorization` that is used; the package is too big to be a development dependency. */
interface AuthorizationModule {
  RoleAssignment: new (
    name: string,
    args: {
      scope: pulumi.Input<string>;
      roleDefinitionId: pulumi.Input<string>;
      principalId: pulumi.Input<string>;
      principalType: pulumi.Input<string>;
    },
    opts?: pulumi.CustomResourceOptions,
  ) => pulumi.CustomResource;
}
