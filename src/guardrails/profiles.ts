import type { Profile, Tier } from "../model/constants";
import type { SeverityByTier } from "./finding";

/** Numbers that rules compare with. */
export interface Thresholds {
  minGlobalAdministrators: number;
  maxGlobalAdministrators: number;
  minApprovers: number;
  maxPrivilegedAssignments: number;
  maxActivationHours: Record<Tier, number>;
  massRemovalShare: number;
  massRemovalCount: number;
}

/** What differs between the published recommendations. */
export interface GuardrailProfile {
  thresholds: Thresholds;
  /** Whether an alert that goes to the default recipients alone is enough. */
  acceptsDefaultRecipients: boolean;
  missingRecipients: SeverityByTier;
  missingBreakGlass: "block" | "warn" | "note";
}

const MICROSOFT_THRESHOLDS: Thresholds = {
  minGlobalAdministrators: 2, // emergency access: two or more accounts
  maxGlobalAdministrators: 4, // "fewer than five"
  minApprovers: 2, // deployment plan
  maxPrivilegedAssignments: 10, // best practices: "fewer than 10"
  // The deployment plan's samples: one hour for Global Administrator, up to eight for Helpdesk Administrator.
  maxActivationHours: { critical: 1, high: 4, privileged: 8, standard: 8 },
  massRemovalShare: 0.25, // peribolos' --maximum-removal-delta
  massRemovalCount: 3,
};

/** Thresholds by profile. */
export const GUARDRAIL_PROFILES: Record<Profile, GuardrailProfile> = {
  microsoft: {
    thresholds: MICROSOFT_THRESHOLDS,
    acceptsDefaultRecipients: true,
    missingRecipients: { critical: "warn", high: "warn" },
    missingBreakGlass: "note",
  },
  cisa: {
    thresholds: { ...MICROSOFT_THRESHOLDS, maxGlobalAdministrators: 8 }, // MS.AAD.7.1: two to eight
    acceptsDefaultRecipients: false, // 7.7 to 7.9 ask for a security mailbox
    missingRecipients: { critical: "block", high: "block" },
    missingBreakGlass: "note",
  },
  "cis-m365": {
    thresholds: MICROSOFT_THRESHOLDS, // 1.1.3: between two and four
    acceptsDefaultRecipients: true,
    missingRecipients: { critical: "warn", high: "warn" },
    missingBreakGlass: "warn", // 1.1.2: two emergency accounts
  },
  strict: {
    thresholds: {
      ...MICROSOFT_THRESHOLDS,
      maxActivationHours: { critical: 1, high: 1, privileged: 2, standard: 5 }, // model/presets/strict.ts
    },
    acceptsDefaultRecipients: false,
    missingRecipients: { critical: "block", high: "warn", privileged: "warn" },
    missingBreakGlass: "block",
  },
};
