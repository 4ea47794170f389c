import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestTenant, type TestTenant } from "./harness/emulator";
import { Project } from "./harness/project";
import { repositoryRoot } from "./harness/repository";

const PACK = join(repositoryRoot, "policy-pack");

const program = (expiration: string, role = "GlobalAdministrator") => `
const pim = require("pulumi-entra-pim");
new pim.ActiveAssignment("ann", {
  directoryRole: { role: pim.EntraRole.${role} },
  principal: { user: "ann@contoso.example" }, expiration: ${expiration}, justification: "x",
});`;

describe("the policy pack on the real engine", function () {
  this.timeout(180_000);
  let tenant: TestTenant;
  let project: Project;

  before(async () => {
    tenant = await startTestTenant();
    tenant.control.seed({
      users: [{ displayName: "Ann Lee", userPrincipalName: "ann@contoso.example" }],
    });
    project = await Project.create({
      program: program("{ permanent: true }"),
      config: tenant.config,
      env: tenant.env,
    });
  });
  after(async () => {
    project.remove();
    await tenant.close();
  });

  it("stops a preview that makes somebody a permanent Global Administrator", async () => {
    const { stdout } = await project.previewText({
      args: ["--policy-pack", PACK],
      expectFailure: true,
    });
    assert.match(stdout, /\[mandatory\] \[severity: critical\]\s+pim001-permanent-active /);
    assert.match(
      stdout,
      /PIM001: ann@contoso\.example would hold Global Administrator permanently/,
    );
  });

  it("warns of a lesser role, and lets the preview pass", async () => {
    project.write({ "index.js": program("{ permanent: true }", "HelpdeskAdministrator") });
    const { stdout } = await project.previewText({ args: ["--policy-pack", PACK] });
    assert.match(stdout, /\[advisory\] \[severity: medium\]\s+pim001-permanent-active-advice /);
  });

  it("says of an unknown value that it cannot be judged, and judges everything else", async () => {
    project.write({
      "index.js": `${program("{ permanent: true }")}
const pulumi = require("@pulumi/pulumi");
class Ids { create = async () => ({ id: "x", outs: { value: "x" } }); }
class Later extends pulumi.dynamic.Resource { constructor(name) { super(new Ids(), name, { value: undefined }); } }
const role = { directoryRole: { role: pim.EntraRole.PrivilegedRoleAdministrator } };
new pim.ActiveAssignment("later", { ...role, principal: { user: new Later("who").value }, expiration: { permanent: true }, justification: "x" });
new pim.RoleSettings("settings", { ...role, activation: { maximumDuration: "PT10H", requireApproval: true, approvers: [{ user: new Later("approver").value }] } });
`,
    });
    const { stdout } = await project.previewText({
      args: ["--policy-pack", PACK],
      expectFailure: true,
    });
    // What is not known is said to be so, once per resource, as advice.
    assert.match(
      stdout,
      /\[advisory\].*pim027-not-evaluable-advice[\s\S]*principal known only after the update/,
    );
    assert.match(
      stdout,
      /PIM027: settings of Privileged Role Administrator are known only after the update \(activation: approvers\)/,
    );
    // The same resources are judged by what is known of them, and the others as ever.
    assert.match(stdout, /PIM001: .*would hold Privileged Role Administrator permanently/);
    assert.match(
      stdout,
      /PIM009: Privileged Role Administrator \(critical\) can be active for 10 h/,
    );
    assert.match(
      stdout,
      /PIM001: ann@contoso\.example would hold Global Administrator permanently/,
    );
    // The SDK's own way out would be to skip the policy.
    assert.doesNotMatch(stdout, /can't run policy|can't be known during preview/);
  });

  it("follows the configuration that the environment names", async () => {
    const file = join(project.directory, "guard-rails.json");
    writeFileSync(file, JSON.stringify({ breakGlass: ["ann@contoso.example"] }));
    project.setVariable("ENTRA_PIM_CONFIG", file);
    project.write({ "index.js": program("{ permanent: true }") });
    const { stdout } = await project.previewText({ args: ["--policy-pack", PACK] });
    assert.doesNotMatch(stdout, /pim001/);
  });
});
