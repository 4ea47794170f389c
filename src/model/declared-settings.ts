import type { Surface } from "./constants";
import { defaultSettings } from "./default-settings";
import type { NamedPrincipal } from "./policy-rules";
import { objectIdIn, type PrincipalInput, principalReference, referenceKey } from "./principal";
import { type LeafPath, type Leaves, PRINCIPAL_LEAVES } from "./settings-leaves";
import type { SettingsInput } from "./settings-rules";
import { leavesOf } from "./settings-tree";
import { hasUnknown } from "./unknown";

/** Object ids of those whom settings name, by kind and text. */
export type ApproverIds = Record<string, string>;

/**
 * The leaves that a declaration says, with principals by id and without what is not known yet. Leaves that exclude each
 * other are one knob: an authentication context says that MFA is off, and MFA that no context is asked for.
 */
export function declaredLeaves(
  surface: Surface,
  input: SettingsInput,
  approverIds: ApproverIds = {},
): Leaves {
  const leaves = withKnobs(knownLeaves(input, approverIds));
  const defaults = input.unspecified === "defaults" ? defaultSettings(surface) : undefined;
  return defaults === undefined ? leaves : { ...defaults, ...leaves };
}

/** What the user wrote, leaf by leaf. */
export function knownLeaves(input: SettingsInput, approverIds: ApproverIds): Leaves {
  const leaves = leavesOf(input);
  for (const path of Object.keys(leaves) as LeafPath[]) {
    if (hasUnknown(leaves[path])) delete leaves[path];
  }
  for (const path of PRINCIPAL_LEAVES) {
    const principals = leaves[path];
    if (principals === undefined) continue;
    const resolved = principalsIn(principals as unknown as PrincipalInput[], approverIds);
    if (resolved === undefined) delete leaves[path];
    else leaves[path] = resolved;
  }
  return leaves;
}

/** Principals by id; undefined while one of them is not resolved. */
function principalsIn(
  inputs: readonly PrincipalInput[],
  ids: ApproverIds,
): NamedPrincipal[] | undefined {
  const principals: NamedPrincipal[] = [];
  for (const input of inputs) {
    // Kinds that only the service knows are kept as met, so that giving them back is possible.
    if (typeof (input as { other?: string }).other === "string") {
      principals.push({ kind: "other", id: (input as { other: string }).other });
      continue;
    }
    const reference = principalReference(input);
    const id =
      reference === undefined
        ? undefined
        : (ids[referenceKey(reference)] ?? objectIdIn(reference.text));
    if (reference === undefined || id === undefined) return undefined;
    principals.push({ kind: reference.kind, id });
  }
  return principals;
}

function withKnobs(leaves: Leaves): Leaves {
  const context = leaves["activation.authenticationContext"];
  const mfa = leaves["activation.requireMfa"];
  if (typeof context === "string" && context !== "" && mfa === undefined) {
    return { ...leaves, "activation.requireMfa": false };
  }
  if (mfa === true && context === undefined)
    return { ...leaves, "activation.authenticationContext": "" };
  return leaves;
}
