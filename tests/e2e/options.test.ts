import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROLES } from "../emulated/tenant";
import type { StateResource } from "./harness/project";
import { changesOf, Scenario, saidIn } from "./harness/scenario";

const role = ROLES.exchangeAdministrator;

describe("Pulumi's own options", function () {
  this.timeout(300_000);
  let on: Scenario;
  let ann: string;

  beforeEach(async () => {
    on = await Scenario.start();
    ann = await on.tenant.user("ann");
  });
  afterEach(() => on.close());

  const eligible = (name: string, who: string, more = "", options = "{}") =>
    `new pim.EligibleAssignment("${name}", { ...at, principal: user("${who}"), justification, expiration: { duration: "P90D" }, ${more} }, ${options});`;
  const holders = async () =>
    (await on.tenant.rows("eligible", role)).map(({ principalId }) => principalId).sort();

  it("protect, retainOnDelete, ignoreChanges and --target mean what they mean everywhere", async () => {
    const settings = (options: string) =>
      `new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT2H", requireTicket: true } }, ${options});`;
    on.program(
      settings(`{ ignoreChanges: ["activation.maximumDuration"] }`) +
        eligible("kept", "ann", "", "{ retainOnDelete: true }") +
        eligible("safe", "bob", "", "{ protect: true }") +
        eligible("window", "carla", "", `{ ignoreChanges: ["expiration"] }`),
    );
    await on.up();
    await on.tenant.changeRule(role, "Expiration_EndUser_Assignment", { maximumDuration: "PT4H" });
    await on.tenant.request("eligible", "adminUpdate", await on.tenant.user("carla"), role, {
      expiration: { type: "afterDuration", duration: "P5D" },
    });
    assert.deepEqual(await on.plan(), {});
    await on.tenant.changeRule(role, "Enablement_EndUser_Assignment", {
      enabledRules: ["Justification", "MultiFactorAuthentication"],
    });
    assert.deepEqual(await on.plan(), { s: "update activation" });
    assert.match(await on.refused("destroy"), /protected/);
    assert.equal((await holders()).length >= 2, true);

    on.program(
      eligible("safe", "bob", `onDelete: "keep",`, "{ protect: false }") + eligible("new", "david"),
    );
    const state = (await on.project.state()).resources ?? [];
    const urn = state.find(({ urn: text }) => text.endsWith("::safe"))?.urn ?? "";
    const targeted = await on.up(["--target", urn]);
    assert.deepEqual(changesOf(targeted), ["update safe"]);
    await on.destroy();
    assert.deepEqual(await holders(), [ann, await on.tenant.user("bob")].sort());
  });

  it("replaceOnChanges, deletedWith and a targeted delete too", async () => {
    const on90 = (options: string) => eligible("ann", "ann", "", options);
    on.program(on90(`{ replaceOnChanges: ["expiration"] }`));
    await on.up();
    on.program(on90(`{ replaceOnChanges: ["expiration"] }`).replace("P90D", "P30D"));
    on.tenant.forgetRequests();
    const replaced = await on.up();
    assert.equal(replaced.changes.replace, 1);
    assert.equal(on.tenant.writes().length, 1, "its window is changed; nobody loses anything");
    assert.deepEqual(await holders(), [ann]);
    assert.deepEqual(await on.plan(), {});

    on.program(
      on90(`{ replaceOnChanges: ["expiration"] }`).replace("P90D", "P30D") +
        `const keeper = new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT2H" } });` +
        eligible("bob", "bob", "", "{ deletedWith: keeper }"),
    );
    await on.up();
    on.program(on90("{}").replace("P90D", "P30D"));
    await on.up();
    const bob = await on.tenant.user("bob");
    assert.deepEqual(
      await holders(),
      [ann, bob].sort(),
      "Pulumi was told that it goes with the settings",
    );

    on.program(on90("{}").replace("P90D", "P30D").replace('"ann", {', '"renamed", {'));
    const { resources = [] } = await on.project.state();
    const old = resources.find(({ urn }) => urn.endsWith("::ann"))?.urn ?? "";
    const targeted = await on.up(["--target", old]);
    assert.deepEqual(changesOf(targeted), ["delete ann"]);
    assert.deepEqual(await holders(), [bob], "as the guide says");
    assert.deepEqual(changesOf(await on.up()), ["create renamed"]);
    assert.deepEqual(await holders(), [ann, bob].sort());
  });

  it("a saved plan is what happens; the clock is no part of it", async () => {
    on.program(
      eligible("ann", "ann") +
        `new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT2H" } });`,
    );
    const plan = join(on.project.directory, "plan.json");
    await on.project.previewText({ args: ["--save-plan", plan] });
    on.advance("PT1H");
    await on.up(["--plan", plan]);
    assert.deepEqual(await holders(), [ann]);
    on.program(
      eligible("ann", "ann", `onExpired: "renew",`) +
        `new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT3H" } });`,
    );
    on.advance("P95D");
    await on.project.previewText({ args: ["--save-plan", plan] });
    assert.deepEqual(changesOf(await on.up(["--plan", plan])), ["update ann", "update s"]);
    assert.deepEqual(await holders(), [ann]);
  });

  it("a preview knows what is known, while other resources are still to be made", async () => {
    const files = {
      "later.js": `
        const pulumi = require("@pulumi/pulumi");
        exports.Later = class extends pulumi.CustomResource {
          constructor(name, value) {
            super("pulumi-nodejs:dynamic/test:Later", name, { made: undefined, value, __provider: "exports.handler=()=>({check:async(o,n)=>({inputs:n}),diff:async()=>({}),create:async(i)=>({id:'1',outs:{...i,made:i.value}}),update:async(i,o,n)=>({outs:{...n,made:n.value}}),delete:async()=>{}})" });
          }
        };`,
    };
    on.project.write(files);
    const body = (value: string) => `
      const { made } = new (require("./later").Later)("later", "${value}");
      new pim.DirectoryRole("exchange", {
        role,
        settings: { eligibleAssignment: { allowPermanent: false, maximumDuration: pulumi.output(made).apply(() => "P30D") } },
        eligibleAssignments: { ann: { principal: { user: made }, justification, expiration: { duration: "P20D" } } },
      });`;
    on.program(body("ann@contoso.com"));
    const { document } = await on.project.preview();
    const step = document.steps.find(({ urn }) => urn.endsWith("eligible/ann"));
    assert.equal(step?.op, "create");
    const made = await on.up();
    assert.equal(changesOf(made).length, 4);
    assert.deepEqual(await holders(), [ann]);
    on.program(body("bob@contoso.com"));
    const before = await on.tenant.rows("eligible", role);
    const replaced = await on.project.up();
    assert.ok(
      changesOf(replaced).includes("create-replacement exchange/eligible/ann"),
      changesOf(replaced).join(),
    );
    assert.deepEqual(await holders(), [await on.tenant.user("bob")]);
    assert.equal(before.length, 1);
    on.program(body("bob@contoso.com").replace('"P30D"', '"P10D"').replace("P20D", "P19D"));
    assert.match(
      await on.refused("up"),
      /expiration.duration: got "P19D", expected at most P10D: eligibleAssignment.maximumDuration in the settings declared for this role/,
    );
  });

  it("an import file takes a tenant over with nothing to change", async () => {
    on.program(
      eligible("ann", "ann") +
        `new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT2H" } });`,
    );
    await on.up();
    const { resources = [] } = await on.project.state();
    const entries = resources
      .filter(({ type }) => type.includes("dynamic/entra-pim"))
      .map(({ type, urn, id, inputs, outputs }) => ({
        type,
        name: urn.split("::").at(-1),
        id,
        inputs,
        outputs,
      }));
    const other = await on.project.anotherStack("imported", on.tenant.config);
    const file = join(on.project.directory, "import.json");
    writeFileSync(file, JSON.stringify({ resources: entries }));
    await other.command([
      "import",
      "-f",
      file,
      "--generate-code=false",
      "--protect=false",
      "--yes",
    ]);
    on.tenant.forgetRequests();
    assert.deepEqual((await other.preview({ args: ["--refresh"] })).changes, {
      create: 0,
      update: 0,
      same: 3,
      delete: 0,
      replace: 0,
    });
    assert.deepEqual(on.tenant.writes(), []);
  });

  it("secrets reach neither state nor output", async () => {
    on.program(eligible("ann", "ann", `ticket: { number: pulumi.secret("TICKET-1") },`));
    const { stdout, stderr } = await on.project.up();
    const secret = on.tenant.info.clientSecret;
    const exported = (await on.project.command(["stack", "export"])).stdout;
    for (const text of [stdout, stderr, exported]) {
      assert.ok(!text.includes(secret));
      assert.ok(!/eyJ[\w-]{10,}\./.test(text), "no token");
    }
    assert.ok(!exported.includes("TICKET-1"));
    await on.project.setConfig({ "entra-pim:clientSecret": { secret: "wrong~secret" } });
    on.program(eligible("bob", "bob"));
    const refused = await on.refused("preview");
    assert.match(refused, /checking EligibleAssignment "bob": .*AADSTS7000215/);
    assert.ok(!refused.includes("wrong~secret"));
  });

  it("what is made of a secret argument is a secret as well", async () => {
    const body = (of: string) =>
      eligible("ann", "ann").replace('user("ann")', `{ user: ${of}("ann@contoso.com") }`) +
      `new pim.RoleSettings("s", { ...at, activation: { requireApproval: true, approvers: [{ user: ${of}("bob@contoso.com") }] } });`;
    const bob = await on.tenant.user("bob");
    const exported = async () => {
      const { stdout } = await on.project.command(["stack", "export"]);
      const { resources } = (JSON.parse(stdout) as { deployment: { resources: StateResource[] } })
        .deployment;
      const named = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`));
      return { text: stdout, ann: named("ann"), settings: named("s") };
    };
    const isEncrypted = (value: unknown) =>
      typeof (value as { ciphertext?: string } | undefined)?.ciphertext === "string";
    on.program(body("pulumi.secret"));
    await on.project.up();
    for (const operation of ["up", "refresh"] as const) {
      if (operation === "refresh") await on.project.refresh();
      const { text, ann: row, settings } = await exported();
      for (const side of [row?.inputs, row?.outputs])
        assert.ok(isEncrypted(side?.principalId) && isEncrypted(side?.principalName), operation);
      assert.ok(
        isEncrypted(settings?.inputs?.approverIds) && isEncrypted(settings?.outputs?.written),
      );
      // The object id of who holds it is a part of the resource's id, which cannot be secret.
      for (const plain of ["ann@contoso.com", "bob@contoso.com", bob])
        assert.ok(!text.includes(plain), plain);
    }
    assert.deepEqual(await on.plan(), {});
    on.program(body(""));
    on.tenant.forgetRequests();
    assert.deepEqual(changesOf(await on.up()), ["update ann", "update s"]);
    assert.deepEqual(on.tenant.writes(), []);
    const { ann: open } = await exported();
    assert.equal(open?.outputs?.principalName, "ann@contoso.com");
  });

  it("a failure in the middle is finished by the next up", async () => {
    on.program(
      ["ann", "bob", "carla", "david"].map((name) => eligible(name, name)).join("") +
        `new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT2H" } });`,
    );
    on.tenant.control.fault({
      method: "POST",
      path: "roleEligibilityScheduleRequests",
      status: 403,
      code: "Authorization_RequestDenied",
      skip: 2,
    });
    const refused = await on.refused("up");
    assert.match(
      refused,
      /creating EligibleAssignment ".*": .*403 Authorization_RequestDenied.*; .*Privileged Role Administrator/,
    );
    on.tenant.control.clearFaults();
    const finished = await on.up();
    assert.equal(saidIn(finished).length, 0);
    assert.equal((await holders()).length, 4);
    assert.deepEqual(await on.plan(), {});
    const requests = on.tenant.writes().filter((write) => write.includes("ScheduleRequests"));
    assert.ok(requests.length <= 8, `${requests.length}`);
  });
});
