import type { Emulator } from "../src/emulator";
import { EntraRole } from "../src/model/roles-entra";
import type { Project } from "../tests/e2e/harness/project";
import { against, type BenchCase, type BenchResult, median, round } from "./case";
import { newTenant } from "./example-cases";
import { BenchStack, type Cost, type Shape, time } from "./stack";

const ROLES = Object.values(EntraRole);

/** How often a pair of runs is repeated; the median of the pairs' ratios counts. */
const PAIRS = 3;

export const engineCases: BenchCase[] = [
  { name: "create-1000", run: create1000 },
  { name: "noop-up-1000", run: noOpUp1000 },
  { name: "refresh-1000", run: refresh1000 },
  { name: "state", run: stateSize },
  { name: "small-in-big", run: smallInBig },
  { name: "create-throttled", run: createThrottled },
  { name: "new-tenant", run: newTenant },
];

/** 100 people, 10 roles, settings of 100 roles. */
function thousand(emulator: Emulator): Shape {
  return {
    people: people(emulator, 100),
    settingsOf: ROLES.slice(0, 100),
    eligibleFor: ROLES.slice(0, 10),
  };
}

async function create1000(): Promise<BenchResult> {
  const stack = await BenchStack.create({ visibilityDelay: "PT5S" }, thousand);
  const cost = await stack.cost(() => stack.project.up({ args: ["--skip-preview"] }));
  const resources = ((await stack.project.state()).resources ?? []).filter(({ type }) =>
    type.includes("dynamic/"),
  );
  const adopted = resources.filter(({ outputs }) => outputs?.adopted === true).length;
  const noOps = await stack.noOps();
  const baseline = await time(() => noOps.up({ args: ["--skip-preview"] }));
  await noOps.remove();
  await stack.close();
  const perResource = cost.requests / resources.length;
  return paired(
    "create-1000",
    resources.length,
    [{ cost, baseline }],
    [
      against("requests per resource", 1.2, perResource),
      against("wall ratio", 1.5, cost.seconds / baseline),
      adopted === 0
        ? "no create answered adopted"
        : `NOT reached: ${adopted} creates answered adopted`,
    ],
  );
}

async function noOpUp1000(): Promise<BenchResult> {
  return onThousand(
    "noop-up-1000",
    (project) => project.up({ args: ["--skip-preview"] }),
    (ratio, requests) => [against("requests", 0, requests), against("wall ratio", 1.15, ratio)],
  );
}

async function refresh1000(): Promise<BenchResult> {
  return onThousand(
    "refresh-1000",
    (project) => project.refresh({ args: ["--skip-preview"] }),
    (ratio, requests) => [against("requests", 25, requests), against("wall ratio", 1.5, ratio)],
  );
}

async function stateSize(): Promise<BenchResult> {
  const stack = await BenchStack.create({}, thousand);
  await stack.project.up({ args: ["--skip-preview"] });
  const resources = (await stack.project.state()).resources ?? [];
  await stack.close();
  const largest = (kind: string) =>
    Math.max(
      ...resources
        .filter(({ type }) => type.endsWith(`:${kind}`))
        .map(({ inputs, outputs }) => sizeOf(inputs) + sizeOf(outputs)),
    );
  const settings = largest("RoleSettings") / 1024;
  const assignment = largest("EligibleAssignment") / 1024;
  return {
    name: "state",
    n: resources.length,
    seconds: 0,
    detail: [
      against("KB per RoleSettings", 3, settings),
      against("KB per assignment", 1.5, assignment),
    ].join("; "),
  };
}

async function smallInBig(): Promise<BenchResult> {
  const stack = await BenchStack.create({ eligible: 0 }, (emulator) => {
    emulator.control.generate({ users: 1000, eligible: 20_000 });
    return { people: people(emulator, 10), settingsOf: [], eligibleFor: ROLES.slice(0, 2) };
  });
  await stack.project.up({ args: ["--skip-preview"] });
  const cost = await stack.cost(() => stack.project.refresh({ args: ["--skip-preview"] }));
  await stack.close();
  return { name: "small-in-big", n: 20, ...cost, detail: against("requests", 25, cost.requests) };
}

async function createThrottled(): Promise<BenchResult> {
  const stack = await BenchStack.create({ throttle: { writes: 20, seconds: 10 } }, (emulator) => ({
    people: people(emulator, 100),
    settingsOf: [],
    eligibleFor: ROLES.slice(0, 3),
  }));
  const ideal = (300 / 20) * 10;
  const cost = await stack.cost(() => stack.project.up({ args: ["--skip-preview"] }));
  const refused = stack.emulator.control
    .requests()
    .requests.filter(({ status }) => status === 429).length;
  await stack.close();
  return {
    name: "create-throttled",
    n: 300,
    ...cost,
    detail: `${against("ideal / measured", 0.9, ideal / cost.seconds, ">=")}; ${refused} answers 429, none surfaced`,
  };
}

/** Repeats an operation on the stack of 1,000 and on its no-ops, in turn. */
async function onThousand(
  name: string,
  operation: (project: Project) => Promise<unknown>,
  goals: (ratio: number, requests: number) => string[],
): Promise<BenchResult> {
  const stack = await BenchStack.create({}, thousand);
  await stack.project.up({ args: ["--skip-preview"] });
  const noOps = await stack.noOps();
  await noOps.up({ args: ["--skip-preview"] });
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const baseline = await time(() => operation(noOps));
    pairs.push({ cost: await stack.cost(() => operation(stack.project)), baseline });
  }
  await noOps.remove();
  await stack.close();
  const requests = Math.max(...pairs.map(({ cost }) => cost.requests));
  return paired(name, 1100, pairs, goals(ratioOf(pairs), requests));
}

interface Pair {
  cost: Cost;
  baseline: number;
}

function ratioOf(pairs: readonly Pair[]): number {
  return median(pairs.map(({ cost, baseline }) => cost.seconds / baseline));
}

function paired(name: string, n: number, pairs: readonly Pair[], goals: string[]): BenchResult {
  return {
    name,
    n,
    seconds: round(median(pairs.map(({ cost }) => cost.seconds))),
    baselineSeconds: round(median(pairs.map(({ baseline }) => baseline))),
    ratio: round(ratioOf(pairs)),
    requests: Math.max(...pairs.map(({ cost }) => cost.requests)),
    subrequests: Math.max(...pairs.map(({ cost }) => cost.subrequests)),
    peakRssMb: Math.max(...pairs.map(({ cost }) => cost.peakRssMb)),
    detail: goals.join("; "),
  };
}

function people(emulator: Emulator, count: number): Shape["people"] {
  const { users } = emulator.control.seed({
    users: Array.from({ length: count }, (_, index) => ({
      displayName: `Person ${index}`,
      userPrincipalName: `person${index}@bench.example`,
      accountEnabled: true,
      userType: "Member",
    })),
  });
  return users.map(({ id, userPrincipalName }) => ({
    id: String(id),
    upn: String(userPrincipalName),
  }));
}

/** Compact JSON, without the provider's text, which every dynamic resource carries. */
function sizeOf(bag: Readonly<Record<string, unknown>> | undefined): number {
  const { __provider: _text, ...rest } = bag ?? {};
  return Buffer.byteLength(JSON.stringify(rest));
}
