// A stack on an emulated tenant, driven by the real engine.

import type { EmulatorOptions } from "../../../src/emulator";
import { EmulatedTenant } from "../../emulated/tenant";
import type { Step } from "./events";
import { type OperationResult, type PreviewStep, Project, type StackConfig } from "./project";

/** What a scenario starts from. */
export interface ScenarioOptions {
  readonly emulator?: EmulatorOptions;
  readonly config?: StackConfig;
  /** Further files of the project. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A tenant, a project that manages it, and the clock that both go by. */
export class Scenario {
  static async start({
    emulator = {},
    config = {},
    files = {},
  }: ScenarioOptions = {}): Promise<Scenario> {
    const tenant = await EmulatedTenant.start(emulator);
    const project = await Project.create({
      program: { "index.js": "", ...files },
      config: { ...tenant.config, ...config },
      env: tenant.emulator.env,
    });
    return new Scenario(tenant, project);
  }

  private constructor(
    readonly tenant: EmulatedTenant,
    readonly project: Project,
  ) {}

  /** Replaces the program: the body of a JavaScript module that knows `pulumi`, `pim` and `role`. */
  program(body: string): void {
    this.project.write(programOf(body));
  }

  /** Lets time pass for the service and for the host of further runs. */
  advance(duration: string): void {
    this.tenant.advance(duration);
    this.project.setVariable("ENTRA_PIM_CLOCK_OFFSET", this.tenant.clockOffset);
  }

  /** `pulumi up` without its preview. */
  up(args: readonly string[] = []): Promise<OperationResult> {
    return this.project.up({ args: ["--skip-preview", ...args] });
  }

  destroy(args: readonly string[] = []): Promise<OperationResult> {
    return this.project.destroy({ args: ["--skip-preview", ...args] });
  }

  /** The message of an `up` or another operation that must fail. */
  async refused(
    operation: "up" | "preview" | "refresh" | "destroy" = "up",
    args: readonly string[] = [],
  ): Promise<string> {
    const options = {
      expectFailure: true,
      args: operation === "preview" ? args : ["--skip-preview", ...args],
    };
    const run = {
      up: this.project.up,
      preview: this.project.previewText,
      refresh: this.project.refresh,
      destroy: this.project.destroy,
    };
    const { stdout, stderr } = await run[operation].call(this.project, options);
    return `${stdout}\n${stderr}`;
  }

  /** The resources that a preview would change, with the properties that it names. */
  async plan(args: readonly string[] = ["--refresh"]): Promise<Record<string, string>> {
    const { document } = await this.project.preview({ args });
    const changed = document.steps.filter(({ op }) => op !== "same" && op !== "refresh");
    return Object.fromEntries(
      changed.map((step) => [
        nameOf(step),
        `${step.op} ${(step.diffReasons ?? []).join(" ")}`.trim(),
      ]),
    );
  }

  async close(): Promise<void> {
    await this.tenant.close();
    this.project.remove();
  }
}

/** The steps that changed something, as `op name`, without the stack, providers and what stayed the same. */
export function changesOf({ steps }: { steps: readonly Step[] }): string[] {
  return steps
    .filter(
      ({ op, type }) =>
        op !== "same" && op !== "refresh" && !/^pulumi:(?:pulumi:Stack|providers:)/.test(type),
    )
    .map(({ op, name }) => `${op} ${name}`)
    .sort();
}

/** What our host said under the stack, each line once: the CLI shows it when it comes, and again at the end. */
export function saidIn({ stdout }: { stdout: string }): string[] {
  const mark = "entra-pim: ";
  const lines = stdout.split("\n").filter((line) => line.includes(mark));
  return [...new Set(lines.map((line) => line.slice(line.indexOf(mark) + mark.length).trim()))];
}

export function programOf(body: string): string {
  return `const pulumi = require("@pulumi/pulumi");
const pim = require("pulumi-entra-pim");
const role = pim.EntraRole.ExchangeAdministrator;
const at = { directoryRole: { role } };
const user = (name) => ({ user: name + "@contoso.com" });
const justification = "CHG-1";
${body}
`;
}

function nameOf({ urn }: PreviewStep): string {
  return urn.split("::").at(-1) ?? "";
}
