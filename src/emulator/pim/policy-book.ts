import { guidOf } from "../ids";
import { Collection, type Visibility } from "../store";
import { defaultRules, type PolicyRules, type PolicyScopeType } from "./policy-rules";

/** The settings of one role: of a directory role (scope "/"), or of a group's members or owners. */
export interface Policy {
  /** Key inside the book; not what the wire shows. */
  readonly id: string;
  readonly scopeType: PolicyScopeType;
  readonly scopeId: string;
  /** Role template id, or `member` | `owner`. */
  readonly roleKey: string;
  /** Last part of the wire id. */
  readonly guid: string;
  readonly rules: PolicyRules;
  readonly lastModifiedAt: number | null;
  readonly lastModifiedBy: string | null;
}

/** All policies of a tenant: made when first asked for, replaced whole by each write. */
export class PolicyBook {
  private readonly policies: Collection<Policy>;
  private readonly poisoned = new Set<string>();

  constructor(
    visibility: Visibility,
    private readonly seed: string,
  ) {
    this.policies = new Collection<Policy>(visibility, { guid: (policy) => policy.guid });
  }

  /** The policy as the service itself applies it. */
  current(scopeType: PolicyScopeType, scopeId: string, roleKey: string): Policy {
    const id = keyOf(scopeType, scopeId, roleKey);
    return (
      this.policies.get(id) ?? this.policies.put(this.fresh(id, scopeType, scopeId, roleKey), true)
    );
  }

  /** The policy as a reader sees it. */
  read(scopeType: PolicyScopeType, scopeId: string, roleKey: string): Policy {
    const current = this.current(scopeType, scopeId, roleKey);
    return this.policies.read(current.id) ?? current;
  }

  /** The policy of a guid, as a reader sees it. */
  byGuid(guid: string): Policy | undefined {
    for (const { value } of this.policies.scan({ key: "guid", value: guid })) {
      if (value.guid === guid.toLowerCase()) return value;
    }
    return undefined;
  }

  replace(policy: Policy): Policy {
    return this.policies.put(policy);
  }

  /** Makes a role's expanded policy answer 500, as a portal edit of its definition once did. */
  poison(policy: Policy, isPoisoned = true): void {
    if (isPoisoned) this.poisoned.add(policy.id);
    else this.poisoned.delete(policy.id);
  }

  isPoisoned(policy: Policy): boolean {
    return this.poisoned.has(policy.id);
  }

  private fresh(id: string, scopeType: PolicyScopeType, scopeId: string, roleKey: string): Policy {
    return {
      id,
      scopeType,
      scopeId,
      roleKey,
      guid: guidOf(`policy ${this.seed} ${id}`),
      rules: defaultRules(scopeType),
      lastModifiedAt: null,
      lastModifiedBy: null,
    };
  }
}

function keyOf(scopeType: PolicyScopeType, scopeId: string, roleKey: string): string {
  return `${scopeType} ${scopeId} ${roleKey}`.toLowerCase();
}
