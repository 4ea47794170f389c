import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ROLES } from "../emulated/tenant";
import { changesOf, Scenario, saidIn } from "./harness/scenario";

const role = ROLES.exchangeAdministrator;

describe("role settings on the engine", function () {
  this.timeout(300_000);
  let on: Scenario;

  before(async () => {
    on = await Scenario.start();
  });
  after(() => on.close());

  const program = (activation: string, more = "") => `
    const mails = { level: "critical", defaultRecipients: false, additionalRecipients: ["soc@contoso.com"] };
    const all = { admin: mails, assignee: mails, approver: mails };
    new pim.RoleSettings("s", { ...at,
      activation: ${activation},
      eligibleAssignment: { allowPermanent: false, maximumDuration: "P30D", requireMfa: false, requireJustification: true },
      notifications: { eligibleAssignment: all, activeAssignment: all, activation: all },
      ${more} });`;
  let untouched: string;

  it("are written as declared, in one request, and read back the same", async () => {
    untouched = await on.tenant.settingsText(role);
    on.program(
      program(
        `{ maximumDuration: "PT24H", requireMfa: true, requireTicket: true, requireApproval: true, approvers: [user("bob"), user("carla")] }`,
      ),
    );
    on.tenant.forgetRequests();
    const made = await on.project.up();
    assert.deepEqual(changesOf(made), ["create s"]);
    assert.equal(on.tenant.writes().length, 1);
    const rules = await on.tenant.rules(role);
    assert.deepEqual(rules.Enablement_Admin_Eligibility?.enabledRules, ["Justification"]);
    assert.equal(
      Object.values(rules).filter((rule) => rule.notificationRecipients?.[0] === "soc@contoso.com")
        .length,
      9,
    );
    await on.tenant.changeRule(role, "Expiration_EndUser_Assignment", { maximumDuration: "P1D" });
    assert.deepEqual(await on.plan(), {});
  });

  it("show drift by property, leave the rest alone, and observe it", async () => {
    await on.tenant.changeRule(role, "Enablement_EndUser_Assignment", {
      enabledRules: ["Justification", "Ticketing"],
    });
    await on.tenant.changeRule(role, "Notification_Admin_EndUser_Assignment", {
      notificationLevel: "None",
    });
    await on.tenant.changeRule(role, "Expiration_Admin_Assignment", {
      isExpirationRequired: true,
      maximumDuration: "P15D",
    });
    assert.deepEqual(await on.plan(), { s: "update activation notifications" });
    const shown = await on.project.previewText({ args: ["--refresh", "--diff"] });
    assert.match(shown.stdout, /requireMfa\s*: false => true/);
    assert.match(shown.stdout, /level\s*: "none" => "critical"/);
    assert.match(
      shown.stdout,
      /maximumDuration\s*: "P180D" => "P15D"/,
      "the refresh shows what is observed",
    );
    await on.up(["--refresh"]);
    const rules = await on.tenant.rules(role);
    assert.ok(
      rules.Enablement_EndUser_Assignment?.enabledRules.includes("MultiFactorAuthentication"),
    );
    assert.equal(rules.Expiration_Admin_Assignment?.maximumDuration, "P15D");
    assert.deepEqual(await on.plan(), {});
  });

  it("switch to an authentication context, let leaves go, and give back in the end what is still theirs", async () => {
    on.program(program(`{ authenticationContext: "c1", requireTicket: true }`));
    await on.up();
    const rules = await on.tenant.rules(role);
    assert.equal(rules.AuthenticationContext_EndUser_Assignment?.isEnabled, true);
    assert.ok(
      !rules.Enablement_EndUser_Assignment?.enabledRules.includes("MultiFactorAuthentication"),
    );
    assert.equal(
      rules.Approval_EndUser_Assignment?.setting.isApprovalRequired,
      true,
      "what left the program stays as it was written",
    );
    assert.deepEqual(await on.plan(), {});
    await on.tenant.changeRule(role, "Expiration_Admin_Eligibility", { maximumDuration: "P7D" });
    await on.tenant.changeRule(role, "Expiration_Admin_Assignment", {
      isExpirationRequired: false,
      maximumDuration: "P180D",
    });
    const said = saidIn(await on.destroy());
    assert.equal(said.length, 2, said.join("\n"));
    assert.match(
      said.join("\n"),
      /left as they are, because somebody changed them since: eligibleAssignment.maximumDuration "P7D"/,
    );
    assert.match(
      said.join("\n"),
      /given back as found: .*activation.requireApproval true -> false \(weaker\)/,
    );
    await on.tenant.changeRule(role, "Expiration_Admin_Eligibility", { maximumDuration: "P365D" });
    assert.equal(await on.tenant.settingsText(role), untouched);
  });

  it("are given back as found, also when a kill kept the state from hearing of the first write", async () => {
    untouched = await on.tenant.settingsText(role);
    const path = "/v1.0/policies/roleManagementPolicies/";
    on.tenant.control.fault({ method: "PATCH", path, delay: 5_000, times: 1 });
    on.program(program(`{ maximumDuration: "PT1H", requireTicket: true }`));
    const running = await on.project.spawn(["up", "--yes", "--skip-preview"]);
    for (let left = 300; left > 0 && (await on.tenant.settingsText(role)) === untouched; left -= 1)
      await pause(100);
    running.kill("SIGKILL");
    await running.ended;
    assert.notEqual(await on.tenant.settingsText(role), untouched, "killed after the effect");
    await on.project.cancel();
    const written = await on.tenant.settingsText(role);
    on.tenant.forgetRequests();
    const again = await on.up();
    assert.deepEqual(saidIn(again), []);
    assert.deepEqual(on.tenant.writes(), []);
    assert.equal(await on.tenant.settingsText(role), written);
    await on.destroy();
    assert.equal(await on.tenant.settingsText(role), untouched);
  });
});
