import * as pulumi from "@pulumi/pulumi";

export declare class RoleAssignment extends pulumi.CustomResource {
  constructor(
    name: string,
    args: Record<string, pulumi.Input<string>>,
    opts?: pulumi.CustomResourceOptions,
  );
}
