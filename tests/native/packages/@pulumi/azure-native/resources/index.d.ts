import * as pulumi from "@pulumi/pulumi";

export declare class ResourceGroup extends pulumi.CustomResource {
  readonly name: pulumi.Output<string>;
  constructor(
    name: string,
    args?: {
      resourceGroupName?: pulumi.Input<string>;
      location?: pulumi.Input<string>;
      tags?: Record<string, pulumi.Input<string>>;
    },
    opts?: pulumi.CustomResourceOptions,
  );
}
