import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../model/kinds";
import { effectiveSettings, type SettingsValues } from "./effective-settings";
import { roleSettingsInputs } from "./role-settings-inputs";
import type { RoleSettingsArgs } from "./settings-args";

/**
 * Declares settings of a role: what activating it and assigning it asks for. The settings of a role always exist, so
 * creating takes them over, remembers the values found, and deleting gives them back where they are still ours.
 * Settings that are not declared are watched and never written.
 *
 * @example
 * new pim.RoleSettings("exchange", {
 *   directoryRole: { role: pim.EntraRole.ExchangeAdministrator },
 *   activation: { maximumDuration: "PT2H", requireMfa: true, requireJustification: true },
 *   eligibleAssignment: { allowPermanent: false, maximumDuration: "P180D" },
 * });
 */
export class RoleSettings extends pulumi.CustomResource {
  /** The type token, for policies. */
  static readonly __pulumiType = typeToken("RoleSettings");

  /** Id of the policy at the service; it may change when the service makes the policy anew. */
  public readonly policyId!: pulumi.Output<string>;
  /** Id of the role definition; undefined for a group. */
  public readonly roleDefinitionId!: pulumi.Output<string | undefined>;
  /** Object id of the group; undefined for a role. */
  public readonly groupId!: pulumi.Output<string | undefined>;
  /** The settings that are not declared, as they are in the tenant. */
  public readonly observed!: pulumi.Output<SettingsValues>;
  /** All settings, declared and observed. */
  public readonly effective: pulumi.Output<SettingsValues>;

  /** Whether the object is settings of a role, also of another copy of this package. */
  static override isInstance(obj: unknown): obj is RoleSettings {
    return (
      pulumi.Resource.isInstance(obj) &&
      Reflect.get(obj, "__pulumiType") === RoleSettings.__pulumiType
    );
  }

  constructor(name: string, args: RoleSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super(RoleSettings.__pulumiType, name, roleSettingsInputs(name, args, opts), opts);
    // Computed here and not stored: the state has its parts already.
    this.effective = pulumi.output(outputsOf(this)).apply(effectiveSettings);
  }
}

/** The parts of the outputs that the complete settings are made of. */
function outputsOf(settings: RoleSettings): Record<string, unknown> {
  const parts = [
    "directoryRole",
    "group",
    "azureRole",
    "activation",
    "eligibleAssignment",
    "activeAssignment",
    "notifications",
    "pimOnlyMode",
    "unspecified",
    "approverIds",
    "observed",
  ];
  return Object.fromEntries(parts.map((part) => [part, Reflect.get(settings, part)]));
}
