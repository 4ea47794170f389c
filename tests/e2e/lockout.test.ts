import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ROLES } from "../emulated/tenant";
import { repositoryRoot } from "./harness/repository";
import { changesOf, Scenario } from "./harness/scenario";

const GLOBAL = ROLES.globalAdministrator;

describe("the last two safe administrators, removed in one up", function () {
  this.timeout(300_000);
  let on: Scenario;

  beforeEach(async () => {
    on = await Scenario.start();
    // Whoever seeded the tenant is synchronized from elsewhere: not safe.
    const id = await on.tenant.user("admin");
    on.tenant.control.seed({
      users: [
        {
          id,
          displayName: "admin",
          userPrincipalName: "admin@contoso.com",
          onPremisesSyncEnabled: true,
        },
      ],
    });
  });
  afterEach(() => on.close());

  /** Declares both, then neither; answers how many of them hold the role in the end. */
  async function removeBoth(args: { expectFailure: boolean }) {
    on.program(`
      for (const name of ["ann", "bob"])
        new pim.ActiveAssignment(name, { directoryRole: { role: pim.EntraRole.GlobalAdministrator }, principal: user(name), justification, expiration: { permanent: true } });`);
    await on.up();
    on.advance("PT10M");
    on.program("");
    const removed = await on.project.up({ args: ["--skip-preview"], ...args });
    const people = [await on.tenant.user("ann"), await on.tenant.user("bob")];
    const left = (await on.tenant.rows("active", GLOBAL)).filter(({ principalId }) =>
      people.includes(principalId),
    );
    return { removed, left: left.length };
  }

  it("are not both removed: exactly one is refused", async () => {
    const { removed, left } = await removeBoth({ expectFailure: true });
    assert.equal(left, 1);
    const text = removed.stdout + removed.stderr;
    assert.match(
      text,
      /ActiveAssignment "(ann|bob)": .* active for Global Administrator: not removed: got "\1@contoso.com", expected another enabled, cloud-only member/,
    );
    const { resources = [] } = await on.project.state();
    assert.equal(
      resources.filter(({ type }) => type.includes("dynamic/entra-pim")).length,
      1,
      "the refused one stays in the state",
    );
    const [key = ""] = /"[^"]+\|active"/.exec(text) ?? [];
    await on.project.setConfig({ "entra-pim:allowLockout": JSON.parse(key) as string });
    // What only deletes goes by the configuration that the last up recorded: this one declares something.
    on.program(`new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT2H" } });`);
    assert.equal(changesOf(await on.up()).length, 2);
  });

  it("would both be removed if the guard were taken out", async () => {
    withoutGuard(on.project.directory);
    const { left } = await removeBoth({ expectFailure: false });
    assert.equal(left, 0);
  });
});

/** Gives a project a copy of the package that removes without a look at who is left. */
function withoutGuard(directory: string): void {
  const modules = join(directory, "node_modules");
  unlinkSync(modules);
  mkdirSync(modules);
  const shared = join(repositoryRoot, "node_modules");
  for (const name of readdirSync(shared)) {
    if (!["pulumi-entra-pim", ".bin"].includes(name))
      symlinkSync(join(shared, name), join(modules, name), "junction");
  }
  const copy = join(modules, "pulumi-entra-pim");
  mkdirSync(copy);
  cpSync(join(repositoryRoot, "package.json"), join(copy, "package.json"));
  cpSync(join(repositoryRoot, "dist"), join(copy, "dist"), { recursive: true });
  const guard = join(copy, "dist", "handlers", "assignment-lockout.js");
  const text = readFileSync(guard, "utf8");
  const unguarded = text.replace("return canLock(key) ? guarded(", "return false ? guarded(");
  assert.notEqual(unguarded, text, "the guard is where this test expects it");
  writeFileSync(guard, unguarded);
}
