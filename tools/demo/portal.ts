import { randomUUID } from "node:crypto";
import type { Emulator } from "pulumi-entra-pim/emulator";

/** Azure's Owner. */
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/** Another administrator, who works in the portal: plain Graph calls with a person's token. */
export class Portal {
  private constructor(
    private readonly graph: string,
    private readonly token: string,
    private readonly arm: string,
    private readonly armToken: string,
  ) {}

  static async signIn(emulator: Emulator, user: string): Promise<Portal> {
    const scopes = [
      "RoleManagement.ReadWrite.Directory",
      "RoleManagementPolicy.ReadWrite.Directory",
      "RoleEligibilitySchedule.ReadWrite.Directory",
      "RoleAssignmentSchedule.ReadWrite.Directory",
      "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
      "Directory.Read.All",
    ];
    const { access_token: token } = await emulator.control.token({ user, scopes, mfa: true });
    const { access_token: armToken } = await emulator.control.token({ audience: "arm" });
    return new Portal(emulator.info.graph, token, emulator.info.arm, armToken);
  }

  /** The ARM id of a subscription by its name. */
  async subscription(displayName: string): Promise<string> {
    const page = (await this.sendArm("GET", "/subscriptions?api-version=2022-12-01")) as {
      value: { id: string; displayName: string }[];
    };
    return page.value.find((found) => found.displayName === displayName)?.id ?? "";
  }

  /** Who may activate Owner of a scope itself. */
  async azureOwners(scope: string): Promise<string[]> {
    const path = `${scope}/providers/Microsoft.Authorization/roleEligibilitySchedules?api-version=2020-10-01`;
    const page = (await this.sendArm("GET", path)) as {
      value: { properties: { principalId: string; roleDefinitionId: string; scope: string } }[];
    };
    return page.value
      .map(({ properties }) => properties)
      .filter((row) => row.scope === scope && row.roleDefinitionId.endsWith(OWNER))
      .map(({ principalId }) => principalId);
  }

  async removeAzureOwner(scope: string): Promise<void> {
    const [principalId] = await this.azureOwners(scope);
    const at = `${scope}/providers/Microsoft.Authorization`;
    const properties = {
      principalId,
      roleDefinitionId: `${at}/roleDefinitions/${OWNER}`,
      requestType: "AdminRemove",
    };
    const path = `${at}/roleEligibilityScheduleRequests/${randomUUID()}?api-version=2020-10-01`;
    await this.sendArm("PUT", path, { properties });
  }

  /** How many hold a directory role without end, and without activating it. */
  async permanent(roleDefinitionId: string): Promise<number> {
    const path = `/roleManagement/directory/roleAssignmentSchedules?$filter=roleDefinitionId eq '${roleDefinitionId}'`;
    const page = (await this.send("GET", path)) as {
      value: { assignmentType: string; scheduleInfo: { expiration: { type: string } } | null }[];
    };
    const isPermanent = ({ assignmentType, scheduleInfo }: (typeof page.value)[number]) =>
      assignmentType === "Assigned" &&
      (scheduleInfo?.expiration.type ?? "noExpiration") === "noExpiration";
    return page.value.filter(isPermanent).length;
  }

  /** Whether a person holds a role now. */
  async holds(roleDefinitionId: string, user: string): Promise<boolean> {
    const { id } = (await this.send("GET", `/users/${user}?$select=id`)) as { id: string };
    const filter = `roleDefinitionId eq '${roleDefinitionId}' and principalId eq '${id}'`;
    const path = `/roleManagement/directory/roleAssignmentScheduleInstances?$filter=${filter}`;
    return ((await this.send("GET", path)) as { value: unknown[] }).value.length > 0;
  }

  /** Who is in a group, by the name that they sign in with. */
  async members(group: string): Promise<string[]> {
    const id = await this.groupId(group);
    const page = (await this.send("GET", `/groups/${id}/members?$select=userPrincipalName`)) as {
      value: { userPrincipalName: string }[];
    };
    return page.value.map(({ userPrincipalName }) => userPrincipalName);
  }

  async removeMember(group: string, user: string): Promise<void> {
    const { id } = (await this.send("GET", `/users/${user}?$select=id`)) as { id: string };
    await this.send(
      "POST",
      "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests",
      {
        action: "adminRemove",
        accessId: "member",
        groupId: await this.groupId(group),
        principalId: id,
        justification: "not needed any more",
      },
    );
  }

  private async groupId(displayName: string): Promise<string> {
    const page = (await this.send("GET", `/groups?$filter=displayName eq '${displayName}'`)) as {
      value: { id: string }[];
    };
    return page.value[0]?.id ?? "";
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

  private send(method: string, path: string, body?: unknown): Promise<unknown> {
    return call(`${this.graph}/v1.0`, this.token, method, path, body);
  }

  private sendArm(method: string, path: string, body?: unknown): Promise<unknown> {
    return call(this.arm, this.armToken, method, path, body);
  }
}

async function call(
  base: string,
  token: string,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const response = await fetch(`${base}${encodeURI(path)}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** A policy rule on the wire. */
export interface Rule {
  id: string;
  [member: string]: unknown;
}
