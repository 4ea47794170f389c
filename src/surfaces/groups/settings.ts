import { isNotFound } from "../../http/errors";
import type { GraphClient } from "../../http/graph";
import type { GroupAccess } from "../../model/constants";
import { type RoleKey, roleText } from "../../model/identity";
import type { PolicyRules } from "../../model/policy-rules";
import {
  policiesPath,
  readPolicy,
  type WirePolicyAssignment,
  writePolicy,
} from "../graph-wire/policies";
import type { LivePolicy, PolicyEntry } from "../surface";
import { type GroupKey, groupOf } from "./assignments";
import type { GroupReads } from "./group-reads";

/** The path of a group's two policies, of its members and of its owners. */
export function groupPoliciesPath(groupId: string): string {
  return policiesPath(`scopeId eq '${groupId}' and scopeType eq 'Group'`);
}

/** The path of the same two without their rules: enough to see whether somebody changed them. */
export function groupPoliciesListPath(groupId: string): string {
  const filter = encodeURIComponent(`scopeId eq '${groupId}' and scopeType eq 'Group'`);
  return `/policies/roleManagementPolicies?$filter=${filter}`;
}

/**
 * The settings of groups' sides. Both policies of a group come in one answer; the one that was not asked for yet is
 * kept until it is asked for or something is written.
 */
export class GroupSettings {
  private readonly spare = new Map<string, LivePolicy | Error>();
  private readonly given = new Set<string>();
  private readonly reading = new Map<string, Promise<PolicyEntry[]>>();

  constructor(
    private readonly graph: GraphClient,
    private readonly reads: GroupReads,
  ) {}

  /** The settings of the roles; undefined where there are none yet: a group's policies appear a while after it. */
  read(roles: readonly RoleKey[]): Promise<(LivePolicy | Error | undefined)[]> {
    return Promise.all(roles.map((role) => this.readOne(groupOf(role))));
  }

  async list(groupIds: readonly string[]): Promise<Map<string, PolicyEntry[]>> {
    const entries = await Promise.all(groupIds.map((groupId) => this.listOne(groupId)));
    return new Map(groupIds.map((groupId, index) => [groupId, entries[index] ?? []]));
  }

  /** Whatever came of it, the ids of the group's policies may be others now. */
  async write(policy: LivePolicy, rules: PolicyRules): Promise<LivePolicy> {
    try {
      return await writePolicy(this.graph, policy, rules);
    } finally {
      this.forget(groupOf(policy.role).groupId);
    }
  }

  /** Every write can give the group's policies other ids: the first one takes the group into PIM. */
  forget(groupId: string): void {
    this.reads.forget(groupId, ["policies"]);
    this.reading.delete(groupId);
    for (const access of ["member", "owner"] as const) {
      const text = roleText({ surface: "groups", groupId, access });
      this.spare.delete(text);
      this.given.delete(text);
    }
  }

  private async readOne(role: GroupKey): Promise<LivePolicy | Error | undefined> {
    const text = roleText(role);
    const kept = this.spare.get(text);
    this.spare.delete(text);
    this.given.add(text);
    if (kept !== undefined) return kept;
    try {
      const entries = await this.readBoth(role.groupId);
      for (const entry of entries) {
        const other = roleText(entry.role);
        if (!this.given.has(other)) this.spare.set(other, entry.policy);
      }
      return entries.find((entry) => roleText(entry.role) === text)?.policy;
    } catch (error) {
      // A group that was made a moment ago is as good as one without policies: it has to be waited for.
      if (isNotFound(error)) return undefined;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Member and owner are often asked for side by side: one answer serves both. */
  private readBoth(groupId: string): Promise<PolicyEntry[]> {
    const known = this.reading.get(groupId);
    if (known !== undefined) return known;
    const entries = this.listOne(groupId);
    const end = () => {
      if (this.reading.get(groupId) === entries) this.reading.delete(groupId);
    };
    entries.then(end, end);
    this.reading.set(groupId, entries);
    return entries;
  }

  private async listOne(groupId: string): Promise<PolicyEntry[]> {
    const page = await this.reads.first("policies", groupId);
    return (page.value as WirePolicyAssignment[]).flatMap((entry) => {
      const access = entry.roleDefinitionId.toLowerCase();
      if (access !== "member" && access !== "owner") return [];
      const role: GroupKey = { surface: "groups", groupId, access: access as GroupAccess };
      return [{ role, policy: readPolicy(role, entry) }];
    });
  }
}
