import { execFileSync } from "node:child_process";
import { startEmulator } from "../src/emulator";
import { EntraRole } from "../src/model/roles-entra";
import { DynamicHost, type Properties } from "../tests/host/harness";
import { against, type BenchCase, type BenchResult, round } from "./case";
import { time } from "./stack";

export const hostCases: BenchCase[] = [
  { name: "host-10000", run: host10000 },
  { name: "import", run: importTime },
];

const COUNT = 10_000;
/** As many at once as the engine sends on two cores. */
const AT_ONCE = 8;

async function host10000(): Promise<BenchResult> {
  const emulator = await startEmulator({ users: 0, groups: 0 });
  const { tenantId, clientId, clientSecret, graph, arm, authority } = emulator.info;
  const config = {
    "entra-pim:tenantId": tenantId,
    "entra-pim:clientId": clientId,
    "entra-pim:clientSecret": clientSecret,
    "entra-pim:graphEndpoint": graph,
    "entra-pim:armEndpoint": arm,
    "entra-pim:authorityHost": authority,
  };
  const inputs = assignments(
    emulator.control.seed({ users: users(COUNT / 100) }).users.map(({ id }) => String(id)),
    tenantId,
  );
  const creating = await DynamicHost.start({ config });
  const created: { id: string; outs: Properties }[] = [];
  const halves: number[] = [];
  for (const half of [inputs.slice(0, COUNT / 2), inputs.slice(COUNT / 2)]) {
    halves.push(
      await time(() =>
        each(half, async (bag) => created.push(await creating.create("EligibleAssignment", bag))),
      ),
    );
  }
  const createPeak = creating.peakRssMb();
  await creating.close();
  emulator.control.clearRequests();
  const reading = await DynamicHost.start({ config });
  const readSeconds = await time(() =>
    each(created, ({ id, outs }) => reading.read("EligibleAssignment", id, outs)),
  );
  const readPeak = reading.peakRssMb();
  await reading.close();
  const requests = emulator.control.requests().requests.length;
  await emulator.close();
  const [first = 1, second = 1] = halves;
  const peakRssMb = Math.round(Math.max(createPeak, readPeak));
  return {
    name: "host-10000",
    n: COUNT,
    seconds: round(first + second + readSeconds),
    requests,
    peakRssMb,
    detail: [
      against("MB at the peak", 400, peakRssMb),
      against("second half / first half of the creates", 1.3, second / first),
      `create ${round(first + second)} s, read ${round(readSeconds)} s with ${requests} requests`,
    ].join("; "),
  };
}

/** The time above `@pulumi/pulumi` alone: the fastest of several, because everything else on the machine only adds to it. */
async function importTime(): Promise<BenchResult> {
  const loads = Array.from({ length: 15 }, () => loadAfter("@pulumi/pulumi", "pulumi-entra-pim"));
  const above = Math.min(...loads);
  return {
    name: "import",
    n: loads.length,
    seconds: round(above / 1000, 4),
    detail: against("ms above @pulumi/pulumi", 60, above),
  };
}

/** The milliseconds that one module takes in a fresh process that has loaded another. */
function loadAfter(first: string, second: string): number {
  const script = `require(${JSON.stringify(first)});const t=performance.now();require(${JSON.stringify(second)});console.log(performance.now()-t)`;
  return Number(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
}

function users(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    displayName: `Person ${index}`,
    userPrincipalName: `person${index}@bench.example`,
    accountEnabled: true,
    userType: "Member",
  }));
}

function assignments(people: readonly string[], tenantId: string): Properties[] {
  const roles = Object.values(EntraRole).slice(0, 100);
  return roles.flatMap((role) =>
    people.map((user) => ({
      schemaVersion: 1,
      owner: `bench/dev/EligibleAssignment/${role}-${user}`,
      tenantId,
      directoryRole: { role },
      roleDefinitionId: role,
      principal: { user },
      principalId: user,
      expiration: { duration: "P90D" },
      justification: "CHG-1042",
      live: "held",
    })),
  );
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
