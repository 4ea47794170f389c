import type { AccessModel, Conditions, Grant } from "../model/access";
import type { AccessChanges } from "../model/access-change";
import type { LiveFacts } from "../model/access-facts";
import type { GuardrailConfig } from "./config";
import type { Found } from "./finding";

/**
 * Where a rule can be judged: on one resource, on the whole stack, only when there is a before and an after, or only
 * with facts from the tenant.
 */
export type RulePlace = "resource" | "stack" | "change" | "live";

/** A guard rail: a pure function from access to findings. */
export interface Rule {
  id: string;
  name: string;
  /** What it asks for, in one sentence. */
  title: string;
  /** The published controls that it implements. */
  controls: readonly string[];
  place: RulePlace;
  /** A resource rule that sees more when it sees the whole stack. */
  needsStack?: boolean;
  evaluate(context: GuardrailContext): RuleOutcome;
}

/** What a rule says: findings, and what it could not judge and why. */
export interface RuleOutcome {
  found: readonly Found[];
  notEvaluated?: string;
}

/** What rules look at. */
export interface GuardrailContext {
  /** Access as it will be; only grants that are held. */
  model: AccessModel;
  /** Whether the model is a single resource, so that what is missing means nothing. */
  isPartial?: boolean;
  /** What differs from before; absent in a policy pack. */
  changes?: AccessChanges;
  facts?: LiveFacts;
  config: GuardrailConfig;
  /** Milliseconds since the epoch; absent where no clock may be read. */
  now?: number;
}

/** Findings only. */
export function found(findings: readonly (Found | undefined)[]): RuleOutcome {
  return { found: findings.filter((finding): finding is Found => finding !== undefined) };
}

/** What every finding about a grant carries. */
export function aboutGrant(grant: Grant) {
  const { key, urn, role, principal, source } = grant;
  return {
    key,
    urn,
    role,
    principal,
    tier: role.tier,
    ...(source === undefined ? {} : { source }),
  };
}

/** What every finding about conditions carries. */
export function aboutConditions(conditions: Conditions) {
  const { key, urn, role, source } = conditions;
  return { key, urn, role, tier: role.tier, ...(source === undefined ? {} : { source }) };
}
