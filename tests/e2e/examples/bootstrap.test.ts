import assert from "node:assert/strict";
import { ExampleStage, type Item } from "./example-stage";

const SCOPE = "/providers/Microsoft.Management/managementGroups/landing-zones";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";

describe("examples/bootstrap", function () {
  this.timeout(600_000);
  let on: ExampleStage;

  before(async () => {
    on = await ExampleStage.start({ example: "bootstrap" });
  });
  after(() => on.close());

  async function identity(name: string) {
    const [application] = await on.list(`/applications?$filter=displayName eq '${name}'`);
    const [principal] = await on.list(`/servicePrincipals?$filter=displayName eq '${name}'`);
    assert.ok(application !== undefined && principal !== undefined, `there is ${name}`);
    const granted = await on.list(`/servicePrincipals/${principal.id}/appRoleAssignments`);
    const [graph] = await on.list("/servicePrincipals?$filter=displayName eq 'Microsoft Graph'");
    const roles = graph?.["appRoles"] as Item[];
    const permissions = granted
      .map(({ appRoleId }) => String(roles.find(({ id }) => id === appRoleId)?.["value"]))
      .sort();
    const credentials = await on.list(
      `/applications/${application.id}/federatedIdentityCredentials`,
    );
    return { application, principal, permissions, credentials };
  }

  it("makes an identity that reads and one that writes, without secrets", async () => {
    await on.up([]);
    const reader = await identity("pim (previews)");
    const writer = await identity("pim (deployments)");
    assert.deepEqual(
      [reader, writer].map(({ credentials }) => credentials.map(({ subject }) => subject)),
      [["repo:contoso/access:pull_request"], ["repo:contoso/access:environment:production"]],
    );
    assert.ok(reader.permissions.length > 3);
    assert.deepEqual(
      reader.permissions.filter((permission) => /Write/.test(permission)),
      [],
    );
    assert.ok(writer.permissions.includes("RoleManagementPolicy.ReadWrite.Directory"));
    assert.ok(writer.permissions.includes("PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"));
    assert.deepEqual(reader.application["passwordCredentials"], []);

    const rows = await on.azureRows("Assignment", SCOPE);
    assert.ok(rows.includes(`${reader.principal.id} ${READER}`), rows.join(", "));
    assert.ok(rows.includes(`${writer.principal.id} ${USER_ACCESS_ADMINISTRATOR}`));

    const { workflow, readClientId, writeClientId } = await on.project.outputs();
    assert.equal(readClientId, reader.application["appId"]);
    assert.equal(writeClientId, writer.application["appId"]);
    assert.match(String(workflow), new RegExp(`ARM_CLIENT_ID: ${readClientId}`));
  });

  it("has nothing to do afterwards", async () => {
    assert.deepEqual(await on.up(), []);
  });

  it("repairs what somebody changed: a subject, a name, a permission", async () => {
    const { application, principal, credentials } = await identity("pim (deployments)");
    const at = `/applications/${application.id}/federatedIdentityCredentials/${credentials[0]?.id}`;
    await on.tenant.graph("PATCH", at, { subject: "repo:contoso/access:ref:refs/heads/any" });
    const [permission] = await on.list(`/servicePrincipals/${principal.id}/appRoleAssignments`);
    await on.tenant.graph(
      "DELETE",
      `/servicePrincipals/${permission?.["resourceId"]}/appRoleAssignedTo/${permission?.id}`,
    );
    const drift = await on.drift();
    assert.equal(drift["pim/write/credential"], "update subject");
    assert.equal(Object.keys(drift).length, 2, JSON.stringify(drift));
    await on.up(["--skip-preview", "--refresh"]);
    const repaired = await identity("pim (deployments)");
    assert.deepEqual(
      repaired.credentials.map(({ subject }) => subject),
      ["repo:contoso/access:environment:production"],
    );
    assert.deepEqual(await on.drift(), {});
  });

  it("takes both away", async () => {
    await on.destroy();
    assert.deepEqual(await on.list("/applications?$filter=startswith(displayName,'pim ')"), []);
    const left = await on.azureRows("Assignment", SCOPE);
    assert.deepEqual(left, []);
  });
});
