// Writes tests/fixtures/preview/*.json from the real engine: node --import tsx tests/preview/capture/capture.ts [case…]

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { printDuration } from "../../../src/model/duration";
import { startTestTenant } from "../../e2e/harness/emulator";
import { Project } from "../../e2e/harness/project";
import {
  ANN,
  APPROVERS,
  BOB,
  CASES,
  CAT,
  type CaptureCase,
  HOSTILE,
  HOSTILE_NAME,
  SUBSCRIPTION,
  TEAM,
  UNIT,
} from "./cases";
import { FIXED, normalised } from "./normalise";

const FIXTURES = join(__dirname, "..", "..", "fixtures", "preview");

async function main(names: readonly string[]): Promise<void> {
  const wanted = names.length === 0 ? CASES : CASES.filter(({ name }) => names.includes(name));
  const failed: string[] = [];
  const queue = [...wanted];
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        try {
          await capture(next);
          process.stdout.write(`${next.name}\n`);
        } catch (error) {
          failed.push(next.name);
          process.stdout.write(
            `${next.name}: ${error instanceof Error ? error.message.slice(0, 1500) : error}\n`,
          );
        }
      }
    }),
  );
  if (failed.length > 0) throw new Error(`not captured: ${failed.join(", ")}`);
}

async function capture(one: CaptureCase): Promise<void> {
  const tenant = await startTestTenant({
    now: FIXED,
    users: 0,
    groups: 0,
    tenantId: "99999999-0000-4000-8000-000000000001",
  });
  tenant.control.seed({
    users: [user(ANN, "Ann Lee", "ann"), user(BOB, "Bob Ray", "bob"), user(CAT, "Cat Díaz", "cat")],
    groups: [
      { id: TEAM, displayName: "Messaging on call", isAssignableToRole: true, members: [ANN, BOB] },
      {
        id: APPROVERS,
        displayName: "PIM approvers",
        isAssignableToRole: true,
        members: [BOB, CAT],
      },
      { id: HOSTILE, displayName: HOSTILE_NAME, isAssignableToRole: true },
    ],
    administrativeUnits: [{ id: UNIT, displayName: "EMEA" }],
    roleDefinitions: [
      { displayName: "Glоbal Administrator", rolePermissions: [], isEnabled: true },
    ],
    scopes: [{ id: SUBSCRIPTION, displayName: "Production" }],
  } as Parameters<typeof tenant.control.seed>[0]);
  const project = await Project.create({
    program: { "index.js": "", ...one.files },
    config: { ...tenant.config, ...one.config },
    env: { ...tenant.env, ENTRA_PIM_CLOCK_OFFSET: offset(tenant.control.clock().now) },
    name: "entra-pim",
  });
  try {
    for (const program of one.before ?? []) {
      project.write({ "index.js": bodyOf(one, program) });
      await project.up({ args: ["--skip-preview"] });
    }
    const told = one.meanwhile?.(tenant.control);
    if (told === "remove team") await removeTeam(tenant);
    else if (told === "turn MFA off") await turnMfaOff(tenant);
    else if (told !== undefined) tenant.control.clock({ advance: told });
    project.setVariable("ENTRA_PIM_CLOCK_OFFSET", offset(tenant.control.clock().now));
    for (const [name, value] of Object.entries(one.env ?? {})) project.setVariable(name, value);
    project.write({ "index.js": bodyOf(one, one.program) });
    if (one.env !== undefined) {
      const { stdout } = await project.command(["preview", "--json"]);
      writeFileSync(join(FIXTURES, `${one.name}.json`), stream(stdout));
      return;
    }
    const { stdout } = await project.preview({
      args: ["--show-sames", ...(one.args ?? [])],
      ...(one.refresh === undefined ? {} : { refresh: one.refresh }),
      ...(one.expectFailure === undefined ? {} : { expectFailure: one.expectFailure }),
    });
    const secrets = new Map([[tenant.info.clientId, "88888888-0000-4000-8000-000000000001"]]);
    writeFileSync(join(FIXTURES, `${one.name}.json`), normalised(stdout, secrets));
  } finally {
    project.remove();
    await tenant.close();
  }
}

function bodyOf({ isPlain }: CaptureCase, program: string): string {
  return isPlain === true || program === ""
    ? program
    : `const pulumi = require("@pulumi/pulumi");\nconst pim = require("pulumi-entra-pim");\n${program.trim()}\n`;
}

/** The first events are enough to know a stream by. */
function stream(stdout: string): string {
  return `${stdout
    .split("\n")
    .slice(0, 3)
    .join("\n")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:1")}\n`;
}

function user(id: string, displayName: string, name: string): object {
  return {
    id,
    displayName,
    userPrincipalName: `${name}@contoso.example`,
    accountEnabled: true,
    userType: "Member",
  };
}

function offset(now: string): string {
  const ms = Math.round((Date.parse(now) - Date.now()) / 1000) * 1000;
  return ms < 0 ? `-${printDuration(-ms)}` : printDuration(ms);
}

/** Somebody removes the team's eligibility with another application than the pipeline's. */
async function removeTeam({
  control,
  info,
}: Awaited<ReturnType<typeof startTestTenant>>): Promise<void> {
  const { access_token } = await control.token({});
  const answer = await fetch(
    `${info.graph}/v1.0/roleManagement/directory/roleEligibilityScheduleRequests`,
    {
      method: "POST",
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      body: JSON.stringify({
        action: "adminRemove",
        principalId: TEAM,
        roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10",
        directoryScopeId: "/",
        justification: "incident 7",
      }),
    },
  );
  if (!answer.ok) throw new Error(`removing the team: ${answer.status} ${await answer.text()}`);
}

/** Somebody lets Exchange Administrator be activated with a justification alone. */
async function turnMfaOff({
  control,
  info,
}: Awaited<ReturnType<typeof startTestTenant>>): Promise<void> {
  const { access_token } = await control.token({});
  const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
  const filter = encodeURIComponent(
    "scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '29232cdf-9323-42fd-ade2-1d097af3e4de'",
  );
  const found = await fetch(
    `${info.graph}/v1.0/policies/roleManagementPolicyAssignments?$filter=${filter}`,
    { headers },
  );
  const { value } = (await found.json()) as { value: { policyId: string }[] };
  const id = "Enablement_EndUser_Assignment";
  const answer = await fetch(
    `${info.graph}/v1.0/policies/roleManagementPolicies/${value[0]?.policyId}/rules/${id}`,
    {
      method: "PATCH",
      headers,
      body: JSON.stringify({
        "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyEnablementRule",
        id,
        enabledRules: ["Justification"],
        target: {
          "@odata.type": "microsoft.graph.unifiedRoleManagementPolicyRuleTarget",
          caller: "EndUser",
          operations: ["all"],
          level: "Assignment",
          inheritableSettings: [],
          enforcedSettings: [],
        },
      }),
    },
  );
  if (!answer.ok) throw new Error(`turning MFA off: ${answer.status} ${await answer.text()}`);
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
