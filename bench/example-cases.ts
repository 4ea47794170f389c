import { join } from "node:path";
import { ExampleStage, subscriptions } from "../tests/e2e/examples/example-stage";
import type { StackConfig, StateResource } from "../tests/e2e/harness/project";
import type { EmulatedTenant } from "../tests/emulated/tenant";
import { against, type BenchResult, median, round } from "./case";
import { time } from "./stack";

const EMERGENCY = ["emergency1@contoso.onmicrosoft.com", "emergency2@contoso.onmicrosoft.com"];
const GROUPS = 6;
const PEOPLE = 4;

/** How often it is run, beside the no-ops; the median of the ratios counts. */
const PAIRS = 3;

/** The up of examples/new-tenant with 142 roles' settings and 40 assignments, its groups made through azuread. */
export async function newTenant(): Promise<BenchResult> {
  const runs = [await onNewTenant()];
  const [{ resources }] = runs as [Run];
  const baselines = [await noOpSeconds(resources)];
  while (runs.length < PAIRS) {
    runs.push(await onNewTenant());
    baselines.push(await noOpSeconds(resources));
  }
  const ratio = median(runs.map(({ seconds }, index) => seconds / (baselines[index] ?? 0)));
  const requests = Math.max(...runs.map((run) => run.requests));
  const assignments = resources.filter(({ type }) => type.endsWith("Assignment")).length;
  return {
    name: "new-tenant",
    n: resources.length,
    seconds: round(median(runs.map(({ seconds }) => seconds))),
    baselineSeconds: round(median(baselines)),
    ratio: round(ratio),
    requests,
    detail: [
      against("wall ratio", 1.4, ratio),
      against("requests per resource", 1.2, requests / resources.length),
      `${assignments} assignments; the no-ops run the same program with the same groups`,
      `with checkpoints ${round((await onNewTenant({ PULUMI_SKIP_CHECKPOINTS: "false" })).seconds)} s, once`,
    ].join("; "),
  };
}

/** One up, and what it left. */
interface Run {
  seconds: number;
  /** Ours, tokens included. */
  requests: number;
  resources: StateResource[];
}

async function onNewTenant(environment: Record<string, string> = {}): Promise<Run> {
  const stage = await start(environment);
  const { seconds, requests } = await cost(stage);
  const resources = ((await stage.project.state()).resources ?? []).filter(({ type }) =>
    type.includes("dynamic/"),
  );
  await stage.close();
  return { seconds, requests: requests.ours + requests.tokens, resources };
}

/** The same program on another empty tenant, with a provider of ours that does nothing. */
async function noOpSeconds(resources: readonly StateResource[]): Promise<number> {
  const stage = await start({ NODE_OPTIONS: `--require=${join(__dirname, "no-op-host.cjs")}` });
  stage.project.write({ "resources.json": JSON.stringify(resources) });
  const { seconds, requests } = await cost(stage);
  await stage.close();
  if (requests.ours > 0) throw new Error("the no-ops called the service");
  return seconds;
}

/** An empty tenant with the people, and the example configured for them. */
async function start(environment: Record<string, string>): Promise<ExampleStage> {
  const stage = await ExampleStage.start({
    example: "new-tenant",
    emulator: { groups: 0, keepAnswers: false },
    people: [...EMERGENCY, ...people().map(([, user]) => user)],
    config: async (tenant) => ({
      ...groupMaker(tenant),
      ...configuration((await subscriptions(tenant)).production),
    }),
  });
  for (const [name, value] of Object.entries(environment)) stage.project.setVariable(name, value);
  return stage;
}

/** What an up took. Nobody is known yet where a token is fetched: azuread's is among those. */
async function cost(stage: ExampleStage) {
  const { control } = stage.tenant;
  control.clearRequests();
  const seconds = await time(() => stage.up());
  const { requests } = control.requests();
  const us = (await stage.list("/servicePrincipals?$filter=displayName eq 'Pipeline'"))[0]?.id;
  const by = (who: unknown) => requests.filter(({ caller }) => caller === who).length;
  return { seconds, requests: { ours: by(us), tokens: by(null) } };
}

/** Another application for azuread, so that its requests are told from ours. */
function groupMaker({ control }: EmulatedTenant): StackConfig {
  const permissions = [
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "RoleManagement.ReadWrite.Directory",
  ];
  const secret = "emu~of the groups";
  const [application] = control.seed({
    applications: [{ displayName: "Groups", secret, permissions }],
  }).applications;
  return {
    "azuread:clientId": String(application?.["appId"]),
    "azuread:clientSecret": { secret },
  };
}

function people(): (readonly [string, string])[] {
  return Array.from({ length: GROUPS * PEOPLE }, (_, index) => [
    `p${index}`,
    `person${index}@bench.example`,
  ]);
}

/** 24 members, 2 approvers, 2 emergency accounts, 11 of Entra roles, 1 of an Azure role: 40. */
function configuration(scope: string): Record<string, string> {
  const keys = Array.from({ length: GROUPS }, (_, index) => `team${index}`);
  const teams = keys.map((key, index) => {
    const members = Object.fromEntries(people().slice(index * PEOPLE, (index + 1) * PEOPLE));
    return [key, { displayName: `Team ${index}`, tier: "high", members }];
  });
  const role = (name: string, from: number, to: number) => ({
    role: name,
    teams: keys.slice(from, to),
  });
  const owner = { role: "Contributor", scope, tier: "high", teams: ["team0"] };
  return {
    teams: JSON.stringify(Object.fromEntries(teams)),
    roles: JSON.stringify({
      exchange: role("ExchangeAdministrator", 0, 4),
      groups: role("GroupsAdministrator", 2, 6),
      helpdesk: role("HelpdeskAdministrator", 0, 3),
    }),
    azureRoles: JSON.stringify({ contributor: owner }),
  };
}
