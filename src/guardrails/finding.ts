import type { AccessPrincipal, AccessRole, SourcePosition } from "../model/access";
import type { Phrase } from "../model/access-phrase";
import type { Tier } from "../model/constants";

/** How much a finding matters: `block` must not be merged, `warn` asks a human, `note` is for the record. */
export const SEVERITIES = ["block", "warn", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A severity by tier; a tier that is not named is not judged. */
export type SeverityByTier = Partial<Record<Tier, Severity>>;

/** What a rule found about one thing. */
export interface Found {
  severity: Severity;
  tier: Tier;
  /** The grant or the conditions that it is about. */
  key?: string;
  urn?: string;
  role?: AccessRole;
  principal?: AccessPrincipal;
  message: Phrase;
  fix: Phrase;
  source?: SourcePosition;
}

/** A finding of a rule, with what the configuration says of it. */
export interface Finding extends Found {
  rule: string;
  name: string;
  controls: readonly string[];
  /** Set when the same was so before the change: it is shown and does not count, unless that is asked for. */
  isExisting?: true;
  /** Set when a waiver covers it: it is shown and does not count. */
  waived?: { reason: string; expires: string };
}

/** 0 for block, 2 for note: the order of reports. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
