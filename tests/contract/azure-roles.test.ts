import assert from "node:assert/strict";
import { AzureBuiltInRole } from "../../src/model/roles-azure";
import { call } from "../emulated/call";
import { CheckError, HostRun, inRun, Life } from "../emulated/life";
import { EmulatedTenant } from "../emulated/tenant";

const AUTHORIZATION = "providers/Microsoft.Authorization";
const GROUP = "/providers/Microsoft.Management/managementGroups/landing-zones";
const CONDITION =
  "@Resource[Microsoft.Storage/storageAccounts:name] StringEqualsIgnoreCase 'contosoappprod'";
const READER = AzureBuiltInRole.Reader;

interface Row {
  name: string;
  properties: {
    scope: string;
    principalId: string;
    condition: string | null;
    endDateTime: string | null;
    memberType: string;
  };
}

interface PimOnly {
  mode: string;
  excludes: { id: string; type: string }[];
  excludedAssignmentTypes: string[];
}

describe("PIM of Azure roles, against the emulator", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;
  let subscription: string;
  let ann: string;
  const scopes = () => ({
    managementGroup: GROUP,
    subscription,
    resourceGroup: `${subscription}/resourceGroups/app-prod`,
    resource: `${subscription}/resourceGroups/app-prod/providers/Microsoft.Storage/storageAccounts/contosoappprod`,
  });

  beforeEach(async () => {
    at = await EmulatedTenant.start({ groups: 0 });
    ann = await at.user("ann");
    const { value } = await arm<{ value: { id: string; displayName: string }[] }>(
      "GET",
      "/subscriptions?api-version=2022-12-01",
    );
    subscription = value.find(({ displayName }) => displayName === "Production")?.id ?? "";
  });
  afterEach(() => at.close());

  /** Calls ARM as the pipeline, besides the code under test. */
  const arm = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { access_token: token } = await at.control.token({ audience: "arm" });
    return (await call(`${at.info.arm}${path}`, token, method, body)) as T;
  };
  const rows = async (kind: "eligible" | "active", scope: string): Promise<Row[]> => {
    const name = kind === "eligible" ? "roleEligibilitySchedules" : "roleAssignmentSchedules";
    const path = `${scope}/${AUTHORIZATION}/${name}?api-version=2020-10-01&$filter=atScope()`;
    const { value } = await arm<{ value: Row[] }>("GET", encodeURI(path));
    return value.filter(({ properties }) => properties.scope.toLowerCase() === scope.toLowerCase());
  };
  const rules = async (scope: string, role: string = READER) => {
    const filter = `roleDefinitionId eq '/${AUTHORIZATION}/roleDefinitions/${role}'`;
    const path = `${scope}/${AUTHORIZATION}/roleManagementPolicyAssignments?api-version=2020-10-01&$filter=${filter}`;
    const { value } = await arm<{
      value: { properties: { policyId: string; effectiveRules: Record<string, unknown>[] } }[];
    }>("GET", encodeURI(path));
    const { policyId = "", effectiveRules = [] } = value[0]?.properties ?? {};
    return { policyId, byId: new Map(effectiveRules.map((rule) => [String(rule.id), rule])) };
  };

  const grant = (kind: "Eligible" | "Active", scope: string, more: object = {}) =>
    new Life(`${kind}Assignment`, {
      azureRole: { role: READER, scope },
      principal: { user: "ann@contoso.com" },
      expiration: { duration: "P7D" },
      justification: "on call",
      ...more,
    });
  const settings = (scope: string, declared: object, role: string = READER) =>
    new Life("RoleSettings", { azureRole: { role, scope }, ...declared });
  const up = (life: Life) => inRun(at, (run) => life.up(run));
  const isSame = (life: Life) =>
    inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.plan(run), undefined);
    });
  const refuses = (life: Life, expected: RegExp) =>
    assert.rejects(up(life), (error: Error) => {
      assert.ok(error instanceof CheckError, error.stack);
      assert.match(error.message, expected);
      return true;
    });

  describe("assignments", () => {
    for (const level of ["managementGroup", "subscription", "resourceGroup", "resource"] as const) {
      it(`at a ${level} are made, seen, changed in place and removed`, async () => {
        const scope = scopes()[level];
        for (const kind of ["Eligible", "Active"] as const) {
          const list = () => rows(kind === "Eligible" ? "eligible" : "active", scope);
          const before = (await list()).length;
          const life = grant(kind, scope);
          await up(life);
          const made = (await list()).find(({ properties }) => properties.principalId === ann);
          assert.equal(made?.properties.memberType, "Direct");
          await isSame(life);
          life.declared.expiration = { duration: "P14D" };
          await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
          const changed = (await list()).filter(({ properties }) => properties.principalId === ann);
          assert.equal(changed.length, 1);
          assert.ok(
            (changed[0]?.properties.endDateTime ?? "") > (made?.properties.endDateTime ?? ""),
          );
          await isSame(life);
          await inRun(at, (run) => life.delete(run));
          assert.equal((await list()).length, before);
        }
      });
    }

    it("of a parent scope are never ours", async () => {
      for (const asDirect of [false, true]) {
        at.control.settings({ armInheritedRowsAreDirect: asDirect });
        const above = grant("Eligible", scopes().managementGroup);
        const below = grant("Eligible", scopes().resourceGroup);
        await up(above);
        const said = await up(below);
        assert.deepEqual(said, []);
        assert.equal((await rows("eligible", scopes().resourceGroup)).length, 1);
        await inRun(at, (run) => below.delete(run));
        assert.equal((await rows("eligible", scopes().resourceGroup)).length, 0);
        assert.equal((await rows("eligible", scopes().managementGroup)).length, 1);
        await inRun(at, (run) => above.delete(run));
      }
    });

    it("that are there already are taken over, and granted again when somebody removes them", async () => {
      const scope = scopes().resourceGroup;
      const first = grant("Eligible", scope, { expiration: { duration: "P3D" } });
      await up(first);
      const life = grant("Eligible", scope, { justification: "another" });
      const said = await up(life);
      assert.ok(
        said.some((line) => line.includes("was held already")),
        said.join("\n"),
      );
      assert.equal(life.outputs.endsAt, first.outputs.endsAt);
      at.advance("PT1H");
      await inRun(at, (run) => first.delete(run));
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.deepEqual(await life.plan(run), ["live"]);
        assert.equal(await life.up(run), "update");
      });
      assert.equal((await rows("eligible", scope)).length, 1);
      await isSame(life);
    });

    it("that lie in the future are cancelled", async () => {
      const scope = scopes().resourceGroup;
      const startsAt = new Date(at.now() + 86_400_000).toISOString();
      const life = grant("Eligible", scope, { startsAt });
      await up(life);
      assert.equal(life.outputs.status, "scheduled");
      await inRun(at, (run) => life.delete(run));
      assert.equal((await rows("eligible", scope)).length, 0);
    });

    it("of a scope that was deleted are seen as removed, and deleting them is done at once", async () => {
      const scope = `${subscription}/resourceGroups/short-lived`;
      await arm("PUT", `${scope}?api-version=2021-04-01`, { location: "westeurope" });
      const life = grant("Eligible", scope);
      const rules = settings(scope, { activation: { maximumDuration: "PT2H" } });
      await up(life);
      await up(rules);
      await arm("DELETE", `${scope}?api-version=2021-04-01`);
      const run = new HostRun(at);
      await life.refresh(run);
      assert.equal(life.outputs.status, "removed");
      assert.equal(await rules.refresh(run), false);
      await life.delete(run);
      run.end();
      assert.deepEqual(run.pauses, []);
    });

    it("take scopes and roles in any spelling", async () => {
      const scope = scopes().resourceGroup;
      const life = grant(
        "Eligible",
        `providers/Microsoft.Subscription${scope.toUpperCase()}/`.replace(
          "/SUBSCRIPTIONS",
          "/subscriptions",
        ),
        {
          azureRole: {
            role: `${subscription}/${AUTHORIZATION}/roleDefinitions/${READER}`,
            scope: `/providers/Microsoft.Subscription${scope.replace("resourceGroups", "resourcegroups")}/`,
          },
        },
      );
      await up(life);
      assert.equal((await rows("eligible", scope)).length, 1);
      await isSame(life);
      const named = grant("Active", scope, { azureRole: { role: "reader", scope } });
      await up(named);
      assert.equal(named.inputs.roleDefinitionId, READER);
    });
  });

  describe("requests whose answer is lost", () => {
    const path = "roleEligibilityScheduleRequests/";
    const faults = [
      { drop: "after" },
      { drop: "before" },
      { status: 500, when: "after" },
      { status: 503, when: "before" },
      { status: 429, retryAfter: 1 },
    ] as const;
    for (const fault of faults) {
      it(`make one assignment by one request: ${JSON.stringify(fault)}`, async () => {
        const scope = scopes().resourceGroup;
        at.control.fault({ method: "PUT", path, times: 1, ...fault });
        const life = grant("Eligible", scope);
        const said = await up(life);
        assert.deepEqual(said, []);
        assert.equal((await rows("eligible", scope)).length, 1);
        const requests = await arm<{ value: unknown[] }>(
          "GET",
          `${scope}/${AUTHORIZATION}/roleEligibilityScheduleRequests?api-version=2020-10-01&$filter=atScope()`,
        );
        assert.equal(requests.value.length, 1);
        const sent = at.control.requests().requests.filter(({ method }) => method === "PUT");
        assert.equal(
          sent.length,
          ("when" in fault && fault.when === "after") || ("drop" in fault && fault.drop === "after")
            ? 1
            : 2,
        );
        await isSame(life);
      });
    }
  });

  describe("conditions", () => {
    it("are sent, read back, and put back when somebody changes them", async () => {
      const scope = scopes().resourceGroup;
      const life = grant("Eligible", scope, { condition: CONDITION });
      await up(life);
      const condition = async () => (await rows("eligible", scope))[0]?.properties.condition;
      assert.equal(await condition(), CONDITION);
      await isSame(life);
      const other = grant("Eligible", scope, { condition: CONDITION.replace("prod", "dev") });
      await up(other);
      assert.match((await condition()) ?? "", /contosoappdev/);
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.deepEqual(await life.plan(run), ["condition"]);
        assert.equal(await life.up(run), "update");
      });
      assert.equal(await condition(), CONDITION);
      await isSame(life);
    });

    it("that do not read back end the grant at once", async () => {
      const scope = scopes().resourceGroup;
      for (const kind of ["Eligible", "Active"] as const) {
        const life = grant(kind, scope, { condition: CONDITION });
        const run = new HostRun(at);
        const { surface } = (await run.tenant()).snapshot("azureRoles");
        const send = surface.requestAssignment;
        surface.requestAssignment = ({ condition: _lost, ...request }) => send(request);
        await assert.rejects(
          life.up(run),
          /granted it without a condition, .*; it was removed at once/,
        );
        run.end();
        const held = await rows(kind === "Eligible" ? "eligible" : "active", scope);
        assert.equal(held.filter(({ properties }) => properties.principalId === ann).length, 0);
      }
    });
  });

  describe("settings", () => {
    const switches = [
      {},
      { armPolicyIdChanges: true },
      { armIgnoresPartialPolicies: true },
      { armPolicyIdChanges: true, armIgnoresPartialPolicies: true, visibilityDelay: "PT3S" },
    ];
    for (const given of switches) {
      it(`are written, repaired and given back; ${JSON.stringify(given)}`, async () => {
        at.control.settings(given);
        const scope = scopes().subscription;
        const before = [...(await rules(scope)).byId.values()];
        const life = settings(scope, {
          activation: { maximumDuration: "PT2H", requireTicket: true },
          eligibleAssignment: { allowPermanent: true },
        });
        await up(life);
        at.advance("PT1M");
        const { byId } = await rules(scope);
        assert.equal(byId.get("Expiration_EndUser_Assignment")?.maximumDuration, "PT2H");
        assert.equal(byId.get("Expiration_Admin_Eligibility")?.isExpirationRequired, false);
        await isSame(life);
        await up(settings(scope, { activation: { maximumDuration: "PT4H" } }));
        at.advance("PT1M");
        await inRun(at, async (run) => {
          await life.refresh(run);
          assert.deepEqual(await life.plan(run), ["activation"]);
          await life.up(run);
        });
        at.advance("PT1M");
        await isSame(life);
        await inRun(at, (run) => life.delete(run));
        at.advance("PT1M");
        assert.deepEqual(normal([...(await rules(scope)).byId.values()]), normal(before));
      });
    }

    it("of a scope are its own", async () => {
      const above = settings(scopes().subscription, { activation: { maximumDuration: "PT2H" } });
      const below = settings(scopes().resourceGroup, { activation: { maximumDuration: "PT3H" } });
      await inRun(at, async (run) => {
        await above.up(run);
        await below.up(run);
      });
      const maximum = async (scope: string) =>
        (await rules(scope)).byId.get("Expiration_EndUser_Assignment")?.maximumDuration;
      assert.equal(await maximum(scopes().subscription), "PT2H");
      assert.equal(await maximum(scopes().resourceGroup), "PT3H");
    });

    it("name approvers by kind", async () => {
      const scope = scopes().resourceGroup;
      const life = settings(scope, {
        activation: { requireApproval: true, approvers: [{ user: "bob@contoso.com" }] },
      });
      await up(life);
      const approval = (await rules(scope)).byId.get("Approval_EndUser_Assignment") as {
        setting: { approvalStages: { primaryApprovers: { id: string; userType: string }[] }[] };
      };
      const [approver] = approval.setting.approvalStages[0]?.primaryApprovers ?? [];
      assert.equal(approver?.id, await at.user("bob"));
      assert.equal(approver?.userType, "User");
      await isSame(life);
    });

    describe("with PIM-only mode", () => {
      const read = async (scope: string) => {
        const { policyId } = await rules(scope);
        const path = `${policyId}?api-version=2024-09-01-preview`;
        const policy = await arm<{
          properties: { rules: { id: string; pimOnlyModeSettings?: PimOnly }[] };
        }>("GET", path);
        return policy.properties.rules.find(({ id }) => id === "PIMOnlyMode_Admin_Assignment");
      };
      const set = async (scope: string, pimOnlyModeSettings: PimOnly) => {
        const { policyId } = await rules(scope);
        const fresh = {
          id: "PIMOnlyMode_Admin_Assignment",
          ruleType: "RoleManagementPolicyPimOnlyModeRule",
          target: { caller: "Admin", level: "Assignment", operations: ["all"] },
        };
        const changed = { ...fresh, ...(await read(scope)), pimOnlyModeSettings };
        const path = `${policyId}?api-version=2024-09-01-preview`;
        await arm("PATCH", path, { properties: { rules: [changed] } });
        at.advance("PT1M");
      };
      const others = async (scope: string) => normal([...(await rules(scope)).byId.values()]);

      it("leave it as it is while it is not declared", async () => {
        const scope = scopes().subscription;
        await set(scope, { mode: "ReportOnly", excludes: [], excludedAssignmentTypes: [] });
        const before = await read(scope);
        const life = settings(scope, { activation: { maximumDuration: "PT2H" } });
        await up(life);
        await isSame(life);
        assert.deepEqual(await read(scope), before);
      });

      it("send it, see it drift, put it back and give back what was found", async () => {
        const scope = scopes().resourceGroup;
        const bob = await at.user("bob");
        const found = {
          mode: "ReportOnly",
          excludes: [{ id: bob, type: "User" }],
          excludedAssignmentTypes: [],
        };
        await set(scope, found);
        const untouched = await others(scope);
        const ours = {
          mode: "Enabled",
          excludes: [{ id: ann, type: "User" }],
          excludedAssignmentTypes: ["ServicePrincipalsAsTarget"],
        };
        const life = settings(scope, {
          pimOnlyMode: {
            mode: "enabled",
            excludedPrincipals: [{ user: "ann@contoso.com" }],
            excludedAssignmentTypes: ["servicePrincipalsAsTarget"],
          },
        });
        await up(life);
        assert.deepEqual((await read(scope))?.pimOnlyModeSettings, ours);
        assert.deepEqual(await others(scope), untouched);
        at.advance("PT1M");
        await isSame(life);
        await set(scope, {
          ...ours,
          mode: "Disabled",
          excludes: [...ours.excludes, ...found.excludes],
        });
        await inRun(at, async (run) => {
          await life.refresh(run);
          assert.deepEqual(await life.plan(run), ["pimOnlyMode"]);
          await life.up(run);
        });
        assert.deepEqual((await read(scope))?.pimOnlyModeSettings, ours);
        at.advance("PT1M");
        await isSame(life);
        await inRun(at, (run) => life.delete(run));
        assert.deepEqual((await read(scope))?.pimOnlyModeSettings, found);
        assert.deepEqual(await others(scope), untouched);
      });

      it("send it where nobody set it before, and give that back", async () => {
        const scope = scopes().resourceGroup;
        assert.equal(await read(scope), undefined);
        const life = settings(scope, { pimOnlyMode: { mode: "enabled" } });
        await up(life);
        assert.equal((await read(scope))?.pimOnlyModeSettings?.mode, "Enabled");
        at.advance("PT1M");
        await isSame(life);
        await inRun(at, (run) => life.delete(run));
        assert.equal((await read(scope))?.pimOnlyModeSettings?.mode, "Disabled");
      });

      it("refuse a mode, a principal or an assignment type that does not exist, all at once", async () => {
        const life = settings(scopes().subscription, {
          pimOnlyMode: {
            mode: "on",
            excludedPrincipals: [{ user: "ann@contoso.com", group: "A" }],
            excludedAssignmentTypes: ["users"],
          },
        });
        await refuses(
          life,
          /pimOnlyMode\.mode: got "on".*pimOnlyMode\.excludedPrincipals\[0\].*pimOnlyMode\.excludedAssignmentTypes\[0\]: got "users"/s,
        );
        await refuses(
          settings(scopes().subscription, {
            pimOnlyMode: { excludedPrincipals: [{ group: "Nobody knows" }] },
          }),
          /pimOnlyMode\.excludedPrincipals\[0\]\.group: got "Nobody knows"/,
        );
      });

      it("are refused with it on a directory role", async () => {
        const life = new Life("RoleSettings", {
          directoryRole: { role: "Exchange Administrator" },
          pimOnlyMode: { mode: "enabled" },
        });
        await refuses(life, /pimOnlyMode: .*a setting of Azure roles; remove it/);
      });
    });

    it("refuse defaults, which Microsoft does not document", async () => {
      const scope = scopes().subscription;
      await refuses(settings(scope, { unspecified: "defaults" }), /unspecified: got "defaults"/);
      await refuses(
        settings(scope, { onDelete: "defaults", activation: { requireMfa: true } }),
        /onDelete: got "defaults"/,
      );
    });
  });

  describe("bad input", () => {
    it("names a scope that does not exist", async () => {
      const scope = `${subscription}/resourceGroups/nowhere`;
      await assert.rejects(
        up(grant("Eligible", scope)),
        /azureRole\.scope: got ".*nowhere", expected a management group/,
      );
      await assert.rejects(
        up(settings(scope, { activation: { requireMfa: true } })),
        /azureRole\.scope: got ".*nowhere"/,
      );
      const unknown = "/subscriptions/99999999-0000-4000-8000-000000000009";
      await assert.rejects(up(grant("Eligible", unknown)), /SubscriptionNotFound/);
      await assert.rejects(
        up(grant("Eligible", "/providers/Microsoft.Management/managementGroups/none")),
        /managementGroups\/none.*or the scope is invalid/,
      );
      await refuses(
        grant("Eligible", "rg-prod"),
        /azureRole\.scope: got "rg-prod", expected the ARM id/,
      );
    });

    it("names a role that does not exist or cannot be assigned there", async () => {
      const scope = scopes().resourceGroup;
      const role = (name: string) => grant("Eligible", scope, { azureRole: { role: name, scope } });
      await refuses(
        role("Readr"),
        /expected the name or id of a role that can be assigned at .*app-prod; did you mean "Reader"/,
      );
      const guid = "44444444-0000-4000-8000-000000000004";
      const other = `${subscription}/resourceGroups/app-prod2`;
      await arm("PUT", `${other}?api-version=2021-04-01`, { location: "westeurope" });
      await arm("PUT", `${other}/${AUTHORIZATION}/roleDefinitions/${guid}?api-version=2022-04-01`, {
        properties: {
          roleName: "Vault keeper",
          assignableScopes: [other],
          permissions: [{ actions: ["*/read"] }],
        },
      });
      await refuses(
        role("Vault keeper"),
        /expected the name or id of a role that can be assigned at/,
      );
      await refuses(
        role(guid),
        /azureRole\.role: got "Vault keeper", expected a role that can be assigned at .*app-prod; it can be assigned at .*app-prod2/,
      );
    });

    it("refuses a service principal as eligible", async () => {
      const principal = { servicePrincipal: "11111111-2222-4333-8444-555555555555" };
      await refuses(
        grant("Eligible", scopes().subscription, { principal }),
        /user or group for an eligible assignment/,
      );
    });
  });

  it("asks nothing of Azure while nothing of it is declared", async () => {
    at.forgetRequests();
    await up(
      new Life("EligibleAssignment", {
        directoryRole: { role: "Helpdesk Administrator" },
        principal: { user: "ann@contoso.com" },
        expiration: { duration: "P7D" },
      }),
    );
    const { requests } = at.control.requests();
    assert.equal(requests.filter(({ path }) => path.includes("Microsoft.Authorization")).length, 0);
  });
});

/** Rules in one order, without what the service fills in. */
function normal(list: readonly Record<string, unknown>[]): unknown {
  return [...list].sort((a, b) => String(a.id).localeCompare(String(b.id)));
}
