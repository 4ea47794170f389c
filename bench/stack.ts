import { type Emulator, type EmulatorOptions, startEmulator } from "../src/emulator";
import { Project, type StateResource } from "../tests/e2e/harness/project";
import { PeakMemory } from "./peak-memory";

/** The engine rewrites the state at every step of a file backend; without that its own cost does not hide ours. */
const WITHOUT_CHECKPOINTS = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** What a stack of the benchmarks declares. */
export interface Shape {
  /** Object ids and user principal names of the holders. */
  people: readonly { id: string; upn: string }[];
  /** Roles that have settings. */
  settingsOf: readonly string[];
  /** Roles that every person is eligible for. */
  eligibleFor: readonly string[];
}

/** What one run cost. */
export interface Cost {
  seconds: number;
  requests: number;
  subrequests: number;
  peakRssMb: number;
}

/** A stack of ours on an emulator of its own, and the same stack of no-ops. */
export class BenchStack {
  private constructor(
    readonly emulator: Emulator,
    readonly project: Project,
  ) {}

  /** A stack that declares a shape, with the program that turns shapes into resources. */
  static async create(
    options: EmulatorOptions,
    shape: (emulator: Emulator) => unknown,
    program = PROGRAM,
  ): Promise<BenchStack> {
    const emulator = await startEmulator({ users: 0, groups: 0, ...options });
    const { tenantId, clientId, clientSecret, graph, arm, authority } = emulator.info;
    const project = await Project.create({
      program: { "index.js": program, "shape.json": JSON.stringify(shape(emulator)) },
      config: {
        "entra-pim:tenantId": tenantId,
        "entra-pim:clientId": clientId,
        "entra-pim:clientSecret": { secret: clientSecret },
        "entra-pim:graphEndpoint": graph,
        "entra-pim:armEndpoint": arm,
        "entra-pim:authorityHost": authority,
      },
      env: WITHOUT_CHECKPOINTS,
    });
    return new BenchStack(emulator, project);
  }

  /** The same resources with the same inputs, outputs and dependencies, and a provider that does nothing. */
  noOps(): Promise<Project> {
    return noOpsOf(this.project);
  }

  async cost(work: () => Promise<unknown>): Promise<Cost> {
    this.emulator.control.clearRequests();
    const memory = new PeakMemory();
    const seconds = await time(work);
    const peakRssMb = memory.stop();
    const { requests } = this.emulator.control.requests();
    const subrequests = requests.reduce((sum, { batchItems }) => sum + countOf(batchItems), 0);
    return { seconds, requests: requests.length, subrequests, peakRssMb };
  }

  async close(): Promise<void> {
    await this.project.remove();
    await this.emulator.close();
  }
}

/** The dynamic resources of a project with the same inputs, outputs and dependencies, and a provider that does nothing. */
async function noOpsOf(project: Project): Promise<Project> {
  const resources = ((await project.state()).resources ?? []).filter(({ type }) =>
    type.includes("dynamic/"),
  );
  return Project.create({
    program: {
      "index.js": NO_OP_PROGRAM,
      "noop.js": NO_OP_PROVIDER,
      "resources.json": JSON.stringify(resources.map(copyOf)),
    },
    env: WITHOUT_CHECKPOINTS,
  });
}

function countOf(items: unknown): number {
  return Array.isArray(items) ? items.length : Number(items ?? 0);
}

export async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function copyOf({ urn, inputs, outputs, dependencies }: StateResource) {
  const nameOf = (text: string) => text.split("::").slice(3).join("::");
  const { __provider: _in, ...plainInputs } = inputs ?? {};
  const { __provider: _out, ...plainOutputs } = outputs ?? {};
  return {
    name: nameOf(urn),
    inputs: plainInputs,
    outputs: plainOutputs,
    dependencies: (dependencies ?? []).map(nameOf),
  };
}

const PROGRAM = `
const pim = require("pulumi-entra-pim");
const { people, settingsOf, eligibleFor } = require("./shape.json");
const settings = {};
for (const role of settingsOf) {
  settings[role] = new pim.RoleSettings("settings-" + role, {
    directoryRole: { role },
    activation: { maximumDuration: "PT4H", requireMfa: true, requireJustification: true, requireTicket: true, requireApproval: false },
    eligibleAssignment: { allowPermanent: false, maximumDuration: "P180D" },
    activeAssignment: { allowPermanent: false, maximumDuration: "P15D", requireJustification: true },
    notifications: { activation: { admin: { additionalRecipients: ["soc@contoso.com"] } } },
  });
}
for (const role of eligibleFor) {
  for (const [index, { id, upn }] of people.entries()) {
    new pim.EligibleAssignment("eligible-" + role + "-" + id, {
      directoryRole: { role },
      principal: { user: index % 2 === 0 ? id : upn },
      expiration: { duration: "P90D" },
      justification: "CHG-1042",
    }, { dependsOn: settings[role] ? [settings[role]] : [] });
  }
}
`;

const NO_OP_PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const __provider = "exports.handler=function(){return require(process.cwd()+'/noop.js')}";
const made = {};
for (const { name, inputs, outputs, dependencies } of require("./resources.json")) {
  const undeclared = Object.fromEntries(Object.keys(outputs).filter((key) => !(key in inputs)).map((key) => [key, undefined]));
  made[name] = new pulumi.CustomResource("pulumi-nodejs:dynamic/noop:Thing", name, { ...inputs, ...undeclared, noOpName: name, __provider }, { dependsOn: dependencies.map((d) => made[d]) });
}
`;

const NO_OP_PROVIDER = `
const outputs = new Map(require("./resources.json").map((resource) => [resource.name, resource.outputs]));
const outsOf = (inputs) => ({ ...outputs.get(inputs.noOpName), noOpName: inputs.noOpName, __provider: inputs.__provider });
module.exports = {
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.noOpName, outs: outsOf(inputs) }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: outsOf(news) }),
  delete: async () => {},
};
`;
