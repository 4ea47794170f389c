import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { assertExactShape, resourceShape } from "./arm-shapes";
import { clientOf, type Send } from "./emulator-client";

const SUBSCRIPTION = "/subscriptions/a925f2f7-5c63-4b7b-8799-25a5f97bc3b2";
const GROUP = `${SUBSCRIPTION}/resourceGroups/testrg`;
const RESOURCE = `${GROUP}/providers/Microsoft.DocumentDb/databaseAccounts/test-db-account`;
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const UNKNOWN = "0b5fe924-9a61-425c-96af-cfe6e287ca2d";
const PERSON = "ce2ce14e-85d7-4629-bdbc-454d0519d987";
const NAME = "05c5a614-a7d6-4502-b150-c2fb455033ff";

const ASSIGNMENT = resourceShape({
  roleDefinitionId: "",
  principalId: "",
  principalType: "User",
  scope: "",
  condition: null,
  conditionVersion: null,
  createdOn: "",
  updatedOn: "",
  createdBy: "",
  updatedBy: "",
  delegatedManagedIdentityResourceId: null,
  description: null,
});
const PERMISSION = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
const DENIAL = {
  denyAssignmentName: "",
  description: "",
  permissions: [PERMISSION],
  scope: "",
  doNotApplyToChildScopes: false,
  principals: [{ id: "", type: "" }],
  excludePrincipals: [{ id: "", type: "" }],
  isSystemProtected: true,
};

describe("emulator: Microsoft's examples of role-based access control", () => {
  let emulator: Emulator;
  let send: Send;

  beforeEach(async () => {
    emulator = await startEmulator();
    emulator.control.seed({
      users: [{ id: PERSON, displayName: "person", userPrincipalName: "person@my-tenant.com" }],
      scopes: [{ id: SUBSCRIPTION }, { id: RESOURCE }],
    });
    send = await clientOf(emulator, { audience: "arm" });
  });
  afterEach(() => emulator.close());

  const at = (scope: string, rest: string, version = "2022-04-01") =>
    `${scope}/providers/Microsoft.Authorization/${rest}${rest.includes("?") ? "&" : "?"}api-version=${version}`;
  const assign = (role = READER) => ({
    properties: {
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: PERSON,
      principalType: "User",
    },
  });

  for (const version of ["2020-10-01", "2022-04-01", "2024-02-01-preview", "2026-08-01"]) {
    it(`puts, gets, lists and deletes role assignments in version ${version}`, async () => {
      for (const scope of [SUBSCRIPTION, GROUP, RESOURCE]) {
        const path = at(scope, `roleAssignments/${NAME}`, version);
        const made = await send("PUT", path, assign());
        const again = await send("PUT", path, assign());
        assert.deepEqual([made.status, again.status], [201, 200], JSON.stringify(made.body));
        const got = await send("GET", path);
        const listed = await send("GET", at(scope, "roleAssignments", version));
        const deleted = await send("DELETE", path);
        assert.equal(deleted.status, 200);
        const answers = [made.body, again.body, got.body, listed.body.value[0], deleted.body];
        for (const body of answers) {
          assertExactShape(ASSIGNMENT, body);
          assert.equal(
            body.id,
            `${scope}/providers/Microsoft.Authorization/roleAssignments/${NAME}`,
          );
          assert.equal(body.type, "Microsoft.Authorization/roleAssignments");
          assert.equal(body.properties.scope, scope);
        }
        const absent = await send("DELETE", path);
        assert.deepEqual([absent.status, absent.body], [204, undefined]);
      }
    });
  }

  it("tells of role assignments what the version knows", async () => {
    await send("PUT", at(SUBSCRIPTION, `roleAssignments/${NAME}`), assign());
    const old = ["createdBy", "createdOn", "principalId", "roleDefinitionId", "scope", "updatedBy"];
    const conditions = ["condition", "conditionVersion", "description"];
    for (const [version, more] of [
      ["2015-07-01", []],
      ["2018-01-01-preview", ["canDelegate"]],
      ["2018-09-01-preview", ["canDelegate", "principalType"]],
      ["2020-03-01-preview", ["canDelegate", "principalType", ...conditions]],
      [
        "2020-08-01-preview",
        ["principalType", "delegatedManagedIdentityResourceId", ...conditions],
      ],
    ] as const) {
      const path = at(SUBSCRIPTION, `roleAssignments/${NAME}`, version);
      const members = Object.keys((await send("GET", path)).body.properties);
      assert.deepEqual(members.sort(), [...old, "updatedOn", ...more].sort(), version);
    }
  });

  it("tells no data actions where the version knows none", async () => {
    for (const [version, members] of [
      ["2015-07-01", ["actions", "notActions"]],
      ["2018-01-01-preview", Object.keys(PERMISSION)],
    ] as const) {
      const role = await send("GET", at(SUBSCRIPTION, `roleDefinitions/${READER}`, version));
      const mine = await send("GET", at(GROUP, "permissions", version));
      for (const [permission] of [role.body.properties.permissions, mine.body.value])
        assert.deepEqual(Object.keys(permission), members);
    }
  });

  it("validates role assignments", async () => {
    const path = at(SUBSCRIPTION, `roleAssignments/${NAME}/validate`, "2020-10-01");
    assert.deepEqual((await send("POST", path, assign())).body, { isValid: true });
    assert.deepEqual((await send("POST", path, assign(UNKNOWN))).body, {
      isValid: false,
      errorInfo: {
        code: "InvalidRoleDefinitionId",
        message: `The specified role definition with ID '${UNKNOWN}' does not exist.`,
      },
    });
  });

  it("counts role assignments", async () => {
    await send("PUT", at(GROUP, `roleAssignments/${NAME}`), assign());
    const path = at(SUBSCRIPTION, "roleAssignmentsUsageMetrics", "2019-08-01-preview");
    const { status, body } = await send("GET", path);
    assert.equal(status, 200);
    const { roleAssignmentsLimit, roleAssignmentsRemainingCount, ...rest } = body;
    assert.deepEqual(rest, {
      subscriptionId: SUBSCRIPTION.split("/").at(-1),
      roleAssignmentsCurrentCount: 1,
    });
    assert.equal(roleAssignmentsRemainingCount, roleAssignmentsLimit - 1);
  });

  it("deny assignments: tells those of Azure, in the older versions too", async () => {
    const principals = [{ id: PERSON, type: "User" }];
    const [seeded] = emulator.control.seed({
      denyAssignments: [
        {
          scope: GROUP,
          denyAssignmentName: "Deny assignment name",
          description: "Deny assignment description",
          permissions: [{ actions: ["*/delete"] }],
          principals: [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
          excludePrincipals: principals,
        },
      ],
    }).denyAssignments;
    const id = String(seeded?.["id"]);
    for (const version of ["2018-07-01-preview", "2022-04-01"]) {
      const { body } = await send("GET", `${id}?api-version=${version}`);
      assertExactShape(resourceShape(DENIAL), body);
      assert.deepEqual([body.id, body.type], [id, "Microsoft.Authorization/denyAssignments"]);
      const list = async (scope: string, filter: string) =>
        (await send("GET", at(scope, `denyAssignments?$filter=${filter}`, version))).body.value
          .length;
      assert.equal(await list(SUBSCRIPTION, ""), 1);
      assert.equal(await list(SUBSCRIPTION, "atScope()"), 0);
      assert.equal(await list(RESOURCE, "atScope()"), 1);
      assert.equal(await list(GROUP, "denyAssignmentName eq 'Deny assignment name'"), 1);
      assert.equal(await list(GROUP, `principalId eq '${PERSON}'`), 0);
      assert.equal(await list(GROUP, `gdprExportPrincipalId eq '${PERSON}'`), 1);
    }
    const removed = await send("DELETE", `${id}?api-version=2026-09-01`);
    assert.equal(removed.status, 403);
    assert.equal((await send("DELETE", `${id}?api-version=2022-04-01`)).status, 400);
  });

  it("deny assignments: lets people make their own, which then deny", async () => {
    emulator.control.seed({
      azureRoleAssignments: [
        { principalId: PERSON, roleDefinitionId: CONTRIBUTOR, scope: SUBSCRIPTION },
      ],
    });
    const person = await clientOf(emulator, { user: PERSON, audience: "arm" });
    const tagged = () =>
      person("PATCH", `${GROUP}?api-version=2022-12-01`, { tags: { by: "person" } });
    assert.equal((await tagged()).status, 200);
    const path = at(SUBSCRIPTION, `denyAssignments/${NAME}`, "2026-09-01");
    const properties = {
      denyAssignmentName: "Deny writing",
      description: "Prevent all users from writing.",
      denyAssignmentEffect: "enforced",
      permissions: [{ ...PERMISSION, actions: ["*/write"] }],
      principals: [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
      doNotApplyToChildScopes: false,
    };
    assert.equal((await person("PUT", path, { properties })).status, 403);
    const made = await send("PUT", path, { properties });
    assert.equal((await tagged()).status, 403);
    const excludePrincipals = [{ id: PERSON, type: "User" }];
    const again = await send("PUT", path, { properties: { ...properties, excludePrincipals } });
    assert.equal((await tagged()).status, 200);
    assert.deepEqual([made.status, again.status], [201, 200], JSON.stringify(made.body));
    const shape = {
      ...resourceShape({
        ...DENIAL,
        denyAssignmentEffect: "enforced",
        createdOn: "",
        updatedOn: "",
        createdBy: "",
        updatedBy: "",
      }),
      systemData: {
        createdBy: "",
        createdByType: "",
        createdAt: "",
        lastModifiedBy: "",
        lastModifiedByType: "",
        lastModifiedAt: "",
      },
    };
    assertExactShape(shape, again.body);
    assert.equal(again.body.properties.isSystemProtected, false);
    const removed = await send("DELETE", path);
    assert.deepEqual([removed.status, (await send("DELETE", path)).status], [200, 204]);
  });

  it("tells what can be done", async () => {
    const operation = { name: "", displayName: "", description: "", origin: "", properties: null };
    const shape = {
      id: "",
      name: "",
      type: "",
      displayName: "",
      operations: [],
      resourceTypes: [
        { name: "", displayName: "", operations: [{ ...operation, isDataAction: false }] },
      ],
    };
    const all = await send("GET", at("", "providerOperations?$expand=resourceTypes"));
    assertExactShape(shape, all.body.value[0]);
    const one = await send("GET", at("", "providerOperations/Microsoft.Authorization"));
    assert.deepEqual(one.body, all.body.value[0]);
    assert.equal((await send("GET", at("", "providerOperations/Contoso.Nothing"))).status, 404);
    const { value } = (await send("GET", at("", "operations", "2021-01-01-preview"))).body;
    const display = { provider: "", resource: "", operation: "", description: "" };
    assertExactShape({ name: "", isDataAction: false, display, origin: "" }, value[0]);
    const permissions = await send("GET", at(RESOURCE, "permissions", "2022-05-01-preview"));
    assert.deepEqual(permissions.body, { value: [{ ...PERMISSION, actions: ["*"] }] });
    emulator.control.settings({ armPipelineIsPrivileged: false });
    assert.deepEqual((await send("GET", at(RESOURCE, "permissions"))).body, { value: [] });
  });

  it("attribute namespaces: made by an action, read and deleted", async () => {
    const path = at("", "attributeNamespaces/contoso", "2025-12-01-preview");
    assert.equal((await send("GET", path)).status, 404);
    const action = path.replace("?", "/action?");
    assert.equal((await send("POST", action, {})).status, 400);
    const made = await send("POST", action, { namespaceOwnerPrincipalId: PERSON });
    assert.equal(made.status, 200);
    assert.deepEqual(made.body, {
      name: "contoso",
      type: "Microsoft.Authorization/attributeNamespaces",
      id: "/providers/Microsoft.Authorization/attributeNamespaces/contoso",
    });
    assert.deepEqual((await send("GET", path)).body, made.body);
    assert.deepEqual(
      [(await send("DELETE", path)).status, (await send("DELETE", path)).status],
      [200, 204],
    );
  });
});
