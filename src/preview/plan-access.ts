import { isDeepStrictEqual } from "node:util";
import type { AccessModel, Conditions, Grant, SourcePosition } from "../model/access";
import type { ConditionsChange, NativeGrant } from "../model/access-change";
import type { LiveFacts, PrincipalFacts } from "../model/access-facts";
import { conditionsOf, heldGrant, plannedGrant, type Reading } from "../model/access-reading";
import type { AssignmentKind, Tier } from "../model/constants";
import { heldTiers } from "../model/held-tiers";
import {
  type AssignmentInputs,
  type AssignmentOutputs,
  assignmentKindOf,
  type RoleSettingsInputs,
  type RoleSettingsOutputs,
} from "../model/kinds";
import { hasSecret } from "../model/secret-values";
import { liveSettings, withObserved } from "./live-settings";
import { nativeGrants } from "./native-access";
import { observedDrift } from "./observed-drift";
import { kindOfType } from "./plan-kinds";
import { planNames, planScopeNames } from "./plan-names";
import type { Plan, PlanState, PlanStep } from "./read-plan";

/** What the plan says of access: before, after, and how the engine gets there. */
export interface PlannedAccess {
  before: AccessModel;
  after: AccessModel;
  /** Grants and conditions by URN, for what only the engine's step says. */
  steps: ReadonlyMap<string, PlanStep>;
  /** URNs that are taken over by import. */
  imported: ReadonlySet<string>;
  /** URNs whose access the engine itself leaves behind. */
  retained: ReadonlySet<string>;
  recreated: ReadonlySet<string>;
  /** What a refresh inside the preview saw of conditions that nobody declares. */
  drift: readonly ConditionsChange[];
  /** What resources of other packages do to access. */
  native: readonly NativeGrant[];
}

/** What is known beside the plan. */
export interface PlanContext {
  names: Readonly<Record<string, PrincipalFacts>>;
  facts: LiveFacts | undefined;
  tiers: Readonly<Record<string, Tier>>;
  now: number | undefined;
}

const REPLACING = ["replace", "create-replacement", "delete-replaced", "import-replacement"];

/** Reads access out of a plan. */
export function plannedAccess(plan: Plan, context: PlanContext): PlannedAccess {
  const steps = decisiveSteps(plan.steps);
  const reading: Reading = {
    names: planNames(plan, context.names, context.facts),
    scopeNames: planScopeNames(plan),
    tiers: {
      byId: context.tiers,
      held: heldTiers(assignmentsIn([...steps.values()]), context.tiers),
    },
    source: sourceFinder(plan.steps),
    ...(context.now === undefined ? {} : { now: context.now }),
  };
  const before = new ModelBuilder(false);
  const after = new ModelBuilder(true);
  for (const step of steps.values()) addStep(step, reading, before, after);
  after.observe(before, context.facts);
  const urns = (isMeant: (step: PlanStep) => boolean) =>
    new Set([...steps.values()].filter(isMeant).map(({ urn }) => urn));
  return {
    before: before.model,
    after: after.model,
    steps,
    imported: urns(({ op }) => op.startsWith("import")),
    retained: urns(({ op, before: old }) => op === "delete" && old?.retainOnDelete === true),
    recreated: urns(({ op }) => REPLACING.includes(op)),
    drift: plan.steps.flatMap((step) => refreshDrift(step, steps, reading) ?? []),
    native: nativeGrants(plan, reading),
  };
}

/**
 * One step per resource: a refresh inside a preview says what is, the step after it says what will be; the parts of a
 * replacement are one.
 */
function decisiveSteps(steps: readonly PlanStep[]): Map<string, PlanStep> {
  const decisive = new Map<string, PlanStep>();
  for (const step of steps) {
    if (kindOfType(step.type) === undefined) continue;
    const known = decisive.get(step.urn);
    decisive.set(step.urn, known === undefined ? step : mergeSteps(known, step));
  }
  return decisive;
}

function mergeSteps(first: PlanStep, second: PlanStep): PlanStep {
  if (second.op === "refresh") return first;
  if (first.op === "refresh") return { ...second, before: second.before ?? first.after };
  const replaces = [first, second].some(({ op }) => REPLACING.includes(op));
  const op = replaces ? "replace" : second.op;
  return {
    ...second,
    op,
    before: first.before ?? second.before,
    after: second.after ?? first.after,
  };
}

function addStep(
  step: PlanStep,
  reading: Reading,
  before: ModelBuilder,
  after: ModelBuilder,
): void {
  const kind = kindOfType(step.type);
  const assignment = kind === undefined ? undefined : assignmentKindOf(kind);
  if (kind === "RoleSettings") addConditions(step, reading, before, after);
  else if (assignment !== undefined) addGrants(assignment, step, reading, before, after);
}

/** The states of a step that say something: the new one of a deletion does not. */
function sidesOf(step: PlanStep): { old: PlanState | undefined; next: PlanState | undefined } {
  return {
    old: OPS_WITHOUT_BEFORE.has(step.op) ? undefined : step.before,
    next: OPS_WITHOUT_AFTER.has(step.op) ? undefined : step.after,
  };
}

function addConditions(
  step: PlanStep,
  reading: Reading,
  before: ModelBuilder,
  after: ModelBuilder,
): void {
  const { old, next } = sidesOf(step);
  if (old !== undefined) before.conditions(readConditions(step.urn, old, undefined, reading));
  if (next !== undefined) after.conditions(readConditions(step.urn, next, old, reading));
}

function addGrants(
  assignment: AssignmentKind,
  step: PlanStep,
  reading: Reading,
  before: ModelBuilder,
  after: ModelBuilder,
): void {
  const { old, next } = sidesOf(step);
  if (old === undefined) {
    if (next !== undefined) after.grant(nextGrant(assignment, step, next, old, reading));
  } else {
    const held = heldGrant(assignment, step.urn, ...assignmentState(old), reading);
    before.grant(held);
    // What stays the same is one grant on both sides, which makes large stacks cheap.
    if (step.op === "same") after.grant(held);
    else if (next !== undefined) after.grant(nextGrant(assignment, step, next, old, reading));
  }
}

/** A refresh step has what was known; the step after it, as its old state, has what is. */
function refreshDrift(
  { op, type, urn, before }: PlanStep,
  steps: ReadonlyMap<string, PlanStep>,
  reading: Reading,
): ConditionsChange | undefined {
  if (op !== "refresh" || kindOfType(type) !== "RoleSettings") return undefined;
  const now = steps.get(urn)?.before;
  if (before === undefined || now === undefined || now === before) return undefined;
  return observedDrift(
    readConditions(urn, before, undefined, reading),
    readConditions(urn, now, undefined, reading),
  );
}

function nextGrant(
  kind: AssignmentKind,
  step: PlanStep,
  next: PlanState,
  old: PlanState | undefined,
  reading: Reading,
): Grant {
  const [inputs] = assignmentState(next);
  const outputs = step.op === "replace" || old === undefined ? undefined : assignmentState(old)[1];
  const renews = step.op === "update" && isDue(step);
  return plannedGrant(kind, step.urn, inputs, outputs, { ...reading, renews });
}

/** What changes nothing in the tenant. A step that a newer engine may have is read like an update. */
const OPS_OF_STATE = [
  "read",
  "read-replacement",
  "read-discard",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
];
const OPS_WITHOUT_BEFORE = new Set(["create", "import", ...OPS_OF_STATE]);
const OPS_WITHOUT_AFTER = new Set(["delete", ...OPS_OF_STATE]);

/** An update that no input asks for is a window that ended and is renewed: the handler's only other reason to update. */
function isDue({ before, after }: PlanStep): boolean {
  const inputs = after?.inputs as AssignmentInputs | undefined;
  const mayRenew = inputs?.onExpired === "renew" || hasSecret(inputs?.onExpired);
  return mayRenew && isDeepStrictEqual(before?.inputs, after?.inputs);
}

function readConditions(
  urn: string,
  state: PlanState,
  old: PlanState | undefined,
  reading: Reading,
): Conditions {
  const outputs = (state.outputs ?? old?.outputs) as RoleSettingsOutputs | undefined;
  return conditionsOf(urn, state.inputs as unknown as RoleSettingsInputs, outputs, reading);
}

function assignmentState(state: PlanState): [AssignmentInputs, AssignmentOutputs | undefined] {
  return [
    state.inputs as unknown as AssignmentInputs,
    state.outputs as unknown as AssignmentOutputs | undefined,
  ];
}

/** Grants and conditions by key: a resource that was renamed is one grant, held before and after. */
class ModelBuilder {
  private readonly grants = new Map<string, Grant>();
  private readonly settings = new Map<string, Conditions>();

  /** `isDeclared`: what a program says, and not what a state may say twice after a failed update. */
  constructor(private readonly isDeclared: boolean) {}

  get model(): AccessModel {
    return { grants: [...this.grants.values()], conditions: [...this.settings.values()] };
  }

  /** Of two resources that declare the same neither hides the other. */
  grant(grant: Grant): void {
    const known = this.grants.get(grant.key);
    const isTwice = this.isDeclared && known !== undefined && known.urn !== grant.urn;
    const own = isTwice ? { ...grant, key: grant.urn } : grant;
    this.grants.set(own.key, own);
  }

  conditions(conditions: Conditions): void {
    this.settings.set(conditions.key, conditions);
  }

  /** Settings that are created have observed nothing yet: the tenant, or a baseline, knows what else holds. */
  observe(before: ModelBuilder, facts: LiveFacts | undefined): void {
    for (const [key, conditions] of this.settings) {
      if (before.settings.has(key)) continue;
      const live = liveSettings(conditions, facts);
      if (live !== undefined) this.settings.set(key, withObserved(conditions, live));
    }
  }
}

/** The assignments on either side of a plan. */
function assignmentsIn(steps: readonly PlanStep[]): Partial<AssignmentInputs>[] {
  return steps.flatMap(({ before, after }) =>
    [before, after].map((state) => (state?.inputs ?? {}) as unknown as Partial<AssignmentInputs>),
  );
}

/** The user's own line of a resource: its own, else that of the nearest ancestor that has one. */
function sourceFinder(steps: readonly PlanStep[]): (urn: string) => SourcePosition | undefined {
  const states = new Map<string, PlanState>();
  for (const { urn, before, after } of steps) {
    const state = after ?? before;
    if (state !== undefined) states.set(urn, state);
  }
  return (urn) => {
    let next: string | undefined = urn;
    for (let depth = 0; next !== undefined && depth < 50; depth++) {
      const state = states.get(next);
      if (state?.position !== undefined) return state.position;
      next = state?.parent;
    }
    return undefined;
  };
}
