// An emulated tenant as a test sees it: its people, its live rows and rules, and another administrator at work in it.

import type { EmulatorOptions, PlantedSchedule, RequestRecord } from "../../src/emulator";
import { parseDuration } from "../../src/model/duration";
import { startTestTenant, type TestTenant } from "../e2e/harness/emulator";
import { call, sorted } from "./call";

/** Ids of the roles that tests speak of. */
export const ROLES = {
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  privilegedRoleAdministrator: "e8611ab8-c189-46e8-94e1-60213ab1f814",
  exchangeAdministrator: "29232cdf-9323-42fd-ade2-1d097af3e4de",
  helpdeskAdministrator: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
  userAdministrator: "fe930be7-5e62-47db-91af-98c3a49a38b1",
  groupsAdministrator: "fdd7a751-b60b-444a-984c-02652fe8fa1c",
  applicationAdministrator: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
} as const;

/** A schedule as Graph sends it. */
export interface WireRow {
  id: string;
  principalId: string;
  roleDefinitionId: string;
  directoryScopeId: string;
  createdUsing: string | null;
  status: string;
  memberType: string;
  assignmentType?: string;
  scheduleInfo: {
    startDateTime: string;
    expiration: { type: string; endDateTime: string | null };
  } | null;
}

/** A policy rule as Graph sends it. */
export interface WireRule {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: rules of every type, read by tests only
  [member: string]: any;
}

type Kind = "eligible" | "active";

const SCHEDULES = {
  eligible: "roleEligibilitySchedules",
  active: "roleAssignmentSchedules",
} as const;
const REQUESTS = {
  eligible: "roleEligibilityScheduleRequests",
  active: "roleAssignmentScheduleRequests",
} as const;

/** A tenant of ten people (`ann` to `jonas`, and `admin`), with the requests that were made of it. */
export class EmulatedTenant {
  static async start(options: EmulatorOptions = {}): Promise<EmulatedTenant> {
    return new EmulatedTenant(await startTestTenant(options));
  }

  private movedMs = 0;

  private constructor(readonly emulator: TestTenant) {}

  get info() {
    return this.emulator.info;
  }

  get control() {
    return this.emulator.control;
  }

  get config() {
    return this.emulator.config;
  }

  close(): Promise<void> {
    return this.emulator.close();
  }

  /** The tenant's time, in milliseconds. */
  now(): number {
    return Date.parse(this.control.clock().now);
  }

  /** Lets time pass, for the service and for whoever reads `clockOffset` afterwards. */
  advance(duration: string): void {
    this.control.clock({ advance: duration });
    this.movedMs += parseDuration(duration) ?? 0;
  }

  /** How far the tenant's clock is from real time, for `ENTRA_PIM_CLOCK_OFFSET`. */
  get clockOffset(): string {
    return `PT${Math.round(this.movedMs / 1000)}S`;
  }

  /** The object id of one of the people, by the name before the @. */
  async user(name: string): Promise<string> {
    const { id } = (await this.graph("GET", `/users/${name}@contoso.com?$select=id`)) as {
      id: string;
    };
    return id;
  }

  /** The schedules of a role, as they are now. */
  async rows(kind: Kind, role: string): Promise<WireRow[]> {
    const path = `/roleManagement/directory/${SCHEDULES[kind]}?$filter=roleDefinitionId eq '${role}'`;
    return ((await this.graph("GET", path)) as { value: WireRow[] }).value;
  }

  /** The ends of the people who hold a role, by principal id; null for no end. */
  async ends(kind: Kind, role: string): Promise<Record<string, string | null>> {
    const rows = await this.rows(kind, role);
    return Object.fromEntries(
      rows.map((row) => [row.principalId, row.scheduleInfo?.expiration.endDateTime ?? null]),
    );
  }

  /** The rules of a role's settings, by Microsoft's id. */
  async rules(role: string): Promise<Record<string, WireRule>> {
    const { rules } = await this.policy(role);
    return Object.fromEntries(rules.map((rule) => [rule.id, rule]));
  }

  /** The same as one text without what carries no meaning, to compare before and after. */
  async settingsText(role: string): Promise<string> {
    const rules = Object.values(await this.rules(role)).sort((a, b) => a.id.localeCompare(b.id));
    return JSON.stringify(rules.map(sorted));
  }

  /** Another administrator changes one rule in the portal. */
  async changeRule(role: string, ruleId: string, change: Record<string, unknown>): Promise<void> {
    const { id, rules } = await this.policy(role);
    const { target: _target, ...rule } = rules.find((candidate) => candidate.id === ruleId) ?? {
      id: ruleId,
    };
    await this.graph("PATCH", `/policies/roleManagementPolicies/${id}/rules/${ruleId}`, {
      ...rule,
      ...change,
    });
  }

  /** Another administrator sends a request: assigns, updates or removes. */
  async request(
    kind: Kind,
    action: "adminAssign" | "adminUpdate" | "adminRemove",
    who: string,
    role: string,
    more: { scope?: string; expiration?: object; startDateTime?: string } = {},
  ): Promise<{ id: string }> {
    const { scope = "/", expiration = { type: "noExpiration" }, startDateTime } = more;
    const scheduleInfo = { expiration, ...(startDateTime === undefined ? {} : { startDateTime }) };
    return (await this.graph("POST", `/roleManagement/directory/${REQUESTS[kind]}`, {
      action,
      principalId: who,
      roleDefinitionId: role,
      directoryScopeId: scope,
      justification: "by another administrator",
      ...(action === "adminRemove" ? {} : { scheduleInfo }),
    })) as { id: string };
  }

  /** Enters rows that no request of ours made: an activation and a row that comes from a group. */
  plant(row: PlantedSchedule): string {
    return this.control.plantSchedule(row).id;
  }

  /** What was written since the requests were last forgotten, as `METHOD path`; tokens and batches of reads left out. */
  writes(): string[] {
    return this.requests()
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`);
  }

  /** Requests of the pipeline to Graph since they were last forgotten. */
  requests(): RequestRecord[] {
    return this.control
      .requests()
      .requests.filter(
        ({ path, caller }) => /^\/(v1\.0|beta)\//.test(path) && caller !== this.adminId,
      )
      .filter(({ path }) => !path.endsWith("/$batch") && !path.endsWith("/getByIds"));
  }

  forgetRequests(): void {
    this.control.clearRequests();
  }

  private adminId: string | undefined;

  /** Calls Graph as the tenant's administrator. */
  async graph(method: string, path: string, body?: unknown): Promise<unknown> {
    const { access_token: token } = await this.control.token({
      user: "admin@contoso.com",
      mfa: true,
      scopes: ADMIN_SCOPES,
    });
    this.adminId ??= JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())
      .oid as string;
    return call(`${this.info.graph}/v1.0${encodeURI(path)}`, token, method, body);
  }

  private async policy(role: string): Promise<{ id: string; rules: WireRule[] }> {
    const filter = `scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${role}'`;
    const path = `/policies/roleManagementPolicyAssignments?$filter=${filter}&$expand=policy($expand=rules)`;
    const { value } = (await this.graph("GET", path)) as {
      value: { policy: { id: string; rules: WireRule[] } }[];
    };
    const policy = value[0]?.policy;
    if (policy === undefined) throw new Error(`no settings for role ${role}`);
    return policy;
  }
}

const ADMIN_SCOPES = [
  "RoleManagement.ReadWrite.Directory",
  "RoleManagementPolicy.ReadWrite.Directory",
  "RoleEligibilitySchedule.ReadWrite.Directory",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleManagementPolicy.ReadWrite.AzureADGroup",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Directory.ReadWrite.All",
  "User.ReadWrite.All",
];
