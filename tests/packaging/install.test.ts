// Programs that get the package in the ways teams do. The engine's host resolves `pulumi-entra-pim/host` from
// the program's directory: either that works, or the error says what to change.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../e2e/harness/repository";
import { DynamicHost } from "../host/harness";
import { packPackage, runNpm, type Tarball } from "./tarball";

const pnpm = "pnpm@10.34.8";
const quickly = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
const program = `const pim = require("pulumi-entra-pim"); if (!pim.DirectoryRole) throw new Error("no DirectoryRole");`;
const { version } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
  version: string;
};
const { version: sdkVersion } = JSON.parse(
  readFileSync(join(repositoryRoot, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
) as { version: string };

describe("a program that installs the package", function () {
  this.timeout(180_000);
  let tarball: Tarball;
  let sdk: Record<string, string>;
  let direct: Record<string, string>;

  before(async () => {
    tarball = await packPackage();
    sdk = { "@pulumi/pulumi": sdkVersion };
    direct = { ...sdk, "pulumi-entra-pim": `file:${tarball.file}` };
  });
  after(() => tarball.remove());

  it("works with npm", async () => {
    const project = write("npm", { "package.json": { dependencies: direct }, "index.js": program });
    await runNpm(["install", ...quickly], project);
    await assertLoads(project);
    await assertAnswers(project);
  });

  it("works in a workspace of npm", async () => {
    const root = write("workspace", {
      "package.json": { workspaces: ["stacks/*"] },
      "stacks/prod/package.json": { name: "prod", dependencies: direct },
      "stacks/prod/index.js": program,
    });
    await runNpm(["install", ...quickly], root);
    await assertLoads(join(root, "stacks", "prod"));
    await assertAnswers(join(root, "stacks", "prod"));
  });

  it("works with pnpm, which lets a package see its own dependencies only", async () => {
    const project = write("pnpm", {
      "package.json": { dependencies: direct },
      "index.js": program,
    });
    await installWithPnpm(project);
    await assertLoads(project);
    await assertAnswers(project);
  });

  it("works with npm through a team's own package", async () => {
    const project = write("team-npm", teamProject());
    await runNpm(["install", ...quickly], project);
    await assertLoads(project);
    await assertAnswers(project);
  });

  it("rejects with pnpm through a team's own package, and says what to do", async () => {
    const project = write("team-pnpm", teamProject());
    await installWithPnpm(project);
    await assertLoads(project);
    await assert.rejects(
      check(project),
      /pulumi-entra-pim must be a direct dependency of this Pulumi project/,
    );
  });

  /** A program that uses the package through one of its team, which is all it depends on. */
  function teamProject(): Record<string, unknown> {
    const overrides = { "pulumi-entra-pim": `file:${tarball.file}` };
    return {
      "package.json": {
        dependencies: { ...sdk, "team-pim": "file:./team-pim" },
        overrides,
        pnpm: { overrides },
      },
      "team-pim/package.json": {
        name: "team-pim",
        version: "1.0.0",
        dependencies: { "pulumi-entra-pim": version },
        peerDependencies: { "@pulumi/pulumi": "^3.216.0" },
      },
      "team-pim/index.js": program,
      "index.js": `require("team-pim");`,
    };
  }

  function write(name: string, files: Record<string, unknown>): string {
    const root = join(tarball.directory, name);
    for (const [path, content] of Object.entries(files)) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        typeof content === "string"
          ? content
          : JSON.stringify({ private: true, ...(content as object) }),
      );
    }
    return root;
  }

  async function installWithPnpm(project: string): Promise<void> {
    writeFileSync(
      join(project, ".npmrc"),
      "node-linker=isolated\nhoist=false\nshared-workspace-lockfile=false\n",
    );
    const store = join(tarball.directory, "pnpm-store");
    await runNpm(
      ["exec", "--yes", "--prefer-offline", `--package=${pnpm}`, "--", "pnpm", "install"].concat([
        "--prefer-offline",
        "--ignore-scripts",
        "--store-dir",
        store,
      ]),
      project,
    );
  }
});

/** The program loads what it imports. */
async function assertLoads(project: string): Promise<void> {
  await runNpm(["exec", "--offline", "-c", `"${process.execPath}" index.js`], project);
}

/** The engine's host reaches our code, which refuses what only it knows to be wrong. */
async function assertAnswers(project: string): Promise<void> {
  await assert.rejects(check(project), /entra-pim:tenantId: got "nowhere", expected a GUID/);
}

async function check(project: string) {
  const host = await DynamicHost.start({
    cwd: project,
    config: { "entra-pim:tenantId": "nowhere" },
  });
  try {
    return await host.check("RoleSettings", {});
  } finally {
    await host.close();
  }
}
