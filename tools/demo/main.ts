import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { startEmulator } from "pulumi-entra-pim/emulator";
import { Portal } from "./portal";
import { Stage } from "./stage";

const EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

/** One act: a title, and what must be true at its end. */
type Act = () => Promise<void>;

async function main(parameters: string[]): Promise<number> {
  const emulator = await startEmulator({ tls: true, users: 0 });
  trust(emulator.info.caFile);
  const stage = new Stage("quickstart", emulator);
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
  emulator: Awaited<ReturnType<typeof startEmulator>>,
): Promise<void> {
  let portal: Portal;
  let found: string;
  await act("a fresh tenant", async () => {
    const { users } = emulator.control.seed({
      users: ["ann", "bob", "admin"].map((name) => ({
        displayName: name,
        userPrincipalName: `${name}@contoso.com`,
        accountEnabled: true,
        userType: "Member",
      })),
    });
    const admin = users.find(({ userPrincipalName }) => userPrincipalName === "admin@contoso.com");
    emulator.control.plantSchedule({
      kind: "active",
      principalId: String(admin?.id),
      roleDefinitionId: GLOBAL_ADMINISTRATOR,
    });
    portal = await Portal.signIn(emulator, "admin@contoso.com");
    found = await settings(portal);
    const { tenantId, clientId, clientSecret, graph, arm, authority } = emulator.info;
    await stage.open(
      {
        "entra-pim:tenantId": tenantId,
        "entra-pim:clientId": clientId,
        "entra-pim:graphEndpoint": graph,
        "entra-pim:armEndpoint": arm,
        "entra-pim:authorityHost": authority,
        engineer: "ann@contoso.com",
        approver: "bob@contoso.com",
      },
      { "entra-pim:clientSecret": clientSecret },
    );
    process.stdout.write(`A tenant answers at ${emulator.info.url}; nobody uses PIM in it yet.\n`);
  });
  await act("the program is applied", async () => {
    const { exitCode } = await stage.run(["up", "--yes"]);
    expect(exitCode === 0, "up succeeds");
    expect((await portal.eligibilities(EXCHANGE_ADMINISTRATOR)).length === 1, "ann is eligible");
    expect((await settings(portal)) !== found, "the role's settings are as declared");
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
    process.stdout.write(
      "Another administrator allowed activations of 8 hours, and removed ann.\n",
    );
    const { exitCode, text } = await stage.run(["preview", "--refresh", "--diff"]);
    expect(exitCode === 0, "the preview succeeds");
    expect(
      /maximumDuration: "PT8H" => "PT2H"/.test(text),
      "the preview shows activation.maximumDuration",
    );
    expect(/live\s*: "removed" => "held"/.test(text), "the preview shows that ann was removed");
  });
  await act("up repairs both", async () => {
    const { exitCode } = await stage.run(["up", "--yes", "--refresh", "--skip-preview"]);
    expect(exitCode === 0, "up succeeds");
    expect(
      (await portal.eligibilities(EXCHANGE_ADMINISTRATOR)).length === 1,
      "ann is eligible again",
    );
    const rule = (await portal.rules(EXCHANGE_ADMINISTRATOR)).get("Expiration_EndUser_Assignment");
    expect(rule?.maximumDuration === "PT2H", "activations last two hours again");
  });
  await act("destroy gives back what was found", async () => {
    const { exitCode } = await stage.run(["destroy", "--yes", "--skip-preview"]);
    expect(exitCode === 0, "destroy succeeds");
    expect(
      (await portal.eligibilities(EXCHANGE_ADMINISTRATOR)).length === 0,
      "ann is not eligible any more",
    );
    expect((await settings(portal)) === found, "the settings are as they were found");
    const { mails } = emulator.control.mails();
    process.stdout.write(
      `\nIn a real tenant the service would have sent ${mails.length} mails for all of this.\n`,
    );
  });
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
