import type { Emulator } from "../src/emulator";
import { AzureBuiltInRole } from "../src/model/roles-azure";
import { against, type BenchCase, type BenchResult, median, round } from "./case";
import { BenchStack, type Cost, time } from "./stack";

export const surfaceCases: BenchCase[] = [
  { name: "refresh-groups", run: refreshGroups },
  { name: "refresh-azure", run: refreshAzure },
  { name: "noop-up-mixed", run: noOpUpMixed },
];

/** A resource of ours: its class, its name, its arguments. */
type Declared = [kind: "RoleSettings" | "EligibleAssignment", name: string, args: object];

const PROGRAM = `
const pim = require("pulumi-entra-pim");
for (const [kind, name, args] of require("./shape.json")) new pim[kind](name, args);
`;

const PAIRS = 3;

async function refreshGroups(): Promise<BenchResult> {
  return refreshOf("refresh-groups", (emulator) => onGroups(emulator, 100, 10), 60);
}

async function refreshAzure(): Promise<BenchResult> {
  return refreshOf("refresh-azure", (emulator) => onAzure(emulator, 50, 20), 310);
}

/** 3,000 resources over three surfaces. */
async function noOpUpMixed(): Promise<BenchResult> {
  const shape = (emulator: Emulator) => [
    ...onDirectory(emulator, 100, 9),
    ...onGroups(emulator, 87, 10),
    ...onAzure(emulator, 48, 18),
  ];
  const stack = await BenchStack.create({}, shape, PROGRAM);
  await stack.project.up({ args: ["--skip-preview"] });
  const noOps = await stack.noOps();
  await noOps.up({ args: ["--skip-preview"] });
  const pairs: { cost: Cost; baseline: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const baseline = await time(() => noOps.up({ args: ["--skip-preview"] }));
    const cost = await stack.cost(() => stack.project.up({ args: ["--skip-preview"] }));
    pairs.push({ cost, baseline });
  }
  const n = ((await stack.project.state()).resources ?? []).length;
  await noOps.remove();
  await stack.close();
  const ratio = median(pairs.map(({ cost, baseline }) => cost.seconds / baseline));
  const requests = Math.max(...pairs.map(({ cost }) => cost.requests));
  return {
    name: "noop-up-mixed",
    n,
    seconds: round(median(pairs.map(({ cost }) => cost.seconds))),
    baselineSeconds: round(median(pairs.map(({ baseline }) => baseline))),
    ratio: round(ratio),
    requests,
    detail: [against("wall ratio", 1.15, ratio), against("requests", 0, requests)].join("; "),
  };
}

async function refreshOf(
  name: string,
  shape: (emulator: Emulator) => Declared[],
  limit: number,
): Promise<BenchResult> {
  const stack = await BenchStack.create({}, shape, PROGRAM);
  await stack.project.up({ args: ["--skip-preview"] });
  const n = ((await stack.project.state()).resources ?? []).length;
  const cost = await stack.cost(() => stack.project.refresh({ args: ["--skip-preview"] }));
  const { requests } = stack.emulator.control.requests();
  const reads = requests.map(({ method, path }) => `${method} ${path}`);
  const repeated =
    reads.filter((read) => !read.includes("$batch")).length -
    new Set(reads.filter((read) => !read.includes("$batch"))).size;
  await stack.close();
  return {
    name,
    n,
    ...cost,
    seconds: round(cost.seconds),
    detail: [against("requests", limit, cost.requests), `${repeated} repeated`].join("; "),
  };
}

function onDirectory(emulator: Emulator, people: number, roles: number): Declared[] {
  const ids = users(emulator, "directory", people);
  return ROLES.slice(0, roles).flatMap((role): Declared[] => [
    ["RoleSettings", `settings-${role}`, { directoryRole: { role }, ...SETTINGS }],
    ...ids.map(
      (user): Declared => [
        "EligibleAssignment",
        `${role}-${user}`,
        { directoryRole: { role }, principal: { user }, ...WINDOW },
      ],
    ),
  ]);
}

/** Each group has settings of both sides, and as many eligible members as said. */
function onGroups(emulator: Emulator, count: number, members: number): Declared[] {
  const people = users(emulator, "groups", members);
  const { groups } = emulator.control.seed({
    groups: Array.from({ length: count }, (_, index) => ({
      displayName: `Bench group ${index}`,
      mailNickname: `bench${index}`,
      mailEnabled: false,
      securityEnabled: true,
      groupTypes: [],
    })),
  });
  return groups.flatMap(({ id }): Declared[] => {
    const group = String(id);
    return [
      ...["member", "owner"].map(
        (access): Declared => [
          "RoleSettings",
          `settings-${group}-${access}`,
          { group: { group, access }, ...SETTINGS },
        ],
      ),
      ...people.map(
        (user): Declared => [
          "EligibleAssignment",
          `${group}-${user}`,
          { group: { group, access: "member" }, principal: { user }, ...WINDOW },
        ],
      ),
    ];
  });
}

/** Each scope has settings of four roles, and as many eligible people as said, spread over them. */
function onAzure(emulator: Emulator, scopes: number, assignments: number): Declared[] {
  const people = users(emulator, "azure", assignments);
  const subscription = "11111111-2222-4333-8444-555555555555";
  const ids = Array.from(
    { length: scopes },
    (_, index) => `/subscriptions/${subscription}/resourceGroups/bench-${index}`,
  );
  emulator.control.seed({ scopes: ids.map((id) => ({ id })) });
  const roles = [
    AzureBuiltInRole.Owner,
    AzureBuiltInRole.Contributor,
    AzureBuiltInRole.Reader,
    AzureBuiltInRole.UserAccessAdministrator,
  ];
  return ids.flatMap((scope, index): Declared[] => [
    ...roles.map(
      (role): Declared => [
        "RoleSettings",
        `settings-${index}-${role}`,
        { azureRole: { role, scope }, ...SETTINGS },
      ],
    ),
    ...people.map(
      (user, person): Declared => [
        "EligibleAssignment",
        `azure-${index}-${user}`,
        {
          azureRole: { role: roles[person % roles.length], scope },
          principal: { user },
          ...WINDOW,
        },
      ],
    ),
  ]);
}

const SETTINGS = {
  activation: { maximumDuration: "PT4H", requireJustification: true },
  eligibleAssignment: { allowPermanent: false, maximumDuration: "P180D" },
};
const WINDOW = { expiration: { duration: "P90D" }, justification: "CHG-1042" };

const ROLES = [
  "29232cdf-9323-42fd-ade2-1d097af3e4de",
  "729827e3-9c14-49f7-bb1b-9608f156bbb8",
  "fe930be7-5e62-47db-91af-98c3a49a38b1",
  "fdd7a751-b60b-444a-984c-02652fe8fa1c",
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
  "69091246-20e8-4a56-aa4d-066075b2a7a8",
  "194ae4cb-b126-40b2-bd5b-6091b380977d",
  "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f",
];

function users(emulator: Emulator, prefix: string, count: number): string[] {
  return emulator.control
    .seed({
      users: Array.from({ length: count }, (_, index) => ({
        displayName: `${prefix} ${index}`,
        userPrincipalName: `${prefix}${index}@bench.example`,
        accountEnabled: true,
        userType: "Member",
      })),
    })
    .users.map(({ id }) => String(id));
}
