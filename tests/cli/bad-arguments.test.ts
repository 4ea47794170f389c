// What the binary answers to bad arguments and bad surroundings: one line, the option by its name, the code as documented.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { EmulatedTenant, ROLES } from "../emulated/tenant";
import { PeopleTenant } from "../people/person";

const MAIN = join(process.cwd(), "src", "cli", "main.ts");
const TENANT = "7b1f9f6e-0000-4000-8000-0000000000ff";

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The binary as a shell starts it, with nothing of this machine's own sign-ins. */
function cli(args: string[], env: Record<string, string> = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import=tsx", MAIN, ...args], {
    encoding: "utf8",
    input: "",
    env: { PATH: "", HOME: "/nonexistent", AZURE_CONFIG_DIR: "/nonexistent", ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

const help = "\n(add --help for what there is)\n";
const durations = "expected an ISO 8601 duration such as PT1H or P30D";

describe("the command line with bad arguments", function () {
  this.timeout(60_000);

  const cases: [args: string[], code: number, err: string][] = [
    [["actvate"], 1, `error: unknown command 'actvate'\n(Did you mean activate?)${help}`],
    [["help", "actvate"], 1, `error: unknown command 'actvate'\n(Did you mean activate?)${help}`],
    [
      ["activate", "X", "--fro", "PT1H"],
      1,
      `error: unknown option '--fro'\n(Did you mean --for?)${help}`,
    ],
    [
      ["deny", "x", "--al-from", "a"],
      1,
      `error: unknown option '--al-from'\n(Did you mean --all-from?)${help}`,
    ],
    [["groups", "--jsn"], 1, `error: unknown option '--jsn'\n(Did you mean --json?)${help}`],
    [["activate"], 1, `error: missing required argument 'role'${help}`],
    [["approve", "--reason"], 1, `error: option '--reason <text>' argument missing${help}`],
    [
      ["doctor", "x"],
      1,
      `error: too many arguments for 'doctor'. Expected 0 arguments but got 1.${help}`,
    ],
    [
      ["eligible", "--surface", "entr"],
      1,
      `error: option '--surface <name>' argument 'entr' is invalid. Allowed choices are entra, groups, azure, all.${help}`,
    ],
    [
      ["emulator", "--port", "x"],
      1,
      `error: option '--port <number>' argument 'x' is invalid. expected a whole number${help}`,
    ],
    [["activate", "X", "--for", "2h"], 2, `entra-pim: --for: got "2h", ${durations}\n`],
    [
      ["activate", "X", "--for", "pt1h"],
      2,
      `entra-pim: --for: got "pt1h", ${durations}; write "PT1H"\n`,
    ],
    [["activate", "X", "--timeout", "soon"], 2, `entra-pim: --timeout: got "soon", ${durations}\n`],
    [["deactivate", "X", "--timeout", "1"], 2, `entra-pim: --timeout: got "1", ${durations}\n`],
    [
      ["activate", "X", "--at", "tomorrow"],
      2,
      'entra-pim: --at: got "tomorrow", expected an RFC 3339 instant such as 2027-01-04T08:00:00Z\n',
    ],
    [["approve", "--json"], 2, "entra-pim: say which: ids, --all-from or --role\n"],
    [
      ["eligible", "--tenant", "contoso.com"],
      1,
      'entra-pim: --tenant: got "contoso.com", expected a GUID; the portal shows the tenant id under Overview, a domain name is none\n',
    ],
    [
      ["eligible", "--client-id", "app", "--device-code"],
      1,
      'entra-pim: --client-id: got "app", expected a GUID; tenantId: not set, but the device code from --device-code needs it; set ENTRA_PIM_TENANT_ID or ARM_TENANT_ID\n',
    ],
    [
      ["eligible", "--tenant", TENANT, "--cloud", "mars"],
      1,
      'entra-pim: --cloud: got "mars", expected public, usgovernment, dod, china\n',
    ],
  ];
  for (const [args, code, err] of cases) {
    it(`entra-pim ${args.join(" ")}`, () => {
      assert.deepEqual(cli(args), { code, out: "", err });
    });
  }

  it("names the variable that a value came from", () => {
    const { code, err } = cli(["active"], { ENTRA_PIM_TENANT_ID: "contoso" });
    assert.equal(code, 1);
    assert.match(err, /^entra-pim: ENTRA_PIM_TENANT_ID: got "contoso", expected a GUID/);
  });

  it("says that nobody is signed in, and how to", () => {
    const { code, out, err } = cli(["eligible", "--surface", "entra", "--json"]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(
      err,
      /^entra-pim: no token for Microsoft Graph .*: nothing is signed in: .* a person's by --client-id or ENTRA_PIM_CLIENT_ID\n$/,
    );
    assert.equal(err.split("\n").length, 2, err);
  });

  it("loads nothing for help but what reads arguments", () => {
    const loaded = (args: string[]) =>
      cli(args, { NODE_OPTIONS: `--require=${join(__dirname, "loaded-modules.cjs")}` })
        .err.split("\n")
        .filter(
          (path) =>
            path !== "" &&
            !/\/node_modules\/(?:tsx|esbuild|get-tsconfig|resolve-pkg-maps)\//.test(path),
        );
    for (const path of loaded(["--help"])) {
      assert.match(
        path,
        /\/(?:commander\/|src\/cli\/main\.ts$|package\.json$|loaded-modules\.cjs$)/,
      );
    }
    for (const command of ["activate", "approve", "eligible", "doctor", "groups", "emulator"]) {
      const paths = loaded([command, "--help"]);
      assert.ok(
        paths.some((path) => path.endsWith("src/cli/main.ts")),
        command,
      );
      const heavy = paths.filter((path) =>
        /\/(?:@azure|@microsoft|cli-table3|src\/emulator)\//.test(path),
      );
      assert.deepEqual(heavy, [], command);
    }
  });
});

describe("the command line in bad surroundings", () => {
  let people: PeopleTenant;
  const surface = ["--surface", "entra"];

  before(async () => {
    people = await PeopleTenant.start();
    await people.makeEligible("ann", ROLES.exchangeAdministrator);
    await people.makeEligible("ann", ROLES.privilegedRoleAdministrator);
    await people.requireApproval(ROLES.exchangeAdministrator, "bob");
  });
  after(() => people.close());
  afterEach(() => people.control.clearFaults());

  it("gives up with code 4 while the service throttles for longer than anybody waits", async () => {
    // A tenant of its own: who throttles one call of a process holds back all.
    const busy = await PeopleTenant.start();
    busy.control.fault({ path: "roleEligibilitySchedule", status: 429, retryAfter: 700 });
    for (const args of [["eligible"], ["activate", "x", "--reason", "r"]]) {
      const { exitCode, out, err } = await busy.run("ann", [...args, ...surface, "--json"]);
      assert.deepEqual([exitCode, out], [4, ""], err);
      assert.match(
        err,
        /^entra-pim: .*gave up: the service is throttling \(0 s waited, asks to wait another 700 s\); run again later\n$/,
      );
    }
    await busy.close();
  });

  it("gives up with code 4 where nothing vouches for the service", async () => {
    const tls = await EmulatedTenant.start({ tls: true });
    const env = { ENTRA_PIM_GRAPH_ENDPOINT: tls.info.graph };
    const { exitCode, err } = await people.run("ann", ["eligible", ...surface], { env });
    await tls.close();
    assert.equal(exitCode, 4, err);
    assert.match(err, /set NODE_EXTRA_CA_CERTS to that CA's PEM file/);
  });

  it("names the nearest role", async () => {
    const { exitCode, json } = await people.run("ann", [
      "activate",
      "exchange admin",
      ...surface,
      "--reason",
      "r",
      "--json",
    ]);
    assert.equal(exitCode, 2);
    assert.match(
      json.results[0].message,
      /you are not eligible for it; did you mean "Exchange Administrator"\?/,
    );
  });

  it("cuts no word, and no id, whatever the width", async () => {
    const reason = "a rather long reason that says why this is needed";
    const asked = await people.run("ann", [
      "activate",
      ROLES.exchangeAdministrator,
      ...surface,
      "--reason",
      reason,
      "--json",
    ]);
    const id = String(asked.json.results[0].requestId);
    for (const columns of [40, 60, 80, 200]) {
      for (const [name, command, words] of [
        ["ann", "eligible", ["Exchange", "Privileged", "Administrator"]],
        ["ann", "requests", [id, "ann@contoso.com", "Administrator", "approval"]],
        ["bob", "approvals", [id, "ann@contoso.com", "PT1H", ...reason.split(" ")]],
        ["ann", "doctor", ["Microsoft", "licence"]],
      ] as const) {
        const { out } = await people.run(name, [command, ...surface], {
          columns,
          env: { NO_COLOR: "1" },
        });
        for (const word of words)
          assert.ok(out.split(/\s+/).includes(word), `${command} ${columns}\n${out}`);
        assert.ok(!out.includes("…"), out);
        const isTable = /^(?:WHERE|ID|RESULT) +[A-Z]+ /m.test(out);
        const longest = Math.max(...out.split("\n").map((line) => line.length));
        assert.ok(!isTable || longest <= columns, `${command} ${columns}\n${out}`);
      }
    }
    const wide = await people.run("ann", ["requests", ...surface], { columns: 200 });
    assert.match(wide.out.split("\n")[0] ?? "", /ID.*WHO.*WHAT.*WHERE.*ROLE/);
    const narrow = await people.run("ann", ["requests", ...surface], { columns: 60 });
    assert.ok(narrow.out.split("\n").length > wide.out.split("\n").length * 3, narrow.out);
  });

  it("is coloured on a terminal only, and never under NO_COLOR", async () => {
    const marks = async (options: { columns?: number; env?: Record<string, string> }) =>
      (await people.run("ann", ["eligible", ...surface], options)).out.includes("\u001b[");
    assert.equal(await marks({ columns: 80 }), true);
    assert.equal(await marks({ columns: 80, env: { NO_COLOR: "1" } }), false);
    assert.equal(await marks({ columns: 80, env: { NO_COLOR: "" } }), true);
    assert.equal(await marks({}), false);
  });

  it("prints one JSON document on standard output, also on a terminal and beside problems", async () => {
    people.control.fault({ path: "/subscriptions", status: 403, code: "AuthorizationFailed" });
    for (const [name, command] of [
      ["ann", "eligible"],
      ["ann", "active"],
      ["ann", "requests"],
      ["bob", "approvals"],
      ["ann", "doctor"],
    ] as const) {
      const { out, json } = await people.run(name, [command, "--json"], { columns: 60 });
      assert.equal(typeof json, "object", command);
      assert.ok(out.endsWith("}\n"), out);
    }
  });
});
