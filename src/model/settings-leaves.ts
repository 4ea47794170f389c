import { parseDuration, sameDuration } from "./duration";
import type {
  MailRecipient,
  NamedPrincipal,
  PolicyRules,
  RuleKey,
  RuleStage,
} from "./policy-rules";

/** What a settings leaf holds; no authentication context is the empty text, as on the wire. */
export type LeafValue = boolean | string | string[] | NamedPrincipal[];

type MailLeaf = "level" | "defaultRecipients" | "additionalRecipients";

/** One knob of a role's settings, by its property path. */
export type LeafPath =
  | "activation.maximumDuration"
  | "activation.requireMfa"
  | "activation.authenticationContext"
  | "activation.requireJustification"
  | "activation.requireTicket"
  | "activation.requireApproval"
  | "activation.approvers"
  | `${"eligibleAssignment" | "activeAssignment"}.${
      | "allowPermanent"
      | "maximumDuration"
      | "requireMfa"
      | "requireJustification"}`
  | `notifications.${RuleStage}.${MailRecipient}.${MailLeaf}`
  | `pimOnlyMode.${"mode" | "excludedPrincipals" | "excludedAssignmentTypes"}`;

/** The leaves that name principals: in a state by id, in a program by name. */
export const PRINCIPAL_LEAVES = ["activation.approvers", "pimOnlyMode.excludedPrincipals"] as const;

/** Settings by leaf: a missing leaf is not declared, or not known. */
export type Leaves = Partial<Record<LeafPath, LeafValue>>;

/** How the values of a leaf compare and which of two is the weaker condition. */
export type LeafType =
  | "maximumDuration"
  | "requirement"
  | "permission"
  | "context"
  | "approvers"
  | "level"
  | "defaultRecipients"
  | "recipients"
  | "pimOnlyMode"
  | "exclusions";

interface LeafOf<Key extends RuleKey = RuleKey> {
  type: LeafType;
  rule: Key;
  read(rule: Required<PolicyRules>[Key]): LeafValue;
  write(rule: Required<PolicyRules>[Key], value: LeafValue): PolicyRules[Key];
}

/** Every leaf, in the order of the portal's form: which rule holds it, and how it is read and written there. */
export const LEAVES = {
  "activation.maximumDuration": maximumDuration("activation.expiration"),
  "activation.requireMfa": enabled("activation.enablement", "mfa"),
  "activation.authenticationContext": leaf(
    "activation.authenticationContext",
    "context",
    "context",
  ),
  "activation.requireJustification": enabled("activation.enablement", "justification"),
  "activation.requireTicket": enabled("activation.enablement", "ticket"),
  "activation.requireApproval": leaf("activation.approval", "requirement", "required"),
  "activation.approvers": leaf("activation.approval", "approvers", "approvers"),
  ...assignment("eligibleAssignment"),
  ...assignment("activeAssignment"),
  ...mails("eligibleAssignment"),
  ...mails("activeAssignment"),
  ...mails("activation"),
  "pimOnlyMode.mode": leaf("pimOnlyMode", "pimOnlyMode", "mode"),
  "pimOnlyMode.excludedPrincipals": leaf("pimOnlyMode", "exclusions", "excludedPrincipals"),
  "pimOnlyMode.excludedAssignmentTypes": leaf(
    "pimOnlyMode",
    "exclusions",
    "excludedAssignmentTypes",
  ),
} as Record<LeafPath, LeafOf>;

export const LEAF_PATHS = Object.keys(LEAVES) as LeafPath[];

/** The value of every leaf of the rules that are there. */
export function readLeaves(rules: PolicyRules): Leaves {
  const leaves: Leaves = {};
  for (const path of LEAF_PATHS) {
    const rule = rules[LEAVES[path].rule];
    if (rule !== undefined) leaves[path] = LEAVES[path].read(rule);
  }
  return leaves;
}

/** The rules with the given leaves written into them; rules that hold none of them are the same objects. */
export function writeLeaves(rules: PolicyRules, leaves: Leaves): PolicyRules {
  const written: Record<string, unknown> = { ...rules };
  for (const path of declaredPaths(leaves)) {
    const { rule, write } = LEAVES[path];
    const value = leaves[path];
    if (value !== undefined) written[rule] = write(written[rule] as never, value);
  }
  return written as unknown as PolicyRules;
}

/** The leaves present, in table order. */
export function declaredPaths(leaves: Leaves): LeafPath[] {
  return LEAF_PATHS.filter((path) => leaves[path] !== undefined);
}

/** The leaves of `wanted` whose value differs in meaning from `live`. */
export function differingLeaves(wanted: Leaves, live: Leaves): LeafPath[] {
  return declaredPaths(wanted).filter((path) => !sameLeaf(path, wanted[path], live[path]));
}

/** The leaves of a set that are named. */
export function pickLeaves(leaves: Leaves, paths: readonly LeafPath[]): Leaves {
  const picked: Leaves = {};
  for (const path of paths) {
    const value = leaves[path];
    if (value !== undefined) picked[path] = value;
  }
  return picked;
}

/** The leaves of a set that are not named. */
export function omitLeaves(leaves: Leaves, paths: readonly LeafPath[]): Leaves {
  return pickLeaves(
    leaves,
    declaredPaths(leaves).filter((path) => !paths.includes(path)),
  );
}

/** Whether two values of a leaf mean the same: spelling, letter case and order do not count. */
export function sameLeaf(
  path: LeafPath,
  a: LeafValue | undefined,
  b: LeafValue | undefined,
): boolean {
  return canonicalLeaf(path, a) === canonicalLeaf(path, b);
}

/** A text that is equal for values of equal meaning. */
function canonicalLeaf(path: LeafPath, value: LeafValue | undefined): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return [...new Set(value.map(canonicalEntry))].sort().join(" ");
  const text = String(value);
  if (LEAVES[path].type === "maximumDuration") return String(parseDuration(text) ?? text);
  return text.toLowerCase();
}

function canonicalEntry(entry: string | NamedPrincipal): string {
  return (typeof entry === "string" ? entry.trim() : `${entry.kind}:${entry.id}`).toLowerCase();
}

function leaf<Key extends RuleKey>(rule: Key, type: LeafType, field: string): LeafOf<Key> {
  return {
    rule,
    type,
    read: (from) => (from as unknown as Record<string, LeafValue>)[field] ?? "",
    write: (into, value) => ({
      ...into,
      [field]: value === "" && type === "context" ? null : value,
    }),
  };
}

function enabled(
  rule: "activation.enablement" | "eligibleAssignment.enablement" | "activeAssignment.enablement",
  field: "mfa" | "justification" | "ticket",
): LeafOf<typeof rule> {
  return leaf(rule, "requirement", field);
}

function maximumDuration(
  rule: "activation.expiration" | "eligibleAssignment.expiration" | "activeAssignment.expiration",
): LeafOf<typeof rule> {
  return {
    rule,
    type: "maximumDuration",
    read: (from) => from.maximumDuration,
    // The service's own spelling stays when it means the same, so that nothing is written for PT24H and P1D.
    write: (into, value) =>
      sameDuration(into.maximumDuration, String(value))
        ? into
        : { ...into, maximumDuration: String(value) },
  };
}

function allowPermanent(
  rule: "eligibleAssignment.expiration" | "activeAssignment.expiration",
): LeafOf<typeof rule> {
  return {
    rule,
    type: "permission",
    read: (from) => !from.required,
    write: (into, value) => ({ ...into, required: value !== true }),
  };
}

function assignment(stage: "eligibleAssignment" | "activeAssignment") {
  return {
    [`${stage}.allowPermanent`]: allowPermanent(`${stage}.expiration`),
    [`${stage}.maximumDuration`]: maximumDuration(`${stage}.expiration`),
    [`${stage}.requireMfa`]: enabled(`${stage}.enablement`, "mfa"),
    [`${stage}.requireJustification`]: enabled(`${stage}.enablement`, "justification"),
  };
}

function mails(stage: RuleStage) {
  const recipients: MailRecipient[] = ["admin", "assignee", "approver"];
  return Object.fromEntries(
    recipients.flatMap((recipient) => {
      const rule = `notifications.${stage}.${recipient}` as const;
      return [
        [`${rule}.level`, leaf(rule, "level", "level")],
        [`${rule}.defaultRecipients`, leaf(rule, "defaultRecipients", "defaultRecipients")],
        [`${rule}.additionalRecipients`, leaf(rule, "recipients", "additionalRecipients")],
      ];
    }),
  );
}
