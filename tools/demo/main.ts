import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type Emulator, startEmulator } from "pulumi-entra-pim/emulator";
import { playPeople } from "./people-act";
import { Portal } from "./portal";
import { playPreview } from "./preview-act";
import { Stage } from "./stage";

const EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

const EMERGENCY = ["emergency1@contoso.onmicrosoft.com", "emergency2@contoso.onmicrosoft.com"];

/** One act: a title, and what must be true at its end. */
type Act = () => Promise<void>;

async function main(parameters: string[]): Promise<number> {
  const emulator = await startEmulator({ tls: true, users: 0, groups: 0 });
  trust(emulator.info.caFile);
  const stage = new Stage("new-tenant", "contoso", emulator);
  const keep = parameters.includes("--keep");
  let acts = 0;
  const act = async (title: string, play: Act) => {
    acts += 1;
    process.stdout.write(`\n── Act ${acts}: ${title}\n`);
    await play();
  };
  try {
    await tell(act, stage, emulator);
    process.stdout.write(`\nAll ${acts} acts ended as told.\n`);
    if (keep) await stayOpen(stage, emulator.info.url);
    return 0;
  } catch (error) {
    process.stdout.write(
      `\nAct ${acts} did not end as told: ${error instanceof Error ? `${error.message} ${error.cause ?? ""}` : error}\n`,
    );
    return 1;
  } finally {
    if (!keep) stage.close();
    await emulator.close();
  }
}

async function tell(
  act: (title: string, play: Act) => Promise<void>,
  stage: Stage,
  emulator: Emulator,
): Promise<void> {
  let portal: Portal;
  let found: string;
  let subscription: string;
  await act("a fresh tenant", async () => {
    seedPeople(emulator);
    portal = await Portal.signIn(emulator, "admin@contoso.com");
    found = await settings(portal);
    subscription = await portal.subscription("Production");
    await stage.open(
      { ...reach(emulator), ...(await tenantOf(subscription)) },
      {
        "entra-pim:clientSecret": emulator.info.clientSecret,
        "azuread:clientSecret": emulator.info.clientSecret,
      },
    );
    say(`A tenant answers at ${emulator.info.url}; nobody uses PIM in it yet.`);
    say(
      "The program is examples/new-tenant. To keep this short it leaves the Entra roles alone that",
    );
    say("nobody is named for; without otherRoles=unmanaged it sets up all 142.");
  });
  await act("one up: Entra roles, groups and Azure roles", async () => {
    const { exitCode } = await stage.run(["up", "--yes", "--skip-preview"]);
    expect(exitCode === 0, "up succeeds");
    await expectHeld(portal, subscription);
    expect((await settings(portal)) !== found, "Exchange Administrator has the profile's settings");
    const emergency = await portal.permanent(GLOBAL_ADMINISTRATOR);
    expect(emergency >= 2, "two emergency accounts are Global Administrator without end");
    const deciding = await portal.members("PIM approvers");
    expect(deciding.length === 2, "two people of the new group PIM approvers can decide");
  });
  await act("a second up has nothing to do", async () => {
    const { exitCode, text } = await stage.run(["up", "--yes", "--skip-preview"]);
    expect(
      exitCode === 0 &&
        /\d+ unchanged/.test(text) &&
        !/\d+ (to )?(updated?|created?|replaced?)/.test(text),
      "nothing changes",
    );
  });
  await act("somebody changes things in the portal", async () => {
    await portal.changeRule(EXCHANGE_ADMINISTRATOR, "Expiration_EndUser_Assignment", {
      maximumDuration: "PT8H",
    });
    const [row] = await portal.eligibilities(EXCHANGE_ADMINISTRATOR);
    await portal.removeEligibility(EXCHANGE_ADMINISTRATOR, row?.principalId ?? "");
    say("Another administrator lets Exchange Administrators be active for 8 hours, and takes the");
    say("role from the messaging team;");
    await portal.removeAzureOwner(subscription);
    say("takes Owner of the subscription from the platform team;");
    stage.moveClock(emulator.control.clock({ advance: "PT10M" }).now);
    await portal.removeMember("Platform team", "frank@contoso.com");
    say("and frank from the platform team.");
    const { exitCode, text } = await stage.run(["preview", "--refresh", "--diff"]);
    expect(exitCode === 0, "the preview succeeds");
    expect(/maximumDuration: "PT8H" => "PT2H"/.test(text), "the preview shows 8 hours => 2 hours");
    const removed = text.match(/live\s*: "removed" => "held"/g)?.length ?? 0;
    expect(removed === 3, "the preview shows the three that were removed");
  });
  await act("up repairs all of it", async () => {
    const { exitCode } = await stage.run(["up", "--yes", "--refresh", "--skip-preview"]);
    expect(exitCode === 0, "up succeeds");
    await expectHeld(portal, subscription);
    const rule = (await portal.rules(EXCHANGE_ADMINISTRATOR)).get("Expiration_EndUser_Assignment");
    expect(rule?.maximumDuration === "PT2H", "activations last two hours again");
    const team = await portal.members("Platform team");
    expect(team.includes("frank@contoso.com"), "frank is in the platform team again");
  });
  await act("a person activates a role, another approves", async () => {
    await playPeople({
      emulator,
      requester: "ann@contoso.com",
      approver: "bob@contoso.com",
      role: "Global Administrator",
      isActive: () => portal.holds(GLOBAL_ADMINISTRATOR, "ann@contoso.com"),
      moveClock: (now) => stage.moveClock(now),
      seesDrift: async () => {
        const { text } = await stage.run(["preview", "--refresh"]);
        return /\d+ to (update|create|delete|replace)/.test(text);
      },
      say,
      expect,
    });
  });
  await act("a pull request", () =>
    playPreview({
      stage,
      breakGlass: EMERGENCY,
      say,
      expect,
    }),
  );
  await act("destroy gives back what was found", async () => {
    stage.moveClock(emulator.control.clock({ advance: "PT10M" }).now);
    const { exitCode } = await stage.run(["destroy", "--yes", "--skip-preview"]);
    expect(exitCode === 0, "destroy succeeds");
    expect(
      (await portal.eligibilities(EXCHANGE_ADMINISTRATOR)).length === 0,
      "nobody is eligible for Exchange Administrator any more",
    );
    expect((await portal.azureOwners(subscription)).length === 0, "nor for Owner in Azure");
    expect((await settings(portal)) === found, "the settings are as they were found");
    const emergency = await portal.permanent(GLOBAL_ADMINISTRATOR);
    expect(emergency >= 2, "the emergency accounts keep their role: only a person takes it away");
    const { mails } = emulator.control.mails();
    say(`\nIn a real tenant the service would have sent ${mails.length} mails for all of this.`);
  });
}

/** What the program declares, on each surface. */
async function expectHeld(portal: Portal, subscription: string): Promise<void> {
  const teams = await portal.eligibilities(EXCHANGE_ADMINISTRATOR);
  expect(teams.length === 1, "Entra role: the messaging team may activate Exchange Administrator");
  const members = await portal.members("Platform team");
  expect(members.includes("eva@contoso.com"), "group: eva is in the platform team, for 90 days");
  const owners = await portal.azureOwners(subscription);
  expect(owners.length === 1, "Azure role: the platform team may activate Owner");
}

function seedPeople({ control }: Emulator): void {
  const names = ["ann", "bob", "carla", "david", "eva", "frank"];
  control.seed({
    users: [...names.map((name) => `${name}@contoso.com`), ...EMERGENCY].map(
      (userPrincipalName) => ({
        displayName: userPrincipalName.split("@")[0],
        userPrincipalName,
      }),
    ),
  });
}

/** How our resources and azuread reach the tenant. */
function reach({ info }: Emulator): Record<string, string> {
  const host = new URL(info.url).host;
  return Object.fromEntries(
    ["entra-pim", "azuread"].flatMap((name) => [
      [`${name}:metadataHost`, host],
      [`${name}:tenantId`, info.tenantId],
      [`${name}:clientId`, info.clientId],
    ]),
  );
}

/** What differs from the example's own configuration. */
async function tenantOf(subscription: string): Promise<Record<string, string>> {
  const owner = { role: "Owner", scope: subscription, tier: "critical", teams: ["platform"] };
  return { otherRoles: "unmanaged", azureRoles: JSON.stringify({ production: owner }) };
}

/** All rules of the role as one text, to compare before and after. */
async function settings(portal: Portal): Promise<string> {
  const rules = [...(await portal.rules(EXCHANGE_ADMINISTRATOR)).entries()].sort(([a], [b]) =>
    a.localeCompare(b),
  );
  return JSON.stringify(rules.map(([id, rule]) => [id, sorted(rule)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value === null ? "" : value;
  const entries = Object.entries(value).filter(([key]) => !key.includes("@odata.context"));
  return Object.fromEntries(
    entries.sort(([a], [b]) => a.localeCompare(b)).map(([key, inner]) => [key, sorted(inner)]),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected that ${what}`);
  process.stdout.write(`✓ ${what}\n`);
}

/** Lets the portal's own calls trust the tenant's throw-away certificate authority. */
function trust(caFile: string | undefined): void {
  if (caFile !== undefined)
    setDefaultCACertificates([...getCACertificates(), readFileSync(caFile, "utf8")]);
}

/** Leaves tenant and stack standing until somebody ends the program. */
async function stayOpen(stage: Stage, url: string): Promise<void> {
  process.stdout.write(
    `\nThe tenant stays open at ${url}. In another terminal:\n\n${stage.directions()}\n\nCtrl-C ends it.\n`,
  );
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
