import type { Profile, Tier } from "../constants";
import { defaultSettings } from "../default-settings";
import type { Leaves } from "../settings-leaves";
import { CIS_M365 } from "./cis-m365";
import { CISA } from "./cisa";
import { MICROSOFT } from "./microsoft";
import { STRICT } from "./strict";

const PROFILES: Record<Profile, Record<Tier, Leaves>> = {
  microsoft: MICROSOFT,
  cisa: CISA,
  "cis-m365": CIS_M365,
  strict: STRICT,
};

/**
 * Every leaf of a profile's settings for a tier. What a profile does not speak of is what Microsoft delivers for a
 * directory role, on the other surfaces too: a complete declaration means the same everywhere, and drift in any of it
 * is repaired.
 *
 * MFA for whoever assigns (`eligibleAssignment.requireMfa`, `activeAssignment.requireMfa`) is off in every profile, as
 * delivered: a pipeline deploys as an application, which can never satisfy it.
 */
export function presetLeaves(profile: Profile, tier: Tier): Leaves {
  return { ...defaultSettings("directoryRoles"), ...PROFILES[profile][tier] };
}
