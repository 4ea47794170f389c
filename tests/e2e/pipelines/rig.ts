// A repository with its pipeline, two identities, a code host and a tenant: what a pipeline meets when it runs.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { pipelinePermissions } from "../../../src/model/pipeline-permissions";
import { FakeHost } from "../../preview/fake-hosts";
import { startTestTenant, type TestTenant } from "../harness/emulator";
import { Project } from "../harness/project";
import { repositoryRoot } from "../harness/repository";
import { Workspace } from "./workspace";

/** The token that a pipeline may ask for an assertion with. */
const REQUEST_TOKEN = "request-token";

/** The text of a file of the example. */
export function exampleText(file: string): string {
  return readFileSync(join(repositoryRoot, "examples", "github-preview", file), "utf8");
}

export interface Rig {
  tenant: TestTenant;
  project: Project;
  workspace: Workspace;
  fake: FakeHost;
  /** The runner's own environment: tools and the backend, nobody's identity. */
  environment: Readonly<Record<string, string>>;
  /** Client ids of an identity that may only read, and of one that writes. */
  reader: string;
  writer: string;
  /** Where a runner is asked for assertions, and with which token. */
  assertions: { url: string; token: string };
  /** An assertion, as a runner gives it. */
  assertion: (audience: string) => string;
  /** Appends to the program: what a pull request does. */
  change: (more: string) => void;
  close: () => Promise<void>;
}

export async function startRig(kind: "github" | "gitlab" | "azure-devops"): Promise<Rig> {
  const tenant = await startTestTenant({ users: 0 });
  const fake = await FakeHost.start(kind);
  const [reader, writer] = seed(tenant);
  const project = await Project.create({
    example: "github-preview",
    name: "access",
    stack: "prod",
    // Where the tenant is, and nobody's name: who connects is the pipeline's to say.
    config: Object.fromEntries(
      Object.entries(tenant.config).filter(([key]) => !/client/i.test(key)),
    ),
    env: tenant.env,
  });
  const workspace = new Workspace(project.directory, join(project.directory, "..", "runner"));
  const issuer = await startIssuer();
  const program = exampleText("index.ts");
  return {
    tenant,
    project,
    workspace,
    fake,
    environment: await runnerEnvironment(project, workspace.temp),
    reader,
    writer,
    assertions: { url: addressOf(issuer), token: REQUEST_TOKEN },
    assertion: jwt,
    change: (more) => project.write({ "index.ts": program + more }),
    close: async () => {
      issuer.close();
      fake.close();
      project.remove();
      await tenant.close();
    },
  };
}

/** What somebody writes into a pull request who wants to be Global Administrator for good. */
export const PERMANENT_ADMINISTRATOR = `new pim.ActiveAssignment("cat", { directoryRole: { role: pim.EntraRole.GlobalAdministrator }, principal: { user: "cat@contoso.com" }, expiration: { permanent: true }, justification: "x" });\n`;

/** Whether Ann became eligible, as the tenant has it. */
export async function assertApplied(project: Project): Promise<void> {
  const { outputs } = await project.resource("exchange-admin/eligible/ann");
  assert.equal(outputs?.["status"], "provisioned");
}

function seed(tenant: TestTenant): [reader: string, writer: string] {
  tenant.control.seed({
    users: ["ann", "bob", "cat"].map((name) => ({
      displayName: name,
      userPrincipalName: `${name}@contoso.com`,
    })),
  });
  const permissions = (access: "read" | "write") =>
    pipelinePermissions(["directoryRoles"], access).map(([value]) => value);
  const { applications } = tenant.control.seed({
    applications: [
      { displayName: "access-read", permissions: permissions("read") },
      { displayName: "access-write", permissions: permissions("write") },
    ],
  });
  return [String(applications[0]?.["appId"]), String(applications[1]?.["appId"])];
}

async function runnerEnvironment(project: Project, temp: string): Promise<Record<string, string>> {
  // The package is not on a registry yet: what npm ci would install is linked already.
  tool(temp, "npm", 'case "$1" in ci) exit 0;; *) echo "unexpected: npm $*" >&2; exit 1;; esac');
  tool(
    temp,
    "npx",
    `[ "$1 $2" = "--no-install entra-pim" ] || exit 1; shift 2; exec node "${join(repositoryRoot, "dist", "cli", "main.js")}" "$@"`,
  );
  const { taskEnvironment } = await import("../../../tools/environment.mjs");
  const { findOrGetEngine } = await import("../../../tools/engine/index.mjs");
  const task = taskEnvironment(await findOrGetEngine());
  const texts = Object.entries(task).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(texts),
    ...(Reflect.get(project, "environment") as Record<string, string>),
    PATH: [join(temp, "bin"), task["PATH"]].join(delimiter),
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
  };
}

function tool(folder: string, name: string, script: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/bash\n${script}\n`);
  chmodSync(file, 0o755);
}

/** Gives assertions as GitHub (GET, `value`) and Azure DevOps (POST, `oidcToken`) do, to whoever has the token. */
async function startIssuer(): Promise<Server> {
  const server = createServer(({ method, url = "/", headers }, response) => {
    const isKnown = headers.authorization === `Bearer ${REQUEST_TOKEN}`;
    const { searchParams } = new URL(url, "http://127.0.0.1");
    const assertion = jwt(searchParams.get("audience") ?? "api://AzureADTokenExchange");
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
    const body = method === "POST" ? { oidcToken: assertion } : { value: assertion };
    response.end(isKnown ? JSON.stringify(body) : "{}");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/assertion?v=1`;
}

function jwt(audience: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ alg: "none" }), part({ aud: audience }), "signature"].join(".");
}
