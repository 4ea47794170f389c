import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ROLES } from "../../emulated/tenant";
import { repositoryRoot } from "../harness/repository";
import { ExampleStage } from "./example-stage";

describe("the root's Pulumi.yaml", function () {
  this.timeout(600_000);

  it("runs examples/new-tenant with its configuration", async () => {
    const on = await ExampleStage.start({
      example: "new-tenant",
      emulator: { groups: 0 },
      people: ["emergency1@contoso.onmicrosoft.com", "emergency2@contoso.onmicrosoft.com"],
      edit: asInTheRepository,
      config: () => ({ otherRoles: "unmanaged" }),
    });
    try {
      await on.up();
      const held = await on.tenant.ends("eligible", ROLES.exchangeAdministrator);
      assert.deepEqual(Object.keys(held), [await on.groupId("Messaging team")]);
      assert.deepEqual(await on.up(), []);
      on.advance("PT10M");
      await on.destroy();
    } finally {
      await on.close();
    }
  });
});

/** Puts the example where it is in the repository, and the root's project above it. */
function asInTheRepository(directory: string): void {
  const example = join(directory, "examples", "new-tenant");
  mkdirSync(example, { recursive: true });
  for (const name of readdirSync(directory)) {
    if (!["examples", "node_modules"].includes(name))
      renameSync(join(directory, name), join(example, name));
  }
  cpSync(join(repositoryRoot, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
}
