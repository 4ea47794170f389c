import type { GuardrailConfig } from "../guardrails";
import type { AccessModel } from "../model/access";
import { NO_NAMES } from "../model/access-names";
import { conditionsOf, plannedGrant, type Reading } from "../model/access-reading";
import { heldTiers } from "../model/held-tiers";
import {
  type AssignmentInputs,
  assignmentKindOf,
  KINDS,
  type Kind,
  type RoleSettingsInputs,
  type RoleSettingsOutputs,
  typeToken,
} from "../model/kinds";
import { plainProps } from "./plain-props";

/** A resource as a policy sees it. */
export interface PolicySubject {
  type: string;
  urn: string;
  props: Readonly<Record<string, unknown>>;
}

const KIND_BY_TYPE: ReadonlyMap<string, Kind> = new Map(
  KINDS.map((kind) => [typeToken(kind), kind]),
);

/** Whether a resource says anything about access. */
export function isAboutAccess({ type }: Pick<PolicySubject, "type">): boolean {
  const kind = KIND_BY_TYPE.get(type);
  return kind === "RoleSettings" || kind === "EligibleAssignment" || kind === "ActiveAssignment";
}

/** Access as resources declare it; a policy never sees what was before. */
export function declaredAccess(
  subjects: readonly PolicySubject[],
  config: GuardrailConfig,
): AccessModel {
  const own = subjects
    .filter(isAboutAccess)
    .map((subject) => ({ ...subject, props: plainProps(subject.props) }));
  const tiers = {
    byId: config.tiers,
    held: heldTiers(
      own.map(({ props }) => props as unknown as Partial<AssignmentInputs>),
      config.tiers,
    ),
  };
  const reading: Reading = { names: NO_NAMES, tiers };
  const model: AccessModel = { grants: [], conditions: [] };
  for (const { type, urn, props } of own) {
    const kind = KIND_BY_TYPE.get(type);
    const assignment = kind === undefined ? undefined : assignmentKindOf(kind);
    if (assignment === undefined) {
      // In a stack policy the properties are outputs, which mirror the inputs and add what is observed.
      const outputs = props as unknown as RoleSettingsOutputs;
      model.conditions.push(
        conditionsOf(urn, props as unknown as RoleSettingsInputs, outputs, reading),
      );
    } else {
      model.grants.push(plannedGrant(assignment, urn, declaredInputs(props), undefined, reading));
    }
  }
  return model;
}

/** Outputs carry the actual start where inputs carry the declared one. */
function declaredInputs(props: Record<string, unknown>): AssignmentInputs {
  const granted = props["granted"] as { declared?: { startsAt?: string } } | undefined;
  if (granted === undefined) return props as unknown as AssignmentInputs;
  const { startsAt: _actual, ...inputs } = props;
  const startsAt = granted.declared?.startsAt;
  return {
    ...inputs,
    ...(startsAt === undefined ? {} : { startsAt }),
  } as unknown as AssignmentInputs;
}
