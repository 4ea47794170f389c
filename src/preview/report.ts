import type { Severity } from "../guardrails";
import type { SourcePosition } from "../model/access";
import type { ChangeKind, Direction, GainReason } from "../model/access-change";
import type { Phrase } from "../model/access-phrase";
import type { AssignmentKind, GroupAccess, PrincipalKind, Surface, Tier } from "../model/constants";
import type { Strength } from "../model/leaf-strength";

/** Version of the JSON report. It grows only when a reader of the old one would be misled. */
export const REPORT_VERSION = 1;

/** What a preview means for access: the one value that every renderer reads. */
export interface Report {
  version: typeof REPORT_VERSION;
  project: string;
  stack: string;
  tenants: readonly string[];
  commit?: string;
  base?: string;
  /** When it was made; left out of reports that must not change by themselves. */
  madeAt?: string;
  profile: string;
  verdict: Verdict;
  findings: readonly ReportFinding[];
  gains: readonly GrantRow[];
  losses: readonly GrantRow[];
  changes: readonly GrantRow[];
  conditions: readonly ConditionRow[];
  adopted: readonly GrantRow[];
  recreated: readonly GrantRow[];
  stays: readonly GrantRow[];
  /** Conditions that nobody declares and that changed in the tenant since the last run. */
  drift: readonly ConditionRow[];
  /** What resources of other packages do to access: shown, not judged like the rest. */
  native: readonly NativeRow[];
  /** Everybody who will hold something: the matrix. */
  holders: readonly GrantRow[];
  notEvaluated: readonly { rule: string; name: string; reason: string }[];
  /** Resources that are not about access, by the engine's word for what happens to them. */
  otherResources: Readonly<Record<string, number>>;
  diagnostics: readonly ReportDiagnostic[];
  policies: readonly PolicyResult[];
  /** The engine's own steps, one line each. */
  steps: readonly { op: string; urn: string }[];
}

/** The whole in one line. */
export interface Verdict {
  direction: Direction | "none";
  failed: boolean;
  hasUnknown: boolean;
  gains: number;
  losses: number;
  changes: number;
  weaker: number;
  stricter: number;
  /** Findings that count: those that are waived, or were there before, do not. */
  block: number;
  warn: number;
  note: number;
  waived: number;
  /** What was there before this change, by severity; it does not count above. */
  existing: Readonly<Record<Severity, number>>;
}

/** A principal in a row. */
export interface Who {
  kind: PrincipalKind;
  name: string;
  userPrincipalName?: string;
  id?: string;
  members?: { count: number; names?: readonly string[] };
  /** Whether the name is a stand-in: known after the update, or secret. */
  isPlaceholder: boolean;
}

/** A role in a row. */
export interface Which {
  surface: Surface;
  id?: string;
  name: string;
  isBuiltIn: boolean;
  access?: GroupAccess;
  scope: string;
  scopeName: string;
  tier: Tier;
  looksLike?: string;
}

/** One change of one grant. */
export interface GrantRow {
  change: ChangeKind | "held";
  reason?: GainReason;
  direction: Direction;
  key: string;
  urn: string;
  who: Who;
  role: Which;
  kind: AssignmentKind;
  window: WindowText;
  before?: {
    kind: AssignmentKind;
    scope: string;
    scopeName: string;
    window: WindowText;
    condition?: string;
  };
  /** What using the access asks for. */
  toActivate: readonly Phrase[];
  /** Rules that found something, the most severe first. */
  flags: readonly { severity: Severity; rule: string; isWaived: boolean; isExisting?: true }[];
  condition?: string;
  source?: SourcePosition;
}

/** Access by a resource of another package. */
export interface NativeRow {
  urn: string;
  /** The engine's word for what happens to it. */
  op: string;
  type: string;
  name: string;
  what: string;
  who?: Who;
  role?: Which;
  flags: GrantRow["flags"];
  source?: SourcePosition;
}

/** How long, in words: `to` an end, `for` a length, or permanent. */
export interface WindowText {
  isPermanent: boolean;
  text: string;
  endsAt?: string;
}

/** One condition of a role that changes. */
export interface ConditionRow {
  key: string;
  urn: string;
  role: Which;
  change: "created" | "changed" | "restored" | "stays" | "observed";
  path: string;
  label: string;
  before: Phrase;
  after: Phrase;
  strength: Strength;
  note?: string;
  flags: GrantRow["flags"];
  source?: SourcePosition;
}

/** A finding of a rule, ready to print. */
export interface ReportFinding {
  rule: string;
  name: string;
  severity: Severity;
  tier: Tier;
  controls: readonly string[];
  message: Phrase;
  fix: Phrase;
  key?: string;
  urn?: string;
  source?: SourcePosition;
  /** Set when the same was so before this change. */
  isExisting?: true;
  waived?: { reason: string; expires: string };
}

/** What the engine said, repeats merged. */
export interface ReportDiagnostic {
  severity: string;
  message: string;
  resource?: string;
  count: number;
}

/** What a policy pack said; without the name of a policy it is only known that one stopped the preview. */
export interface PolicyResult {
  policy: string;
  pack: string;
  level: string;
  message: string;
  resource?: string;
}
