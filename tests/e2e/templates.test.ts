import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type EmulatedTenant, ROLES } from "../emulated/tenant";
import { ExampleStage, subscriptions } from "./examples/example-stage";
import type { StackConfig } from "./harness/project";
import { repositoryRoot } from "./harness/repository";

const templates = join(repositoryRoot, "templates");
const EMERGENCY = ["bg1@contoso.onmicrosoft.com", "bg2@contoso.onmicrosoft.com"];

interface TemplateFile {
  name: string;
  template?: { config?: Record<string, { default?: string }> };
}

/** What a person answers to a template's questions, and what must then be true. */
const answers: Record<
  string,
  {
    config: (tenant: EmulatedTenant) => Promise<StackConfig>;
    holds: (on: ExampleStage) => Promise<void>;
  }
> = {
  "directory-role": {
    config: async () => ({ holder: "ann@contoso.com", approver: "bob@contoso.com" }),
    holds: async (on) => {
      const ann = await on.tenant.user("ann");
      const ends = await on.tenant.ends("eligible", ROLES.exchangeAdministrator);
      assert.deepEqual(Object.keys(ends), [ann]);
    },
  },
  "azure-role": {
    config: async (tenant) => {
      tenant.control.seed({ groups: [{ displayName: "Developers" }] });
      return { holder: "Developers", scope: (await subscriptions(tenant)).development };
    },
    holds: async (on) => {
      const { development } = await subscriptions(on.tenant);
      const group = await on.groupId("Developers");
      const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
      assert.deepEqual(await on.azureRows("Eligibility", development), [`${group} ${contributor}`]);
    },
  },
  bootstrap: {
    config: async () => ({ repository: "contoso/access" }),
    holds: async (on) => {
      const made = await on.list("/applications?$filter=startswith(displayName,'pim ')");
      assert.equal(made.length, 2);
    },
  },
  "new-tenant": {
    config: async (tenant) => {
      tenant.control.seed({
        users: EMERGENCY.map((userPrincipalName) => ({ userPrincipalName })),
      });
      return {
        emergencyAccounts: EMERGENCY.join(", "),
        approvers: "ann@contoso.com, bob@contoso.com",
        alertRecipients: "soc@contoso.com",
      };
    },
    holds: async (on) => {
      const approvers = await on.groupId("PIM approvers");
      const rules = await on.tenant.rules(ROLES.globalAdministrator);
      const stage = rules["Approval_EndUser_Assignment"]?.setting.approvalStages[0];
      assert.equal(stage.primaryApprovers[0].groupId, approvers);
    },
  },
};

describe("templates", function () {
  this.timeout(600_000);

  const names = readdirSync(templates, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it("are all tried", () => {
    assert.deepEqual(names.sort(), Object.keys(answers).sort());
  });

  for (const [name, { config, holds }] of Object.entries(answers)) {
    it(`${name}: pulumi new makes a project that works`, async () => {
      const on = await ExampleStage.start({ example: "quickstart" });
      try {
        await instantiate(on, name);
        const { template } = readProject(join(templates, name, "Pulumi.yaml"));
        const asked = Object.entries(template?.config ?? {});
        const defaults = asked.flatMap(([key, { default: given }]) =>
          given === undefined ? [] : [[key, given] as const],
        );
        const given = await config(on.tenant);
        for (const key of Object.keys(given)) assert.ok(template?.config?.[key], `asks for ${key}`);
        await on.project.setConfig({ ...Object.fromEntries(defaults), ...given });
        await on.up();
        await holds(on);
        assert.deepEqual(await on.up(), []);
        on.advance("PT10M");
        await on.destroy();
      } finally {
        await on.close();
      }
    });
  }
});

/** Puts what `pulumi new` makes of a template in the place of the stage's project. */
async function instantiate({ project }: ExampleStage, name: string): Promise<void> {
  const made = join(project.directory, "..", "made");
  const options = ["--generate-only", "--yes", "--offline", "--name", "my-access", "--dir", made];
  await project.command(["new", join(templates, name), ...options]);
  for (const file of ["Pulumi.yaml", "package.json"]) {
    assert.doesNotMatch(readFileSync(join(made, file), "utf8"), /\$\{/, `${file} is filled in`);
  }
  const { name: given, template } = readProject(join(made, "Pulumi.yaml"));
  assert.deepEqual([given, template], ["my-access", undefined]);
  cpSync(made, project.directory, { recursive: true });
  rmSync(made, { recursive: true });
  // A stack belongs to a project's name; the configuration that leads to the tenant stays.
  await project.command(["stack", "init"]);
}

function readProject(file: string): TemplateFile {
  return parse(readFileSync(file, "utf8")) as TemplateFile;
}
