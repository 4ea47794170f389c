// An example on an emulated tenant: the real CLI, the stand-ins of the native plugins, and an administrator who looks.

import { randomUUID } from "node:crypto";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { EmulatorOptions } from "../../../src/emulator";
import { call, sorted } from "../../emulated/call";
import { EmulatedTenant } from "../../emulated/tenant";
import { type OperationResult, Project, type StackConfig } from "../harness/project";
import { repositoryRoot } from "../harness/repository";
import { changesOf } from "../harness/scenario";

/** Where the stand-ins of the native plugins are. */
export const nativePlugins = join(repositoryRoot, "tests", "native", "bin");

/** Something that Graph or Azure Resource Manager sends. */
export type Item = Record<string, unknown> & { id: string };

/** What an example starts from. */
export interface StageOptions {
  readonly example: string;
  /** Stack, whose committed `Pulumi.<stack>.yaml` is used. @default "contoso" */
  readonly stack?: string;
  readonly emulator?: EmulatorOptions;
  /** People besides those of the emulator, by the name that they sign in with. */
  readonly people?: readonly string[];
  /** Configuration over the committed one, made when the tenant is there. */
  readonly config?: (tenant: EmulatedTenant) => StackConfig | Promise<StackConfig>;
  /** How the stack reaches the tenant. @default - our resources and both native plugins by one application */
  readonly connection?: (tenant: EmulatedTenant) => StackConfig | Promise<StackConfig>;
  /** Changes the project before it is used. */
  readonly edit?: (directory: string, tenant: EmulatedTenant) => void;
}

/** The engine rewrites the state at every step; what it then keeps of a killed run matters to other tests. */
const QUICK = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** A tenant over TLS, as the real plugins want it, with an example's stack. */
export class ExampleStage {
  static async start(options: StageOptions): Promise<ExampleStage> {
    const tenant = await EmulatedTenant.start({ tls: true, ...options.emulator });
    trust(tenant.info.caFile);
    seedPeople(tenant, options.people ?? []);
    const project = await Project.create({
      example: options.example,
      stack: options.stack ?? "contoso",
      env: { ...tenant.emulator.env, ...QUICK, PATH: await pathWithPlugins() },
    });
    installAzureNative(project);
    options.edit?.(project.directory, tenant);
    const { connection: reach = connection } = options;
    await project.setConfig({ ...(await reach(tenant)), ...(await options.config?.(tenant)) });
    return new ExampleStage(tenant, project);
  }

  private constructor(
    readonly tenant: EmulatedTenant,
    readonly project: Project,
  ) {}

  /** Runs `up`; answers what it changed, as `op name`. */
  async up(args: readonly string[] = ["--skip-preview"]): Promise<string[]> {
    return changesOf(await this.project.up({ args }));
  }

  /** What an `up` would change, with the properties that it names. */
  async drift(): Promise<Record<string, string>> {
    const { document } = await this.project.preview({ refresh: true });
    const changed = document.steps.filter(({ op }) => op !== "same" && op !== "refresh");
    return Object.fromEntries(
      changed.map(({ urn, op, diffReasons = [] }) => [
        urn.split("::").at(-1) ?? "",
        [op, ...diffReasons].join(" "),
      ]),
    );
  }

  destroy(): Promise<OperationResult> {
    return this.project.destroy({ args: ["--skip-preview"] });
  }

  /** Lets time pass for the service and for further runs. */
  advance(duration: string): void {
    this.tenant.advance(duration);
    this.project.setVariable("ENTRA_PIM_CLOCK_OFFSET", this.tenant.clockOffset);
  }

  /** What an administrator sees in Graph. */
  async list(path: string): Promise<Item[]> {
    return ((await this.tenant.graph("GET", path)) as { value: Item[] }).value;
  }

  /** The id of a group by its name; undefined when there is none. */
  async groupId(displayName: string): Promise<string | undefined> {
    const [group] = await this.list(`/groups?$filter=displayName eq '${displayName}'`);
    return group?.id;
  }

  /** Calls Azure Resource Manager as an administrator. */
  arm(method: string, path: string, body?: unknown): Promise<unknown> {
    return arm(this.tenant, method, path, body);
  }

  /** Eligible or active rows of an Azure scope itself, as `principalId roleGuid`. */
  async azureRows(kind: "Eligibility" | "Assignment", scope: string): Promise<string[]> {
    const path = `${scope}/providers/Microsoft.Authorization/role${kind}Schedules?api-version=2020-10-01`;
    const { value } = (await this.arm("GET", path)) as {
      value: { properties: { principalId: string; roleDefinitionId: string; scope: string } }[];
    };
    return value
      .map(({ properties }) => properties)
      .filter((row) => row.scope.toLowerCase() === scope.toLowerCase())
      .map((row) => `${row.principalId} ${row.roleDefinitionId.split("/").at(-1)}`)
      .sort();
  }

  /** Another administrator removes an assignment of an Azure role. */
  async removeAzure(
    kind: "Eligibility" | "Assignment",
    scope: string,
    principalId: string,
    role: string,
  ): Promise<void> {
    const path = `${scope}/providers/Microsoft.Authorization/role${kind}ScheduleRequests/${randomUUID()}?api-version=2020-10-01`;
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const properties = { principalId, roleDefinitionId, requestType: "AdminRemove" };
    await this.arm("PUT", path, { properties });
  }

  /** How long an activation of an Azure role may last. */
  async azureMaximum(scope: string, role: string): Promise<unknown> {
    const { rules } = await this.azurePolicy(scope, role);
    return rules.find(({ id }) => id === "Expiration_EndUser_Assignment")?.["maximumDuration"];
  }

  /** Another administrator lets activations of an Azure role last longer. */
  async allowLonger(scope: string, role: string, maximumDuration: string): Promise<void> {
    const { id, rules } = await this.azurePolicy(scope, role);
    const changed = rules.map((rule) =>
      rule.id === "Expiration_EndUser_Assignment" ? { ...rule, maximumDuration } : rule,
    );
    const path = `${id}?api-version=2020-10-01`;
    await this.arm("PATCH", path, { properties: { rules: changed } });
  }

  /** Another administrator takes somebody out of a group under PIM. */
  async removeMember(
    groupId: string,
    principalId: string,
    kind: "assignment" | "eligibility" = "assignment",
  ): Promise<void> {
    await this.tenant.graph("POST", `${GROUP_PIM}/${kind}ScheduleRequests`, {
      action: "adminRemove",
      accessId: "member",
      groupId,
      principalId,
      justification: "by another administrator",
    });
  }

  /** Who may become, or is, a member or owner of a group, as `principalId access`. */
  async groupRows(kind: "assignment" | "eligibility", groupId: string): Promise<string[]> {
    const path = `${GROUP_PIM}/${kind}Schedules?$filter=groupId eq '${groupId}'`;
    const rows = await this.list(path);
    return rows.map(({ principalId, accessId }) => `${principalId} ${accessId}`).sort();
  }

  /** The rules of one side of a group as a text, to compare before and after. */
  async groupSettings(groupId: string, access: "member" | "owner"): Promise<string> {
    const { rules } = await this.groupPolicy(groupId, access);
    return JSON.stringify([...rules].sort((a, b) => a.id.localeCompare(b.id)).map(sorted));
  }

  /** Another administrator changes one rule of one side of a group. */
  async changeGroupRule(
    groupId: string,
    access: "member" | "owner",
    ruleId: string,
    change: Record<string, unknown>,
  ): Promise<void> {
    const { id, rules } = await this.groupPolicy(groupId, access);
    const { target: _target, ...rule } = rules.find((one) => one.id === ruleId) ?? { id: ruleId };
    const path = `/policies/roleManagementPolicies/${id}/rules/${ruleId}`;
    await this.tenant.graph("PATCH", path, { ...rule, ...change });
  }

  async close(): Promise<void> {
    await this.tenant.close();
    this.project.remove();
  }

  private async groupPolicy(
    groupId: string,
    access: string,
  ): Promise<{ id: string; rules: Item[] }> {
    const filter = `scopeId eq '${groupId}' and scopeType eq 'Group' and roleDefinitionId eq '${access}'`;
    const expand = "$expand=policy($expand=rules)";
    const path = `/policies/roleManagementPolicyAssignments?$filter=${filter}&${expand}`;
    const [row] = await this.list(path);
    return row?.["policy"] as { id: string; rules: Item[] };
  }

  private async azurePolicy(scope: string, role: string): Promise<{ id: string; rules: Item[] }> {
    const at = `${scope}/providers/Microsoft.Authorization`;
    const filter = `$filter=roleDefinitionId eq '${at}/roleDefinitions/${role}'`;
    const path = `${at}/roleManagementPolicyAssignments?api-version=2020-10-01&${filter}`;
    const { value } = (await this.arm("GET", path)) as {
      value: { properties: { policyId: string } }[];
    };
    const id = value[0]?.properties.policyId ?? "";
    const { properties } = (await this.arm("GET", `${id}?api-version=2020-10-01`)) as {
      properties: { rules: Item[] };
    };
    return { id, rules: properties.rules };
  }
}

const GROUP_PIM = "/identityGovernance/privilegedAccess/group";

/** The configuration by which our resources and both native plugins reach a tenant. */
export async function connection(tenant: EmulatedTenant): Promise<StackConfig> {
  const { info } = tenant;
  const { production } = await subscriptions(tenant);
  const subscription = production.split("/").at(-1) ?? "";
  const native = (name: string): StackConfig => ({
    [`${name}:metadataHost`]: new URL(info.url).host,
    [`${name}:tenantId`]: info.tenantId,
    [`${name}:clientId`]: info.clientId,
    [`${name}:clientSecret`]: { secret: info.clientSecret },
  });
  return {
    ...native("entra-pim"),
    ...native("azuread"),
    ...native("azure-native"),
    "azure-native:subscriptionId": subscription,
  };
}

/** Lets this process trust a throw-away certificate authority. */
export function trust(caFile: string | undefined): void {
  if (caFile === undefined) return;
  const known = getCACertificates("default");
  setDefaultCACertificates([...known, readFileSync(caFile, "utf8")]);
}

/** The engine's PATH with the stand-ins on it. */
export async function pathWithPlugins(): Promise<string> {
  const { taskEnvironment } = await import("../../../tools/environment.mjs");
  const { findOrGetEngine } = await import("../../../tools/engine/index.mjs");
  const { PATH = "" } = taskEnvironment(await findOrGetEngine()) as { PATH?: string };
  return [nativePlugins, PATH].join(delimiter);
}

/** Calls Azure Resource Manager as an application that may do everything there. */
export async function arm(
  { control, info }: EmulatedTenant,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { access_token: token } = await control.token({ audience: "arm" });
  return call(`${info.arm}${encodeURI(path)}`, token, method, body);
}

/** The ARM ids of the emulator's two subscriptions. */
export async function subscriptions(
  tenant: EmulatedTenant,
): Promise<{ production: string; development: string }> {
  const { value } = (await arm(tenant, "GET", "/subscriptions?api-version=2022-12-01")) as {
    value: { id: string; displayName: string }[];
  };
  const idOf = (name: string) => value.find(({ displayName }) => displayName === name)?.id ?? "";
  return { production: idOf("Production"), development: idOf("Development") };
}

/** The package of azure-native is too big to install for tests: one that has what examples use stands in its place. */
function installAzureNative({ directory }: Project): void {
  const packages = join(repositoryRoot, "tests", "native", "packages");
  const beside = join(dirname(directory), "node_modules");
  cpSync(packages, beside, { recursive: true });
  const pulumi = join("@pulumi", "pulumi");
  symlinkSync(join(repositoryRoot, "node_modules", pulumi), join(beside, pulumi), "junction");
}

function seedPeople(tenant: EmulatedTenant, names: readonly string[]): void {
  tenant.control.seed({
    users: names.map((userPrincipalName) => ({
      displayName: userPrincipalName.split("@")[0],
      userPrincipalName,
    })),
  });
}

/** Replaces text in a file of a project. */
export function replaceIn(file: string, from: string | RegExp, to: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
}
