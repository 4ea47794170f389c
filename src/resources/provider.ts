import * as pulumi from "@pulumi/pulumi";
import { PROVIDER_SHAPE } from "./arg-shapes";
import { refuseProblems } from "./new-refusal";
import type { ProviderArgs } from "./provider-args";
import { type ProviderInputs, providerInputs } from "./provider-config";
import { type PlainProvider, providerProblems } from "./provider-problems";
import { readArgs } from "./read-args";

/**
 * A connection to one tenant, for programs that manage several. Without one, the stack's configuration decides. Give it
 * to resources and components as `{ provider }`. A component that also uses azuread or azure-native needs an explicit
 * provider of that package beside it.
 *
 * @example
 * const fabrikam = new pim.Provider("fabrikam", { tenantId: "2f4a9838-26b7-47ee-be60-ccc1fdec5953" });
 * new pim.DirectoryRole("exchange", { role: pim.EntraRole.ExchangeAdministrator, settings }, { provider: fabrikam });
 */
export class Provider extends pulumi.ProviderResource {
  /** The type token, for policies. */
  static readonly __pulumiType = "pulumi-nodejs";

  /** Whether the object is a provider of dynamic resources. */
  static override isInstance(obj: unknown): obj is Provider {
    return (
      pulumi.Resource.isInstance(obj) &&
      Reflect.get(obj, "__pulumiType") === "pulumi:providers:pulumi-nodejs"
    );
  }

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, checkedInputs(name, args), opts);
  }
}

function checkedInputs(name: string, args: ProviderArgs): ProviderInputs {
  const { plain, sent, problems } = readArgs<PlainProvider>(args, PROVIDER_SHAPE);
  refuseProblems(`Provider "${name}"`, [...problems, ...providerProblems(plain)]);
  return providerInputs(sent);
}
