import * as pulumi from "@pulumi/pulumi";

/** The one class of `@pulumi/azure-native/authorization` that components use. */
export class RoleAssignment extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("azure-native:authorization:RoleAssignment", name, { ...args }, opts);
  }
}
