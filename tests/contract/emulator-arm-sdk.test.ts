import assert from "node:assert/strict";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { type Emulator, startEmulator } from "../../src/emulator";

const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const WINDOW = { expiration: { type: "AfterDuration", duration: "P30D" } };

// The official client, which nobody here wrote, through every operation the emulator serves.
describe("emulator: @azure/arm-authorization", () => {
  let emulator: Emulator;
  let client: AuthorizationManagementClient;
  let subscription: string;
  let resourceGroup: string;
  let role: string;
  let users: string[];
  let names = 0;

  beforeEach(async () => {
    emulator = await startEmulator({ seed: 3 });
    const tenant = await azure("GET", "/subscriptions?api-version=2022-12-01");
    subscription = tenant.value[0].subscriptionId;
    resourceGroup = `/subscriptions/${subscription}/resourceGroups/app-prod`;
    role = roleAt(CONTRIBUTOR);
    const { access_token } = await emulator.control.token({});
    const answer = await fetch(`${emulator.info.graph}/v1.0/users`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    const { value } = (await answer.json()) as { value: { id: string }[] };
    users = value.map(({ id }) => id);
    client = await clientFor({});
  });
  afterEach(() => emulator.close());

  const azure = async (method: string, path: string, body?: unknown) => {
    const { access_token } = await emulator.control.token({ audience: "arm" });
    const answer = await fetch(emulator.info.arm + path, {
      method,
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return JSON.parse(await answer.text());
  };
  const roleAt = (guid: string) =>
    `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  const newName = () => `00000000-0000-4000-9000-${String(++names).padStart(12, "0")}`;
  const scope = () => `subscriptions/${subscription}`;

  // Azure's own policy refuses plain HTTP, so the token is set by one of ours.
  async function clientFor(who: { user?: string }): Promise<AuthorizationManagementClient> {
    const { access_token: token } = await emulator.control.token({ ...who, audience: "arm" });
    const made = new AuthorizationManagementClient(
      { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
      subscription,
      { endpoint: emulator.info.arm, allowInsecureConnection: true },
    );
    made.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
    made.pipeline.addPolicy({
      name: "token",
      sendRequest(request, next) {
        request.headers.set("authorization", `Bearer ${token}`);
        return next(request);
      },
    });
    return made;
  }

  async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const item of pages) found.push(item);
    return found;
  }

  it("eligible: create, get, list, validate, schedules, instances, remove, cancel", async () => {
    const { roleEligibilityScheduleRequests: requests } = client;
    const principalId = users[1] ?? "";
    const assign = {
      principalId,
      roleDefinitionId: role,
      requestType: "AdminAssign",
      scheduleInfo: WINDOW,
    };
    const validated = await requests.validate(scope(), newName(), assign);
    assert.equal(validated.status, "Granted");
    assert.deepEqual(await all(requests.listForScope(scope())), []);
    const name = newName();
    const made = await requests.create(scope(), name, assign);
    assert.equal(made.status, "Provisioned");
    assert.equal(made.scope, `/subscriptions/${subscription}`);
    assert.equal(made.expandedProperties?.principal?.type, "User");
    assert.equal((await requests.get(scope(), name)).name, name);
    assert.equal((await all(requests.listForScope(scope(), { filter: "atScope()" }))).length, 1);
    const schedule = await client.roleEligibilitySchedules.get(
      scope(),
      made.targetRoleEligibilityScheduleId ?? "",
    );
    assert.equal(schedule.memberType, "Direct");
    assert.ok(schedule.startDateTime instanceof Date);
    const filter = `principalId eq '${principalId}'`;
    const listed = await all(client.roleEligibilitySchedules.listForScope(scope(), { filter }));
    assert.equal(listed[0]?.name, schedule.name);
    const [instance] = await all(
      client.roleEligibilityScheduleInstances.listForScope(resourceGroup),
    );
    assert.equal(instance?.memberType, "Inherited");
    assert.equal(instance?.scope, `/subscriptions/${subscription}`);
    const again = await client.roleEligibilityScheduleInstances.get(scope(), instance?.name ?? "");
    assert.equal(again.roleEligibilityScheduleId, schedule.id);
    await assert.rejects(requests.cancel(scope(), name), { code: "RequestCannotBeCancelled" });
    const removal = { principalId, roleDefinitionId: role, requestType: "AdminRemove" };
    assert.equal((await requests.create(scope(), newName(), removal)).status, "Revoked");
    const startDateTime = new Date(Date.now() + 86_400_000);
    const later = newName();
    await requests.create(scope(), later, {
      ...assign,
      scheduleInfo: { ...WINDOW, startDateTime },
    });
    await requests.cancel(scope(), later);
    assert.equal((await requests.get(scope(), later)).status, "Canceled");
  });

  it("active: create, get, list, validate, schedules, instances, cancel", async () => {
    const { roleAssignmentScheduleRequests: requests } = client;
    const assign = {
      principalId: users[1] ?? "",
      roleDefinitionId: role,
      requestType: "AdminAssign",
      scheduleInfo: WINDOW,
      justification: "needed",
    };
    assert.equal((await requests.validate(scope(), newName(), assign)).status, "Granted");
    const name = newName();
    const made = await requests.create(scope(), name, assign);
    assert.equal((await requests.get(scope(), name)).status, "Provisioned");
    assert.equal((await all(requests.listForScope(scope()))).length, 1);
    const id = made.targetRoleAssignmentScheduleId ?? "";
    assert.equal(
      (await client.roleAssignmentSchedules.get(scope(), id)).assignmentType,
      "Assigned",
    );
    assert.equal((await all(client.roleAssignmentSchedules.listForScope(scope()))).length, 1);
    const [instance] = await all(client.roleAssignmentScheduleInstances.listForScope(scope()));
    const same = await client.roleAssignmentScheduleInstances.get(scope(), instance?.name ?? "");
    const plain = await client.roleAssignments.getById(same.originRoleAssignmentId ?? "");
    assert.equal(plain.principalId, users[1]);
    await assert.rejects(requests.cancel(scope(), name), { code: "RequestCannotBeCancelled" });
    const removal = { ...assign, requestType: "AdminRemove" };
    await assert.rejects(requests.create(scope(), newName(), removal), {
      code: "ActiveDurationTooShort",
    });
  });

  it("policies and which role has them", async () => {
    const filter = `roleDefinitionId eq '${role}'`;
    const base = { requestOptions: { customHeaders: {} } };
    const first = await client.roleManagementPolicyAssignments.listForScope(scope(), base).next();
    assert.ok(first.value.policyId);
    const { value: found } = await azure(
      "GET",
      `/${scope()}/providers/Microsoft.Authorization/roleManagementPolicyAssignments?api-version=2020-10-01&$filter=${encodeURIComponent(filter)}`,
    );
    assert.equal(found.length, 1);
    const assignment = await client.roleManagementPolicyAssignments.get(scope(), found[0].name);
    const guid = assignment.policyId?.split("/").at(-1) ?? "";
    const put = await client.roleManagementPolicyAssignments.create(scope(), found[0].name, {
      policyId: assignment.policyId ?? "",
      roleDefinitionId: role,
      scope: `/${scope()}`,
    });
    assert.equal(put.name, found[0].name);
    await client.roleManagementPolicyAssignments.delete(scope(), found[0].name);
    const policy = await client.roleManagementPolicies.get(scope(), guid);
    assert.equal(policy.rules?.length, 17);
    const rules = (policy.rules ?? []).map((rule) =>
      rule.id === "Expiration_Admin_Eligibility" ? { ...rule, isExpirationRequired: false } : rule,
    );
    const changed = await client.roleManagementPolicies.update(scope(), guid, { rules });
    assert.ok(changed.lastModifiedDateTime instanceof Date);
    const rule = changed.rules?.find(({ id }) => id === "Expiration_Admin_Eligibility");
    assert.equal((rule as { isExpirationRequired?: boolean }).isExpirationRequired, false);
    await assert.rejects(client.roleManagementPolicies.delete(scope(), guid), { statusCode: 400 });
    const one = await client.roleManagementPolicies.listForScope(scope()).next();
    assert.equal(one.value.type, "Microsoft.Authorization/RoleManagementPolicies");
  });

  it("role assignments in every spelling", async () => {
    const { roleAssignments } = client;
    const name = newName();
    const body = { roleDefinitionId: role, principalId: users[2] ?? "", principalType: "User" };
    const made = await roleAssignments.create(scope(), name, body);
    const id = made.id ?? "";
    assert.equal((await roleAssignments.get(scope(), name)).id, id);
    assert.equal((await roleAssignments.getById(id)).name, name);
    assert.equal((await roleAssignments.createById(id, body)).name, name);
    const again = roleAssignments.create(scope(), newName(), body);
    await assert.rejects(again, { statusCode: 409, code: "RoleAssignmentExists" });
    assert.equal(
      (await all(roleAssignments.listForScope(scope(), { filter: "atScope()" }))).length,
      1,
    );
    assert.equal((await all(roleAssignments.listForSubscription())).length, 1);
    assert.equal((await all(roleAssignments.listForResourceGroup("app-prod"))).length, 1);
    const ofResource = roleAssignments.listForResource(
      "app-prod",
      "Microsoft.Storage",
      "storageAccounts",
      "contosoappprod",
    );
    assert.equal((await all(ofResource)).length, 1);
    assert.equal((await roleAssignments.delete(scope(), name)).name, name);
    assert.equal(await absent(roleAssignments.deleteById(id)), true);
  });

  // The client gives an empty answer for 204.
  async function absent(deletion: Promise<{ name?: string }>): Promise<boolean> {
    return (await deletion)?.name === undefined;
  }

  it("role definitions, built-in and custom", async () => {
    const { roleDefinitions } = client;
    const filter = "roleName eq 'Reader'";
    const [reader] = await all(roleDefinitions.list(scope(), { filter }));
    assert.equal(reader?.name, READER);
    assert.equal((await roleDefinitions.getById(roleAt(READER))).roleName, "Reader");
    const name = newName();
    const made = await roleDefinitions.createOrUpdate(scope(), name, {
      roleName: "Restarter",
      description: "restarts",
      roleType: "CustomRole",
      assignableScopes: [resourceGroup],
      permissions: [{ actions: ["Microsoft.Compute/virtualMachines/restart/action"] }],
    });
    assert.equal(made.roleType, "CustomRole");
    assert.equal((await roleDefinitions.get(scope(), name)).roleName, "Restarter");
    const custom = await all(
      roleDefinitions.list(resourceGroup, { filter: "type eq 'CustomRole'" }),
    );
    assert.deepEqual(
      custom.map(({ roleName }) => roleName),
      ["Restarter"],
    );
    const assign = client.roleEligibilityScheduleRequests.create(scope(), newName(), {
      principalId: users[1] ?? "",
      roleDefinitionId: roleAt(name),
      requestType: "AdminAssign",
      scheduleInfo: WINDOW,
    });
    await assert.rejects(assign, { code: "ScopeDoesNotMatchRoleDefinition" });
    assert.equal((await roleDefinitions.delete(scope(), name)).name, name);
    const all928 = await all(roleDefinitions.list(scope()));
    assert.ok(all928.length > 900);
  });

  it("what a person can activate, and the neighbours", async () => {
    await client.roleEligibilityScheduleRequests.create(resourceGroup, newName(), {
      principalId: users[1] ?? "",
      roleDefinitionId: role,
      requestType: "AdminAssign",
      scheduleInfo: WINDOW,
    });
    const ann = await clientFor({ user: users[1] ?? "" });
    const filter = "resourceType eq 'resourcegroup'";
    const [child] = await all(ann.eligibleChildResources.list(scope(), { filter }));
    assert.equal(child?.name, "app-prod");
    const mine = await all(
      ann.roleEligibilityScheduleInstances.listForScope("", { filter: "asTarget()" }),
    );
    assert.equal(mine.length, 1);
    const admin = await clientFor({ user: users[0] ?? "" });
    await admin.globalAdministrator.elevateAccess();
    const permissions = await all(admin.permissions.listForResourceGroup("app-prod"));
    assert.ok(permissions.some(({ actions }) => actions?.includes("Microsoft.Authorization/*")));
    const ofResource = admin.permissions.listForResource(
      "app-prod",
      "Microsoft.Storage",
      "",
      "storageAccounts",
      "contosoappprod",
    );
    assert.equal((await all(ofResource)).length, permissions.length);
    await assert.rejects(ann.globalAdministrator.elevateAccess(), { statusCode: 403 });
    assert.deepEqual(await all(client.denyAssignments.list()), []);
    assert.deepEqual(await all(client.denyAssignments.listForScope(scope())), []);
    assert.deepEqual(await all(client.denyAssignments.listForResourceGroup("app-prod")), []);
    await assert.rejects(client.denyAssignments.get(scope(), newName()), { statusCode: 404 });
    assert.deepEqual(await all(client.classicAdministrators.list()), []);
    const metadata = client.providerOperationsMetadataOperations;
    assert.equal((await metadata.get("Microsoft.Authorization")).name, "Microsoft.Authorization");
    assert.equal((await all(metadata.list())).length, 1);
  });
});
