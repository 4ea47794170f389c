import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { AzureBuiltInRole } from "../src/model/roles-azure";
import { EntraRole } from "../src/model/roles-entra";
import { PeopleTenant } from "../tests/people/person";
import { against, type BenchCase, type BenchResult, median, round } from "./case";

export const peopleCases: BenchCase[] = [
  { name: "people-eligible-200", run: eligible200 },
  { name: "people-approve-200", run: approve200 },
  { name: "people-approve-200-throttled", run: () => approve200({ writes: 20, seconds: 5 }) },
  { name: "cli-help", run: help },
];

const COUNT = 200;

/** A person with 80 directory roles, 60 sides of groups and 60 Azure roles. */
async function eligible200(): Promise<BenchResult> {
  const people = await PeopleTenant.start({ users: 10 });
  const { control } = people;
  const principalId = await people.at.user("ann");
  const eligible = { kind: "eligible", principalId } as const;
  const active = { kind: "active", principalId } as const;
  for (const role of Object.values(EntraRole).slice(0, 80))
    control.plantSchedule({ ...eligible, roleDefinitionId: role });
  const { groups } = control.seed({
    groups: Array.from({ length: 60 }, (_, index) => ({ displayName: `Group ${index}` })),
  });
  for (const { id } of groups) control.plantSchedule({ ...eligible, groupId: String(id) });
  const scope = await firstSubscription(people);
  for (const role of Object.values(AzureBuiltInRole).slice(0, 60))
    control.plantSchedule({ ...eligible, roleDefinitionId: role, scope });
  // Whoever may read settings sees what each role asks for.
  control.plantSchedule({ ...active, roleDefinitionId: EntraRole.GlobalReader });
  control.plantSchedule({ ...active, roleDefinitionId: AzureBuiltInRole.Reader, scope });
  control.clearRequests();
  const began = performance.now();
  const { json, err } = await people.run("ann", ["eligible", "--json"]);
  const seconds = (performance.now() - began) / 1000;
  const requests = calls(people);
  const rows: { conditions: unknown }[] = json?.eligible ?? [];
  const known = rows.filter(({ conditions }) => conditions !== null).length;
  await people.close();
  if (rows.length !== COUNT) throw new Error(`${rows.length} eligibilities listed: ${err}`);
  return {
    name: "people-eligible-200",
    n: COUNT,
    seconds: round(seconds),
    requests,
    detail: `${against("requests", 12, requests)}; conditions known of ${known}`,
  };
}

/** 200 requests that wait for one approver, decided with one command. */
async function approve200(throttle?: { writes: number; seconds: number }): Promise<BenchResult> {
  const people = await PeopleTenant.start({ users: 0, ...(throttle && { throttle }) });
  const { control } = people;
  const { users } = control.seed({
    users: [...Array.from({ length: COUNT }, (_, index) => `asker${index}`), "bob"].map((name) => ({
      displayName: name,
      userPrincipalName: `${name}@contoso.com`,
      accountEnabled: true,
      userType: "Member",
    })),
  });
  const bob = String(users.at(-1)?.["id"]);
  const role = EntraRole.ExchangeAdministrator;
  control.plantSchedule({
    kind: "active",
    principalId: bob,
    roleDefinitionId: EntraRole.PrivilegedRoleAdministrator,
  });
  for (const { id } of users.slice(0, COUNT)) {
    control.plantPending({
      principalId: String(id),
      roleDefinitionId: role,
      action: "selfActivate",
      justification: "r",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "PT1H" } },
    });
  }
  control.clearRequests();
  const began = performance.now();
  const args = [
    "approve",
    "--role",
    role,
    "--surface",
    "entra",
    "--reason",
    "ok",
    "--yes",
    "--json",
  ];
  const { json, exitCode, err } = await people.run("bob", args);
  const seconds = (performance.now() - began) / 1000;
  const requests = calls(people);
  await people.close();
  const done = (json?.results ?? []).filter(
    ({ result }: { result: string }) => result === "done",
  ).length;
  if (exitCode !== 0 || done !== COUNT) throw new Error(`${done} of ${COUNT} decided: ${err}`);
  return {
    name: throttle === undefined ? "people-approve-200" : "people-approve-200-throttled",
    n: COUNT,
    seconds: round(seconds),
    requests,
    detail: against("requests for each", 1.2, requests / COUNT),
  };
}

/** From the start of Node to the end of the help; pairs with an empty program in turn, because the machine is noisy. */
async function help(): Promise<BenchResult> {
  const cli = join(__dirname, "..", "dist", "cli", "main.js");
  const pairs = Array.from({ length: 15 }, () => [start("-e", "0"), start(cli, "--help")]);
  const whole = median(pairs.map(([, both = 0]) => both));
  const empty = median(pairs.map(([alone = 0]) => alone));
  return {
    name: "cli-help",
    n: pairs.length,
    seconds: round(whole / 1000, 3),
    baselineSeconds: round(empty / 1000, 3),
    ratio: round(whole / empty),
    detail: against("ms to --help", 150, whole),
  };
}

function start(...args: string[]): number {
  const began = performance.now();
  execFileSync(process.execPath, args, { stdio: "ignore" });
  return performance.now() - began;
}

/** Requests to Graph and Azure; a batch is one. */
function calls(people: PeopleTenant): number {
  return people.control
    .requests()
    .requests.filter(({ path }) => !/\/(oauth2|_emulator)\//.test(path)).length;
}

async function firstSubscription(people: PeopleTenant): Promise<string> {
  const { access_token } = await people.control.token({ audience: "arm" });
  const response = await fetch(`${people.at.info.arm}/subscriptions?api-version=2022-12-01`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  const { value } = (await response.json()) as { value: { id: string }[] };
  return value[0]?.id ?? "";
}
