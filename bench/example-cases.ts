import { ExampleStage, subscriptions } from "../tests/e2e/examples/example-stage";
import type { StackConfig } from "../tests/e2e/harness/project";
import type { EmulatedTenant } from "../tests/emulated/tenant";
import { against, type BenchResult, round } from "./case";
import { noOpsOf, time } from "./stack";

const EMERGENCY = ["emergency1@contoso.onmicrosoft.com", "emergency2@contoso.onmicrosoft.com"];
const GROUPS = 6;
const PEOPLE = 4;

/** The up of examples/new-tenant with 142 roles' settings and 40 assignments, its groups made through azuread. */
export async function newTenant(): Promise<BenchResult> {
  const stage = await ExampleStage.start({
    example: "new-tenant",
    emulator: { groups: 0 },
    people: [...EMERGENCY, ...people().map(([, user]) => user)],
    config: async (tenant) => ({
      ...groupMaker(tenant),
      ...configuration((await subscriptions(tenant)).production),
    }),
  });
  const { control } = stage.tenant;
  control.clearRequests();
  const seconds = await time(() => stage.up());
  const ours = (await stage.list("/servicePrincipals?$filter=displayName eq 'Pipeline'"))[0]?.id;
  const requests = control.requests().requests.filter(({ caller }) => caller === ours);
  const resources = ((await stage.project.state()).resources ?? []).filter(({ type }) =>
    type.includes("dynamic/"),
  );
  const noOps = await noOpsOf(stage.project);
  const baseline = await time(() => noOps.up({ args: ["--skip-preview"] }));
  const assignments = resources.filter(({ type }) => type.endsWith("Assignment")).length;
  noOps.remove();
  await stage.close();
  return {
    name: "new-tenant",
    n: resources.length,
    seconds: round(seconds),
    baselineSeconds: round(baseline),
    ratio: round(seconds / baseline),
    requests: requests.length,
    detail: [
      against("wall ratio", 1.4, seconds / baseline),
      against("requests per resource", 1.2, requests.length / resources.length),
      `${assignments} assignments; requests of ours, azuread's are not counted; the no-ops leave out groups, components and TypeScript`,
    ].join("; "),
  };
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
