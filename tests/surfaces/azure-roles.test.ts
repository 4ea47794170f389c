import assert from "node:assert/strict";
import { ServiceError, UnknownFateError } from "../../src/http/errors";
import { writeLeaves } from "../../src/model/settings-leaves";
import { azureRoles } from "../../src/surfaces/azure-roles/azure-roles";
import { ScopeNotFoundError } from "../../src/surfaces/azure-roles/scope-error";
import { IgnoredSettingsError } from "../../src/surfaces/azure-roles/settings";
import { RULE_IDS, RULE_KEYS } from "../../src/surfaces/pim-wire/rule-ids";
import type { AssignmentRequest, LivePolicy, PimSurface } from "../../src/surfaces/surface";
import { FakeArm, type Sent } from "./fake-arm";

const SUBSCRIPTION = "/subscriptions/11111111-0000-4000-8000-000000000001";
const SCOPE = `${SUBSCRIPTION}/resourceGroups/rg`;
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const role = { surface: "azureRoles", roleDefinitionId: OWNER, scope: SCOPE } as const;
const key = {
  role,
  kind: "eligible",
  principalId: "22222222-0000-4000-8000-000000000002",
} as const;
const request: AssignmentRequest = { key, action: "assign", expiration: { type: "permanent" } };

describe("azureRoles", () => {
  let arm: FakeArm;
  let surface: PimSurface;
  const pauses: number[] = [];
  const serve = (answer: (request: Sent) => unknown) => {
    pauses.length = 0;
    arm = new FakeArm(answer);
    surface = azureRoles(arm, async (ms) => void pauses.push(ms));
  };

  describe("requests", () => {
    const made = (name: string) => ({
      name,
      properties: { status: "Provisioned", requestType: "AdminAssign" },
    });
    const nameOf = ({ path }: Sent) => path.split("/").pop() ?? "";

    it("are looked up by their name when nobody knows whether they arrived", async () => {
      serve((sent) => {
        if (sent.method === "PUT") throw lost(sent);
        return made(nameOf(sent));
      });
      const outcome = await surface.requestAssignment(request);
      assert.deepEqual(
        arm.sent.map(({ method }) => method),
        ["PUT", "GET"],
      );
      assert.equal(arm.sent[0]?.path, arm.sent[1]?.path);
      assert.equal(outcome.requestId, nameOf(arm.sent[0] as Sent));
      assert.equal(arm.sent[0]?.options.repeatable, false);
    });

    it("that did not arrive are sent again under the same name, refused ones under another", async () => {
      const nothing = refused(404, "RoleAssignmentScheduleRequestNotFound");
      const answers = [lost, nothing, refused(400, "SubjectNotFound"), nothing];
      serve((sent) => {
        const fail = answers.shift();
        if (fail !== undefined) throw fail(sent);
        return made(nameOf(sent));
      });
      await assert.rejects(surface.requestAssignment(request), UnknownFateError);
      await assert.rejects(surface.requestAssignment(request), /SubjectNotFound/);
      await surface.requestAssignment(request);
      const names = arm.sent.filter(({ method }) => method === "PUT").map(nameOf);
      assert.equal(names[0], names[1]);
      assert.notEqual(names[1], names[2]);
    });

    it("that arrived unseen are found when their name is taken", async () => {
      const nothing = refused(404, "RoleAssignmentScheduleRequestNotFound");
      const answers = [lost, nothing, refused(409, "Conflict")];
      serve((sent) => {
        const fail = answers.shift();
        if (fail !== undefined) throw fail(sent);
        return made(nameOf(sent));
      });
      await assert.rejects(surface.requestAssignment(request), UnknownFateError);
      const outcome = await surface.requestAssignment(request);
      assert.equal(outcome.requestId, nameOf(arm.sent[0] as Sent));
    });
  });

  describe("settings", () => {
    const rules = RULE_KEYS.map((ruleKey) => ({
      id: RULE_IDS[ruleKey] as string,
      target: { level: "x" },
    }));
    let live = rules as { id: string; [member: string]: unknown }[];
    let policyName = 1;
    const service =
      (take: (sent: { id: string }[]) => void) =>
      ({ method, path, body }: Sent): unknown => {
        const id = `${SCOPE}/providers/Microsoft.Authorization/roleManagementPolicies/${policyName}`;
        if (path.includes("roleManagementPolicyAssignments")) {
          const parent = {
            properties: { scope: SUBSCRIPTION, roleDefinitionId: OWNER, policyId: "x" },
          };
          const own = {
            scope: SCOPE.toUpperCase(),
            roleDefinitionId: OWNER,
            policyId: id,
            effectiveRules: live,
          };
          return { value: [parent, { properties: own }] };
        }
        if (path !== id)
          throw refused(404, "PolicyNotFound")({ method, path, options: { apiVersion: "" } });
        if (method === "PATCH")
          take((body as { properties: { rules: { id: string }[] } }).properties.rules);
        return { id, properties: { rules: live } };
      };
    beforeEach(() => {
      live = rules;
      policyName = 1;
    });
    const read = async (): Promise<LivePolicy> => {
      const [policy] = await surface.readPolicies([role]);
      assert.ok(policy !== undefined && !(policy instanceof Error));
      return policy;
    };
    const change = (policy: LivePolicy) =>
      writeLeaves(policy.rules, { "activation.requireMfa": true });

    it("are read with one request, of this scope alone", async () => {
      serve(service(() => undefined));
      assert.equal((await read()).policyId.split("/").pop(), "1");
      assert.equal(arm.sent.length, 1);
      assert.match(
        arm.sent[0]?.path ?? "",
        new RegExp(`roleDefinitionId eq '${SUBSCRIPTION}/providers/.*${OWNER}'`),
      );
    });

    it("are sent whole and looked at again, whatever id the policy has then", async () => {
      serve(
        service((sent) => {
          assert.equal(sent.length, rules.length);
          live = sent;
          policyName += 1;
        }),
      );
      const policy = await read();
      const written = await surface.writePolicy(policy, change(policy));
      assert.equal(written.policyId.split("/").pop(), "2");
      assert.equal(written.rules["activation.enablement"].mfa, true);
      assert.deepEqual(
        arm.sent.slice(1).map(({ method }) => method),
        ["GET", "PATCH", "GET"],
      );
    });

    it("are looked at again until a change is seen", async () => {
      let looks = 0;
      serve((sent) => {
        if (sent.path.includes("Assignments") && ++looks === 4) live = changed;
        return service(() => undefined)(sent);
      });
      const policy = await read();
      const changed = rules.map((rule) =>
        rule.id === "Enablement_EndUser_Assignment"
          ? { ...rule, enabledRules: ["MultiFactorAuthentication"] }
          : rule,
      );
      await surface.writePolicy(policy, change(policy));
      assert.deepEqual(pauses, [1_000, 2_000]);
    });

    it("that the service ignored are an error that names the rule", async () => {
      serve(service(() => undefined));
      const policy = await read();
      await assert.rejects(surface.writePolicy(policy, change(policy)), (error: Error) => {
        assert.ok(error instanceof IgnoredSettingsError);
        assert.match(error.message, /did not apply Enablement_EndUser_Assignment;/);
        return true;
      });
    });
  });

  describe("roles", () => {
    const definition = (roleName: string, assignableScopes: string[]) => ({
      name: OWNER,
      properties: { roleName, type: "CustomRole", assignableScopes },
    });

    it("are found by name in any letter case, also where the service compares exactly", async () => {
      serve(({ path }) => ({
        value: path.includes("$filter") ? [] : [definition("Vault Keeper", ["/"])],
      }));
      const [found] = await surface.findRoles({
        surface: "azureRoles",
        role: "vault keeper",
        scope: SCOPE,
      });
      assert.equal(found?.name, "Vault Keeper");
      assert.deepEqual(found?.role, role);
      assert.equal(found?.isAssignable, true);
    });

    it("that cannot be assigned at a scope say where they can", async () => {
      const custom = { ...role, roleDefinitionId: "33333333-0000-4000-8000-000000000003" };
      serve(() => definition("Vault Keeper", [`${SUBSCRIPTION}/resourceGroups/rg2`]));
      const [problem] = await surface.problemsOf(custom);
      assert.equal(problem?.path, "azureRole.role");
      assert.match(problem?.fix ?? "", /can be assigned at .*rg2/);
      assert.deepEqual(await surface.problemsOf(role), [], "built-in roles are not asked for");
    });
  });

  it("names a scope that does not exist", async () => {
    serve((sent) => {
      throw refused(404, "ResourceGroupNotFound")(sent);
    });
    const [page] = await surface.queryAssignments("eligible", [{ partition: SCOPE }]);
    assert.ok(page instanceof ScopeNotFoundError);
    assert.match(page.message, /azureRole\.scope: got "\/subscriptions\/.*\/resourceGroups\/rg"/);
  });
});

function lost({ method, path }: Sent): Error {
  return new UnknownFateError({ method, path, purpose: undefined }, new Error("dropped"));
}

function refused(status: number, code: string): (sent: Sent) => Error {
  return ({ method, path }) =>
    new ServiceError(
      { method, path, purpose: undefined },
      { status, headers: {}, text: "" },
      { code, message: "" },
    );
}
