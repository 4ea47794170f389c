import type { Emulator } from "pulumi-entra-pim/emulator";

/** Another administrator, who works in the portal: plain Graph calls with a person's token. */
export class Portal {
  private constructor(
    private readonly graph: string,
    private readonly token: string,
  ) {}

  static async signIn(emulator: Emulator, user: string): Promise<Portal> {
    const scopes = [
      "RoleManagement.ReadWrite.Directory",
      "RoleManagementPolicy.ReadWrite.Directory",
      "RoleEligibilitySchedule.ReadWrite.Directory",
      "RoleAssignmentSchedule.ReadWrite.Directory",
    ];
    const { access_token: token } = await emulator.control.token({ user, scopes, mfa: true });
    return new Portal(emulator.info.graph, token);
  }

  /** The rules of a directory role, by Microsoft's rule id. */
  async rules(roleDefinitionId: string): Promise<Map<string, Rule>> {
    const { rules } = await this.policy(roleDefinitionId);
    return new Map(rules.map((rule) => [rule.id, rule]));
  }

  async changeRule(
    roleDefinitionId: string,
    ruleId: string,
    change: Record<string, unknown>,
  ): Promise<void> {
    const { id, rules } = await this.policy(roleDefinitionId);
    const rule = rules.find((candidate) => candidate.id === ruleId);
    const { target: _target, ...members } = rule ?? { id: ruleId };
    await this.send("PATCH", `/policies/roleManagementPolicies/${id}/rules/${ruleId}`, {
      ...members,
      ...change,
    });
  }

  async eligibilities(roleDefinitionId: string): Promise<{ principalId: string }[]> {
    const path = `/roleManagement/directory/roleEligibilitySchedules?$filter=roleDefinitionId eq '${roleDefinitionId}'`;
    const page = (await this.send("GET", path)) as { value: { principalId: string }[] };
    return page.value;
  }

  async removeEligibility(roleDefinitionId: string, principalId: string): Promise<void> {
    await this.send("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
      action: "adminRemove",
      principalId,
      roleDefinitionId,
      directoryScopeId: "/",
      justification: "not needed any more",
    });
  }

  private async policy(roleDefinitionId: string): Promise<{ id: string; rules: Rule[] }> {
    const filter = `scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${roleDefinitionId}'`;
    const path = `/policies/roleManagementPolicyAssignments?$filter=${filter}&$expand=policy($expand=rules)`;
    const page = (await this.send("GET", path)) as {
      value: { policy: { id: string; rules: Rule[] } }[];
    };
    const policy = page.value[0]?.policy;
    if (policy === undefined) throw new Error(`no settings for role ${roleDefinitionId}`);
    return policy;
  }

  private async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.graph}/v1.0${encodeURI(path)}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

/** A policy rule on the wire. */
export interface Rule {
  id: string;
  [member: string]: unknown;
}
