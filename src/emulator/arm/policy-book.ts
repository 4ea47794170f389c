import { guidOf } from "../ids";
import { defaultRules, type PolicyRules } from "../pim/policy-rules";
import { Collection, type Visibility } from "../store";

/** Whether plain assignments of a role are refused. */
export interface PimOnlyMode {
  /** Whether anybody set it: only then the rule is told of. */
  isSet: boolean;
  mode: "Disabled" | "Enabled" | "ReportOnly";
  excludes: readonly { id: string; type: string }[];
  excludedAssignmentTypes: readonly string[];
  /** Lists of the rule's target, where it was sent. */
  target: Readonly<Record<string, readonly string[] | null>>;
}

/** The settings of one role at one scope. */
export interface ArmPolicy {
  /** Key inside the book; not what the wire shows. */
  readonly id: string;
  readonly scopeId: string;
  readonly roleId: string;
  /** Name on the wire. */
  readonly guid: string;
  readonly rules: PolicyRules;
  readonly pimOnly: PimOnlyMode;
  readonly lastModifiedAt: number | null;
  readonly lastModifiedBy: string | null;
}

/**
 * An untouched policy of an Azure role. No published source has these values (memory: activation 8
 * hours with a justification, eligible 365 days and active 180 days at most, nobody approves): they
 * are those of a fresh group.
 */
const FRESH_RULES = defaultRules("Group");
const NO_PIM_ONLY: PimOnlyMode = {
  isSet: false,
  mode: "Disabled",
  excludes: [],
  excludedAssignmentTypes: [],
  target: {},
};

/** Policies by scope and role: made when first asked for, each scope with its own. */
export class ArmPolicyBook {
  private readonly policies: Collection<ArmPolicy>;
  private reads = 0;

  constructor(
    visibility: Visibility,
    private readonly seed: string,
  ) {
    this.policies = new Collection<ArmPolicy>(visibility, { guid: (policy) => policy.guid });
  }

  /** The policy as the service itself applies it. */
  current(scopeId: string, roleId: string): ArmPolicy {
    const id = `${scopeId} ${roleId}`.toLowerCase();
    return this.policies.get(id) ?? this.policies.put(this.fresh(id, scopeId, roleId), true);
  }

  /** The policy as a reader sees it. */
  read(scopeId: string, roleId: string): ArmPolicy {
    const current = this.current(scopeId, roleId);
    return this.policies.read(current.id) ?? current;
  }

  /** The policy of a guid, as a reader sees it. */
  byGuid(guid: string): ArmPolicy | undefined {
    for (const { value } of this.policies.scan({ key: "guid", value: guid })) {
      if (value.guid === guid.toLowerCase()) return value;
    }
    return undefined;
  }

  replace(policy: ArmPolicy): ArmPolicy {
    return this.policies.put(policy);
  }

  /** Rules in an order that differs from call to call, as the service's does. */
  shuffled<T>(rules: readonly T[]): T[] {
    this.reads += 1;
    const cut = (this.reads * 7) % Math.max(rules.length, 1);
    return [...rules.slice(cut), ...rules.slice(0, cut)];
  }

  private fresh(id: string, scopeId: string, roleId: string): ArmPolicy {
    return {
      id,
      scopeId,
      roleId,
      guid: guidOf(`arm policy ${this.seed} ${id}`),
      rules: FRESH_RULES,
      pimOnly: NO_PIM_ONLY,
      lastModifiedAt: null,
      lastModifiedBy: null,
    };
  }
}
