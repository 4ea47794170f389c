// People of an emulated tenant, each with a sign-in of their own, and the commands as they run them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programFor } from "../../src/cli/main";
import type { Io } from "../../src/cli/people/io";
import type { EmulatorOptions } from "../../src/emulator";
import { type DynamicProvider, dynamicProvider } from "../../src/handlers/provider";
import { resolveCredentials } from "../../src/http/credentials";
import { openConnection } from "../../src/http/open-connection";
import type { Kind } from "../../src/model/kinds";
import { openJournal } from "../../src/tenant/journal";
import { createTenant, guardTokens, type Tenant } from "../../src/tenant/tenant";
import { EmulatedTenant } from "../emulated/tenant";

/** Everything that the guide has a public client registered with. */
export const CLIENT_SCOPES = [
  "RoleEligibilitySchedule.ReadWrite.Directory",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleManagementPolicy.Read.Directory",
  "RoleManagement.Read.Directory",
  "PrivilegedAccess.ReadWrite.AzureAD",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "RoleManagementPolicy.Read.AzureADGroup",
  "User.ReadBasic.All",
  "Group.Read.All",
];

/** What a command came to. */
export interface CommandResult {
  out: string;
  err: string;
  exitCode: number;
  // biome-ignore lint/suspicious/noExplicitAny: documents of every command, read by tests only
  json: any;
}

/** How somebody signs in. */
export interface SignIn {
  mfa?: boolean;
  acrs?: string[];
}

/** A tenant whose people activate and approve. */
export class PeopleTenant {
  static async start(options: EmulatorOptions = {}): Promise<PeopleTenant> {
    const at = await EmulatedTenant.start(options);
    const [client] = at.control.seed({
      applications: [{ displayName: "PIM for people", scopes: CLIENT_SCOPES }],
    }).applications;
    return new PeopleTenant(at, String(client?.["appId"]));
  }

  private readonly folders: string[] = [];

  private constructor(
    readonly at: EmulatedTenant,
    readonly clientId: string,
  ) {}

  get control() {
    return this.at.control;
  }

  async close(): Promise<void> {
    await this.at.close();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }

  /** The configuration of a person's stack. */
  config(): Record<string, string> {
    const { tenantId, graph, arm, authority } = this.at.info;
    return {
      "entra-pim:tenantId": tenantId,
      "entra-pim:clientId": this.clientId,
      "entra-pim:useBrowser": "true",
      "entra-pim:graphEndpoint": graph,
      "entra-pim:armEndpoint": arm,
      "entra-pim:authorityHost": authority,
    };
  }

  /** Seats a person at the browser. */
  seat(name: string, { mfa = true, acrs = [] }: SignIn = {}): void {
    this.control.signIn({ user: `${name}@contoso.com`, mfa, acrs });
  }

  /** Somebody becomes eligible. */
  async makeEligible(name: string, role: string, expiration: object = { type: "noExpiration" }) {
    return this.at.request("eligible", "adminAssign", await this.at.user(name), role, {
      expiration,
    });
  }

  /** Activations of a role need somebody's approval from now on. */
  async requireApproval(role: string, approver: string, change: object = {}): Promise<void> {
    const userId = await this.at.user(approver);
    const stage = {
      approvalStageTimeOutInDays: 1,
      isApproverJustificationRequired: true,
      escalationTimeInMinutes: 0,
      isEscalationEnabled: false,
      escalationApprovers: [],
      primaryApprovers: [{ "@odata.type": "#microsoft.graph.singleUser", userId }],
    };
    await this.at.changeRule(role, "Approval_EndUser_Assignment", {
      setting: {
        isApprovalRequired: true,
        isApprovalRequiredForExtension: false,
        isRequestorJustificationRequired: true,
        approvalMode: "SingleStage",
        approvalStages: [{ ...stage, ...change }],
      },
    });
  }

  /** Runs a command as a person. */
  async run(name: string, args: string[], options: RunOptions = {}): Promise<CommandResult> {
    this.seat(name, options);
    const result: CommandResult = { out: "", err: "", exitCode: 0, json: undefined };
    const { tenantId, graph, arm, authority } = this.at.info;
    const io: Io = {
      env: {
        ENTRA_PIM_TENANT_ID: tenantId,
        ENTRA_PIM_CLIENT_ID: this.clientId,
        ENTRA_PIM_GRAPH_ENDPOINT: graph,
        ENTRA_PIM_ARM_ENDPOINT: arm,
        ENTRA_PIM_AUTHORITY_HOST: authority,
        ENTRA_PIM_SIGN_IN: "browser",
        ENTRA_PIM_TOKEN_CACHE: "off",
        ENTRA_PIM_CLOCK_OFFSET: this.at.clockOffset,
        ...options.env,
      },
      out: (text) => {
        result.out += text;
      },
      err: (text) => {
        result.err += text;
        options.onErr?.(text);
      },
      isTerminal: options.columns !== undefined,
      columns: options.columns ?? 120,
      ...(options.confirm && { confirm: options.confirm }),
      onInterrupt: (handler) => {
        options.interrupt?.(handler);
        return () => undefined;
      },
      setExitCode: (code) => {
        result.exitCode = code;
      },
    };
    await programFor(args, () => io).parseAsync(args, { from: "user" });
    if (args.includes("--json"))
      result.json = result.out === "" ? undefined : JSON.parse(result.out);
    return result;
  }

  /** A run of the engine with a person's sign-in; waiting moves the tenant's clock. */
  host(name: string, options: HostOptions = {}): PersonRun {
    this.seat(name, options);
    const folder = mkdtempSync(join(tmpdir(), "entra-pim-person-"));
    this.folders.push(folder);
    return new PersonRun(this, folder, { ...this.config(), ...options.config }, options.onSleep);
  }
}

/** What a run of a command may be told. */
export interface RunOptions extends SignIn {
  env?: Record<string, string | undefined>;
  confirm?: (question: string) => Promise<boolean>;
  interrupt?: (handler: () => void) => void;
  onErr?: (text: string) => void;
  /** How wide the terminal is. @default - no terminal */
  columns?: number;
}

/** What a run of the engine may be told. */
export interface HostOptions extends SignIn {
  config?: Record<string, string>;
  /** Called in place of waiting, after the clock was moved. */
  onSleep?: () => Promise<void> | void;
}

/** One run of the engine as one person. */
export class PersonRun {
  readonly said: string[] = [];
  private opened: Promise<Tenant> | undefined;

  constructor(
    private readonly people: PeopleTenant,
    private readonly folder: string,
    private readonly config: Record<string, string>,
    private readonly onSleep: () => void | Promise<void> = () => undefined,
  ) {}

  provider(kind: Kind): DynamicProvider {
    return dynamicProvider(kind, () => this.tenant());
  }

  tenant(): Promise<Tenant> {
    this.opened ??= this.open();
    return this.opened;
  }

  private async open(): Promise<Tenant> {
    const { at } = this.people;
    const { settings, problems } = resolveCredentials({
      config: (key) => this.config[key],
      env: {},
    });
    if (settings === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
    const connection = await openConnection(settings, { prompt: (text) => this.said.push(text) });
    return createTenant({
      connection: { ...connection, tokens: guardTokens(connection.tokens, connection.tenantId) },
      clock: {
        now: () => at.now(),
        sleep: async (ms) => {
          at.advance(`PT${Math.max(1, Math.ceil(ms / 1000))}S`);
          await this.onSleep();
        },
      },
      voice: (fact) => this.said.push(fact),
      run: { folder: async () => this.folder, assertAlive: async () => undefined },
      journal: openJournal({ ENTRA_PIM_JOURNAL: "off" }),
      allowLockout: [],
    });
  }
}
