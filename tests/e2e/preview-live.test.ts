import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipelinePermissions } from "../../src/model/pipeline-permissions";
import { runPreview } from "../preview/run-cli";
import { startTestTenant, type TestTenant } from "./harness/emulator";
import { Project } from "./harness/project";

const TEAM = "bbbbbbbb-0000-4000-8000-000000000001";
const ANN = "aaaaaaaa-0000-4000-8000-000000000001";
const GUEST = "aaaaaaaa-0000-4000-8000-000000000002";
const SYNCED = "aaaaaaaa-0000-4000-8000-000000000003";

const program = `
const pim = require("pulumi-entra-pim");
const role = { directoryRole: { role: pim.EntraRole.GlobalAdministrator } };
new pim.EligibleAssignment("team", { ...role, principal: { group: "${TEAM}" }, expiration: { duration: "P90D" }, justification: "x" });
new pim.EligibleAssignment("guest", { ...role, principal: { user: "${GUEST}" }, expiration: { duration: "P90D" }, justification: "x" });
new pim.EligibleAssignment("synced", { ...role, principal: { user: "${SYNCED}" }, expiration: { duration: "P90D" }, justification: "x" });
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
          signInActivity: { lastSignInDateTime: "2026-03-01T08:00:00Z" },
        },
        {
          id: GUEST,
          displayName: "Gus Guest",
          userPrincipalName: "gus_other.example#EXT#@contoso.example",
          userType: "Guest",
        },
        {
          id: SYNCED,
          displayName: "Sue Synced",
          userPrincipalName: "sue@contoso.example",
          userType: "Member",
          onPremisesSyncEnabled: true,
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
      // Of a role that the plan is about, and of one that it is not.
      roleAssignments: [
        { principalId: ANN, roleDefinitionId: "Global Administrator" },
        { principalId: ANN, roleDefinitionId: "Exchange Administrator" },
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

  const environment = async () => {
    const { taskEnvironment } = await import("../../tools/environment.mjs");
    const { findOrGetEngine } = await import("../../tools/engine/index.mjs");
    const { PATH = "" } = taskEnvironment(await findOrGetEngine());
    return {
      ...(Reflect.get(project, "environment") as Record<string, string>),
      PATH,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      ARM_CLIENT_SECRET: tenant.info.clientSecret,
    };
  };

  it("makes the preview, and asks the tenant for names, people and holders without writing", async () => {
    const env = await environment();
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
        ["Sue Synced", undefined],
      ],
    );
    const said = (rule: string) =>
      report.findings.filter((finding) => finding.rule === rule).map(({ message }) => message);
    assert.match(said("PIM014")[0] ?? "", /^Gus Guest is a guest/);
    assert.match(
      said("PIM022")[0] ?? "",
      /is active in Global Administrator without an assignment in PIM/,
    );
    assert.match(said("PIM015")[0] ?? "", /^Sue Synced is synchronised from on premises/);
    assert.deepEqual(said("PIM023"), [
      "Ann Lee does not use Global Administrator: the last sign-in was on 2026-03-01",
    ]);
    // Of the settings that are created nothing but the duration is declared: the rest is the tenant's.
    assert.match(said("PIM003")[0] ?? "", /^Global Administrator can be activated without/);
    assert.deepEqual(report.notEvaluated, []);
    const writes = tenant.control
      .requests()
      .requests.filter(({ method, path }) => method !== "GET" && !/token|\$batch/.test(path));
    assert.deepEqual(writes, []);
  });

  it("writes what it was told for a job that has no network", async () => {
    const env = await environment();
    const document = join(project.directory, "preview.json");
    const baseline = join(project.directory, "baseline.json");
    const { stdout } = await project.command(["preview", "--json", "--show-sames"]);
    writeFileSync(document, stdout);
    const options = ["--now", "2026-12-01T09:00:00Z", "--format", "json"];
    const live = await runPreview([document, ...options, "--live", "--save-baseline", baseline], {
      env,
    });
    const later = await runPreview([document, ...options, "--baseline", baseline]);
    assert.deepEqual(JSON.parse(later.stdout), JSON.parse(live.stdout));
    assert.equal(later.code, live.code);
    const alone = await runPreview([document, "--save-baseline", baseline]);
    assert.match(alone.stderr, /give --live too/);
  });

  it("says which permission it lacks to read alerts, and judges the rest", async () => {
    const least = pipelinePermissions(["directoryRoles"], "read").map(([value]) => value);
    const { applications } = tenant.control.seed({
      applications: [{ displayName: "reads", permissions: least, secret: "s3cret" }],
    });
    await project.setConfig({
      "entra-pim:clientId": String(applications[0]?.["appId"]),
      "entra-pim:clientSecret": { secret: "s3cret" },
    });
    const { stdout, stderr } = await runPreview(
      ["--stack", "prod", "-C", project.directory, "--live", "--format", "json"],
      { env: { ...(await environment()), ARM_CLIENT_SECRET: "s3cret" } },
    );
    assert.notEqual(stdout, "", stderr);
    const report = JSON.parse(stdout) as LiveReport;
    assert.deepEqual(report.notEvaluated, [
      {
        rule: "PIM023",
        name: "stale-or-unused",
        reason: "needs PIM's own alerts: this identity lacks RoleManagementAlert.Read.Directory",
      },
    ]);
    assert.ok(report.findings.some(({ rule }) => rule === "PIM015"));
  });

  it("says that there is no such stack, with what pulumi said", async () => {
    const { code, stderr } = await runPreview(["--stack", "nowhere", "-C", project.directory], {
      env: { PATH: process.env["PATH"] ?? "" },
    });
    assert.equal(code, 4);
    assert.match(stderr, /^entra-pim preview: /);
  });
});
