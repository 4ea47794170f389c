import type { Conditions, Grant, GrantWindow, SourcePosition } from "./access";
import { accessPrincipal, type PrincipalNames } from "./access-names";
import { accessRole, checkedRole } from "./access-role";
import { shortId } from "./access-text";
import type { TierOverrides } from "./access-tier";
import { grantedWindow, plannedWindow, standingOf } from "./access-window";
import { type AssignmentKind, isGuid } from "./constants";
import { declaredLeaves } from "./declared-settings";
import { assignmentText, type RoleKey, roleText } from "./identity";
import type {
  AssignmentInputs,
  AssignmentOutputs,
  RoleSettingsInputs,
  RoleSettingsOutputs,
} from "./kinds";
import { surfaceOf } from "./role-target";
import { hasSecret, SECRET, secretsAsUnknown } from "./secret-values";
import { LEAF_PATHS, type LeafPath, type Leaves } from "./settings-leaves";
import { valueAt } from "./settings-tree";
import { stateLeaves } from "./state-leaves";
import { hasUnknown, isUnknown } from "./unknown";

/** What reading a state needs besides the state. */
export interface Reading {
  names: PrincipalNames;
  tiers: TierOverrides;
  /** Names of administrative units and other scopes, by scope in lower case. */
  scopeNames?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; absent where no clock may be read. */
  now?: number;
  source?: (urn: string) => SourcePosition | undefined;
}

/** An assignment in a state, as access: what is in force. */
export function heldGrant(
  kind: AssignmentKind,
  urn: string,
  given: AssignmentInputs,
  givenOutputs: AssignmentOutputs | undefined,
  reading: Reading,
): Grant {
  const inputs = readable(given);
  const outputs = readableOutputs(givenOutputs);
  const window =
    outputs?.granted === undefined
      ? plannedWindow(inputs, undefined, reading.now)
      : grantedWindow(outputs);
  return {
    ...grantOf(kind, urn, given, reading),
    window: marked(window, given),
    standing: standingOf(inputs, outputs, reading.now),
  };
}

/** An assignment as a program declares it, as access: what will be in force. `outputs` are those of the state before. */
export function plannedGrant(
  kind: AssignmentKind,
  urn: string,
  given: AssignmentInputs,
  givenOutputs: AssignmentOutputs | undefined,
  reading: Reading & { renews?: boolean },
): Grant {
  const inputs = readable(given);
  const outputs = readableOutputs(givenOutputs);
  const grant = grantOf(kind, urn, given, reading);
  const before =
    outputs === undefined ? "held" : standingOf({ ...inputs, live: "held" }, outputs, reading.now);
  const isRenewed = before === "expired" && willRenew(inputs, outputs, reading);
  const renews = isRenewed || reading.renews === true;
  const window = marked(plannedWindow(inputs, renews ? undefined : outputs, reading.now), given);
  if (inputs.live === "removed") return { ...grant, window, standing: "removed" };
  return { ...grant, window, standing: before === "expired" && !renews ? "expired" : "held" };
}

/** Settings in a state or a plan, as conditions. */
export function conditionsOf(
  urn: string,
  given: RoleSettingsInputs,
  givenOutputs: RoleSettingsOutputs | undefined,
  reading: Reading,
): Conditions {
  const inputs = readable(given);
  const outputs = secretsAsUnknown(givenOutputs);
  const key = checkedRole(inputs);
  const surface = surfaceOf(inputs) ?? "directoryRoles";
  const source = reading.source?.(urn);
  const declared = declaredLeaves(surface, inputs, inputs.approverIds);
  return {
    key: key === undefined ? urn : [tenantText(inputs.tenantId), settingsText(key)].join("|"),
    tenantId: inputs.tenantId,
    urn,
    role: accessRole(inputs, reading),
    declared,
    observed: withoutDeclared(stateLeaves(outputs?.observed), declared),
    found: typeof inputs.found === "object" ? stateLeaves(inputs.found) : undefined,
    written: stateLeaves(outputs?.written),
    ...hiddenLeaves(inputs, given),
    approverNames: approverNames(inputs.approverIds ?? {}, reading.names),
    onDelete:
      inputs.onDelete === "keep" || inputs.onDelete === "defaults" ? inputs.onDelete : "restore",
    ...(source === undefined ? {} : { source }),
  };
}

/** The settings that hold for a role at a scope: a directory role has one set for the whole tenant. */
export function settingsText(role: RoleKey): string {
  return roleText(role.surface === "directoryRoles" ? { ...role, scope: "/" } : role);
}

function grantOf(
  kind: AssignmentKind,
  urn: string,
  given: AssignmentInputs,
  reading: Reading,
): Omit<Grant, "window" | "standing"> {
  const inputs = readable(given);
  const role = checkedRole(inputs);
  const principal = accessPrincipal(urn, inputs, reading.names);
  const source = reading.source?.(urn);
  const { existing, condition } = inputs;
  return {
    key:
      role === undefined || principal.id === undefined
        ? urn
        : [
            tenantText(inputs.tenantId),
            assignmentText({ role, principalId: principal.id, kind }),
          ].join("|"),
    tenantId: inputs.tenantId,
    urn,
    kind,
    role: accessRole(inputs, reading),
    principal,
    ...(existing === undefined || isUnknown(existing) ? {} : { existing }),
    ...(typeof condition === "string" && !isUnknown(condition) ? { condition } : {}),
    // What cannot be read may be "keep".
    staysOnDelete: inputs.onDelete === "keep" || isUnknown(inputs.onDelete),
    limits: limitsIn(inputs),
    ...hiddenIn(given),
    ...(source === undefined ? {} : { source }),
  };
}

function willRenew(
  inputs: AssignmentInputs,
  outputs: AssignmentOutputs | undefined,
  { now }: Reading,
): boolean {
  if (inputs.onExpired === "renew" && inputs.expiration?.duration !== undefined) return true;
  const before = outputs?.granted?.declared.expiration;
  return (
    before !== undefined &&
    plannedWindow({ ...inputs }, undefined, now).type !== "unknown" &&
    differs(before, inputs.expiration)
  );
}

function differs(a: object, b: object): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

function limitsIn({ limits }: AssignmentInputs): Grant["limits"] {
  if (limits === undefined || isUnknown(limits)) return {};
  const { allowPermanent, maximumDuration } = limits;
  return {
    ...(typeof allowPermanent === "boolean" ? { allowPermanent } : {}),
    ...(typeof maximumDuration === "string" && !isUnknown(maximumDuration)
      ? { maximumDuration }
      : {}),
  };
}

const WATCHED = [
  "principal",
  "principalId",
  "directoryRole",
  "group",
  "azureRole",
  "expiration",
  "startsAt",
  "condition",
] as const;

/** What cannot be reviewed: known only after the update, or kept secret. */
function hiddenIn(inputs: AssignmentInputs): Pick<Grant, "unknown" | "secret"> {
  const secret = WATCHED.filter((property) => hasSecret(inputs[property]));
  const unknown = WATCHED.filter(
    (property) => secret.includes(property) || hasUnknown(inputs[property]),
  );
  return { unknown, ...(secret.length === 0 ? {} : { secret }) };
}

/** The same of settings: what only the readable inputs do not know was a secret. */
function hiddenLeaves(
  inputs: RoleSettingsInputs,
  given: RoleSettingsInputs,
): Pick<Conditions, "unknown" | "secret"> {
  const unknown = LEAF_PATHS.filter((path) => hasUnknown(valueAt(inputs, path)));
  const secret = unknown.filter((path) => !hasUnknown(valueAt(given, path)));
  return { unknown, ...(secret.length === 0 ? {} : { secret }) };
}

/** Who and what: these say themselves that they are secret. */
type Named = "principal" | "directoryRole" | "group" | "azureRole";

/** Inputs with secrets as what is not known, but for names. */
function readable<Inputs extends Partial<Record<Named, unknown>>>(inputs: Inputs): Inputs {
  if (!hasSecret(inputs)) return inputs;
  const { principal, directoryRole, group, azureRole } = inputs;
  const names = Object.entries({ principal, directoryRole, group, azureRole }).filter(
    ([, value]) => value !== undefined && value !== SECRET,
  );
  return { ...secretsAsUnknown(inputs), ...Object.fromEntries(names) };
}

/** A window that is secret is not said in a state either. */
function readableOutputs(outputs: AssignmentOutputs | undefined): AssignmentOutputs | undefined {
  if (outputs === undefined || !hasSecret(outputs)) return outputs;
  const { granted, ...rest } = secretsAsUnknown(outputs);
  return (hasUnknown(granted) ? rest : { ...rest, granted }) as AssignmentOutputs;
}

function marked(window: GrantWindow, { expiration, startsAt }: AssignmentInputs): GrantWindow {
  const isSecret = window.type === "unknown" && (hasSecret(expiration) || hasSecret(startsAt));
  return isSecret ? { type: "unknown", isSecret } : window;
}

function withoutDeclared(observed: Leaves, declared: Leaves): Leaves {
  return Object.fromEntries(
    Object.entries(observed).filter(([path]) => declared[path as LeafPath] === undefined),
  ) as Leaves;
}

function approverNames(ids: Record<string, string>, names: PrincipalNames): Record<string, string> {
  const printable: Record<string, string> = {};
  if (isUnknown(ids)) return printable;
  for (const [key, id] of Object.entries(ids)) {
    const facts = names.byId(id.toLowerCase());
    const text = key.slice(key.indexOf(":") + 1);
    const name = facts?.displayName ?? facts?.userPrincipalName;
    printable[id.toLowerCase()] = name ?? (isGuid(text) ? shortId(text) : text);
  }
  return printable;
}

function tenantText(tenantId: string | undefined): string {
  return tenantId?.toLowerCase() ?? "";
}
