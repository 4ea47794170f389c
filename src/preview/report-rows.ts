import { type Finding, severityRank } from "../guardrails";
import { scopeText } from "../guardrails/words";
import type { AccessRole } from "../model/access";
import { type Conditions, effectiveLeaves, type Grant, type GrantWindow } from "../model/access";
import {
  type ConditionsChange,
  changedGrant,
  type GrantChange,
  type LeafChange,
  type NativeGrant,
} from "../model/access-change";
import { principalName } from "../model/access-names";
import { ours, type Phrase } from "../model/access-phrase";
import { settingsText } from "../model/access-reading";
import { shortId } from "../model/access-text";
import { tierRank } from "../model/access-tier";
import { leafLabel } from "../model/leaf-labels";
import { activationWords, leafWords } from "./leaf-words";
import type { ConditionRow, GrantRow, NativeRow, Which, Who } from "./report";
import { windowText } from "./window-text";

/** What rows are made with. */
export interface RowContext {
  /** Conditions by the role's settings text. */
  conditions: ReadonlyMap<string, Conditions>;
  /** Findings by the key of what they are about. */
  findings: ReadonlyMap<string, readonly Finding[]>;
  now: number | undefined;
  /** Whether rows must say which tenant they are about. */
  hasTenants: boolean;
}

/** The conditions of a model, by the role's settings text. */
export function conditionsByRole(conditions: readonly Conditions[]): Map<string, Conditions> {
  return new Map(conditions.map((entry) => [settingsKey(entry.role), entry]));
}

/** A row of a change. */
export function changeRow(change: GrantChange, context: RowContext): GrantRow {
  const grant = changedGrant(change);
  const { before, reason, direction, kind } = change;
  const isMove = change.kind === "changed" || (change.after !== undefined && before !== undefined);
  return {
    ...grantRow(grant, context),
    change: kind,
    direction,
    ...(reason === undefined ? {} : { reason }),
    ...(isMove && before !== undefined ? { before: beforeOf(before, context) } : {}),
  };
}

/** A row of somebody who holds access, whether or not it changes. */
export function grantRow(grant: Grant, context: RowContext): GrantRow {
  const { key, urn, kind, window, condition, source } = grant;
  return {
    change: "held",
    direction: "neutral",
    key,
    urn,
    who: whoOf(grant),
    role: placed(whichOf(grant.role), grant.tenantId, context),
    kind,
    window: windowText(window, context.now),
    toActivate: toActivate(grant, context),
    flags: flagsOf(key, context),
    ...(condition === undefined ? {} : { condition }),
    ...(source === undefined ? {} : { source }),
  };
}

/** A row of access that a resource of another package gives or takes. */
export function nativeRow(grant: NativeGrant, context: RowContext): NativeRow {
  const { urn, op, type, name, what, role, principal, source } = grant;
  return {
    urn,
    op,
    type,
    name,
    what,
    ...(principal === undefined ? {} : { who: whoOf({ principal }) }),
    ...(role === undefined ? {} : { role: whichOf(role) }),
    flags: flagsOf(urn, context),
    ...(source === undefined ? {} : { source }),
  };
}

/** What matters most first. */
export function compareNativeRows(a: NativeRow, b: NativeRow): number {
  return (
    tierRank(a.role?.tier ?? "standard") - tierRank(b.role?.tier ?? "standard") ||
    compare(a.type, b.type) ||
    compare(a.urn, b.urn)
  );
}

/** The rows of one role's conditions. */
export function conditionRows(change: ConditionsChange, context: RowContext): ConditionRow[] {
  const { conditions, kind } = change;
  const { key, urn, role, source } = conditions;
  const common = {
    key,
    urn,
    role: placed(whichOf(role), conditions.tenantId, context),
    change: kind,
    ...(source === undefined ? {} : { source }),
  };
  if (kind === "stays") {
    const unchanged = ours("as it is");
    return [
      {
        ...common,
        path: "",
        label: "all",
        before: unchanged,
        after: unchanged,
        strength: "same",
        note: "leaves the program, stays in the tenant",
        flags: [],
      },
    ];
  }
  return change.leaves.map((leaf) => ({
    ...common,
    ...leafCells(leaf, change),
    flags: leafFlags(leaf, change, context),
  }));
}

/** Gains before losses is the sections' affair; within one, the dangerous first, then by role and name. */
export function compareRows(a: GrantRow, b: GrantRow): number {
  return (
    worst(a) - worst(b) ||
    tierRank(a.role.tier) - tierRank(b.role.tier) ||
    compare(a.role.name, b.role.name) ||
    compare(a.role.scope, b.role.scope) ||
    compare(a.who.name, b.who.name) ||
    compare(a.key, b.key)
  );
}

/** Dangerous roles first, in each the order of the form. */
export function compareConditionRows(a: ConditionRow, b: ConditionRow): number {
  return (
    tierRank(a.role.tier) - tierRank(b.role.tier) ||
    compare(a.role.name, b.role.name) ||
    compare(a.key, b.key)
  );
}

/** The role in a row. */
function whichOf(role: AccessRole): Which {
  const { surface, id, name, isBuiltIn, access, scope, tier, looksLike } = role;
  return {
    surface,
    ...(id === undefined ? {} : { id }),
    name,
    isBuiltIn,
    ...(access === undefined ? {} : { access }),
    scope,
    scopeName: scope === "/" ? "directory" : scope === "" ? "(known after apply)" : scopeText(role),
    tier,
    ...(looksLike === undefined ? {} : { looksLike }),
  };
}

function whoOf({ principal }: Pick<Grant, "principal">): Who {
  const { kind, id, userPrincipalName, displayName, members, isSecret } = principal;
  const name = principalName(principal);
  return {
    kind,
    name,
    ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
    ...(id === undefined || isSecret === true ? {} : { id }),
    ...(members === undefined ? {} : { members }),
    isPlaceholder:
      isSecret === true ||
      (displayName === undefined && userPrincipalName === undefined && id === undefined),
  };
}

/** The same role in two tenants is two roles. */
function placed(role: Which, tenantId: string | undefined, { hasTenants }: RowContext): Which {
  if (!hasTenants) return role;
  const tenant =
    tenantId === undefined ? "a tenant that is not known" : `tenant ${shortId(tenantId)}`;
  return { ...role, scopeName: `${role.scopeName} of ${tenant}` };
}

function beforeOf(before: Grant, context: RowContext): NonNullable<GrantRow["before"]> {
  const { kind, role, window, condition } = before;
  return {
    kind,
    scope: role.scope,
    scopeName: placed(whichOf(role), before.tenantId, context).scopeName,
    window: windowText(window as GrantWindow, context.now),
    ...(condition === undefined ? {} : { condition }),
  };
}

function toActivate(grant: Grant, { conditions }: RowContext): Phrase[] {
  if (grant.kind === "active") return [ours("nothing: always on")];
  const own = conditions.get(settingsKey(grant.role));
  if (own === undefined) return [ours("not managed here")];
  const words = activationWords(effectiveLeaves(own), own.approverNames);
  return words.length === 0 ? [ours("nothing declared")] : words;
}

function settingsKey(role: AccessRole): string {
  if (role.id === undefined) return `unknown ${role.name}`;
  return role.surface === "groups"
    ? settingsText({ surface: "groups", groupId: role.id, access: role.access ?? "member" })
    : settingsText({ surface: role.surface, roleDefinitionId: role.id, scope: role.scope });
}

function flagsOf(key: string, { findings }: RowContext): GrantRow["flags"] {
  return (findings.get(key) ?? []).map(({ severity, rule, waived, isExisting }) => ({
    severity,
    rule,
    isWaived: waived !== undefined,
    ...(isExisting === undefined ? {} : { isExisting }),
  }));
}

/** Only the finding about weakening is about a single condition. */
function leafFlags(
  { strength }: LeafChange,
  { kind, conditions }: ConditionsChange,
  context: RowContext,
): GrantRow["flags"] {
  return strength === "weaker" && kind !== "observed"
    ? flagsOf(conditions.key, context).filter(({ rule }) => rule === "PIM025")
    : [];
}

function leafCells(leaf: LeafChange, { conditions, kind }: ConditionsChange) {
  const words = (value: LeafChange["before"]) =>
    leafWords(leaf.path, value, conditions.approverNames);
  const isUnknown = conditions.unknown.includes(leaf.path);
  const isSecret = conditions.secret?.includes(leaf.path) === true;
  return {
    path: leaf.path,
    label: leafLabel(leaf.path),
    before: words(leaf.before),
    after: isUnknown ? ours(isSecret ? "(secret)" : "(known after apply)") : words(leaf.after),
    strength: leaf.strength,
    ...noteOf(leaf, kind),
  };
}

function noteOf(
  { replacedBy, isReleased }: LeafChange,
  kind: ConditionsChange["kind"],
): { note?: string } {
  if (replacedBy !== undefined) return { note: "the authentication context asks for more" };
  if (isReleased === true) return { note: "no longer declared, only observed" };
  if (kind === "observed") return { note: "not by this change" };
  return kind === "restored" ? { note: "given back" } : {};
}

function worst({ flags }: GrantRow): number {
  const ranks = flags
    .filter(({ isWaived, isExisting }) => !isWaived && isExisting !== true)
    .map(({ severity }) => severityRank(severity));
  return Math.min(3, ...ranks) === 0 ? 0 : 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
