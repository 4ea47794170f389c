import assert from "node:assert/strict";
import { runPreview } from "../preview/run-cli";
import { startTestTenant, type TestTenant } from "./harness/emulator";
import { Project } from "./harness/project";

const TEAM = "bbbbbbbb-0000-4000-8000-000000000001";
const ANN = "aaaaaaaa-0000-4000-8000-000000000001";
const GUEST = "aaaaaaaa-0000-4000-8000-000000000002";

const program = `
const pim = require("pulumi-entra-pim");
const role = { directoryRole: { role: pim.EntraRole.GlobalAdministrator } };
new pim.EligibleAssignment("team", { ...role, principal: { group: "${TEAM}" }, expiration: { duration: "P90D" }, justification: "x" });
new pim.EligibleAssignment("guest", { ...role, principal: { user: "${GUEST}" }, expiration: { duration: "P90D" }, justification: "x" });
new pim.RoleSettings("ga", { ...role, activation: { maximumDuration: "PT1H" } });`;

interface LiveReport {
  gains: { who: { name: string; members?: { count: number; names: string[] } } }[];
  findings: { rule: string; message: string }[];
  notEvaluated: { rule: string }[];
}

describe("entra-pim preview --stack --live", function () {
  this.timeout(180_000);
  let tenant: TestTenant;
  let project: Project;

  before(async () => {
    tenant = await startTestTenant({ users: 2 });
    tenant.control.seed({
      users: [
        {
          id: ANN,
          displayName: "Ann Lee",
          userPrincipalName: "ann.lee@contoso.example",
          userType: "Member",
        },
        {
          id: GUEST,
          displayName: "Gus Guest",
          userPrincipalName: "gus_other.example#EXT#@contoso.example",
          userType: "Guest",
        },
      ],
      groups: [
        {
          id: TEAM,
          displayName: "Messaging on call",
          isAssignableToRole: true,
          members: [ANN, GUEST],
        },
      ],
    });
    project = await Project.create({
      program,
      config: tenant.config,
      env: tenant.env,
      name: "access",
      stack: "prod",
    });
  });
  after(async () => {
    project.remove();
    await tenant.close();
  });

  it("makes the preview, and asks the tenant for names, people and holders without writing", async () => {
    const { taskEnvironment } = await import("../../tools/environment.mjs");
    const { findOrGetEngine } = await import("../../tools/engine/index.mjs");
    const { PATH = "" } = taskEnvironment(await findOrGetEngine());
    const env = {
      ...(Reflect.get(project, "environment") as Record<string, string>),
      PATH,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      ARM_CLIENT_SECRET: tenant.info.clientSecret,
    };
    tenant.control.clearRequests();
    const { stdout, stderr, code } = await runPreview(
      ["--stack", "prod", "-C", project.directory, "--live", "--format", "json"],
      { env },
    );
    assert.equal(code, 2, stderr);
    const report = JSON.parse(stdout) as LiveReport;
    assert.deepEqual(
      report.gains.map(({ who }) => [who.name, who.members]),
      [
        ["Gus Guest", undefined],
        ["Messaging on call", { count: 2, names: ["Ann Lee", "Gus Guest"] }],
      ],
    );
    const said = (rule: string) =>
      report.findings.filter((finding) => finding.rule === rule).map(({ message }) => message);
    assert.match(said("PIM014")[0] ?? "", /^Gus Guest is a guest/);
    assert.match(
      said("PIM022")[0] ?? "",
      /is active in Global Administrator without an assignment in PIM/,
    );
    assert.deepEqual(
      report.notEvaluated.map(({ rule }) => rule),
      ["PIM023"],
    );
    const writes = tenant.control
      .requests()
      .requests.filter(({ method, path }) => method !== "GET" && !/token|\$batch/.test(path));
    assert.deepEqual(writes, []);
  });

  it("says that there is no such stack, with what pulumi said", async () => {
    const { code, stderr } = await runPreview(["--stack", "nowhere", "-C", project.directory], {
      env: { PATH: process.env["PATH"] ?? "" },
    });
    assert.equal(code, 4);
    assert.match(stderr, /^entra-pim preview: /);
  });
});
