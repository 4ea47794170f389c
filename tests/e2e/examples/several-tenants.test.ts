import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { EmulatedTenant, ROLES } from "../../emulated/tenant";
import { ExampleStage, trust } from "./example-stage";

/** One application of both tenants, as a multi-tenant registration is. */
const CLIENT = "5f6b0c2e-8f0e-4a53-9d4a-2f1c6f1f0a77";
const SECRET = "emu~of both tenants";

describe("examples/several-tenants", function () {
  this.timeout(600_000);
  let contoso: ExampleStage;
  let fabrikam: EmulatedTenant;

  before(async () => {
    fabrikam = await EmulatedTenant.start({ tls: true, seed: 2, groups: 0 });
    trust(fabrikam.info.caFile);
    contoso = await ExampleStage.start({
      example: "several-tenants",
      stack: "group",
      emulator: { groups: 0 },
      edit: (directory, tenant) => configure(directory, tenant, fabrikam),
      connection: () => ({
        "entra-pim:clientId": CLIENT,
        "entra-pim:clientSecret": { secret: SECRET },
      }),
    });
    // Node.js takes one file of authorities, and each emulator has its own.
    const files = both().map(({ info }) => readFileSync(info.caFile ?? "", "utf8"));
    const authorities = join(contoso.project.directory, "authorities.pem");
    writeFileSync(authorities, files.join("\n"));
    contoso.project.setVariable("NODE_EXTRA_CA_CERTS", authorities);
  });
  after(async () => {
    await contoso.close();
    await fabrikam.close();
  });

  const both = () => [contoso.tenant, fabrikam];
  const holders = (tenant: EmulatedTenant) => tenant.ends("eligible", ROLES.helpdeskAdministrator);
  const group = async (tenant: EmulatedTenant) => {
    const path = "/groups?$filter=displayName eq 'Helpdesk'";
    const { value } = (await tenant.graph("GET", path)) as { value: { id: string }[] };
    return value.map(({ id }) => id);
  };

  it("gives each tenant its own group and access", async () => {
    await contoso.up([]);
    for (const tenant of both()) {
      const ids = await group(tenant);
      assert.equal(ids.length, 1);
      assert.deepEqual(Object.keys(await holders(tenant)), ids);
    }
    const owners = async (tenant: EmulatedTenant, name: string) => {
      const [id] = await group(tenant);
      const { value } = (await tenant.graph("GET", `/groups/${id}/owners`)) as {
        value: { userPrincipalName: string }[];
      };
      assert.deepEqual(
        value.map(({ userPrincipalName }) => userPrincipalName),
        [name],
      );
    };
    await owners(contoso.tenant, "bob@contoso.com");
    await owners(fabrikam, "david@contoso.com");
  });

  it("has nothing to do afterwards", async () => {
    assert.deepEqual(await contoso.up(), []);
  });

  it("repairs drift in the tenant where it is", async () => {
    const [id = ""] = await group(fabrikam);
    await fabrikam.request("eligible", "adminRemove", id, ROLES.helpdeskAdministrator);
    assert.deepEqual(await contoso.drift(), {
      "fabrikam-helpdesk-administrator/eligible/helpdesk": "update live",
    });
    await contoso.up(["--skip-preview", "--refresh"]);
    assert.deepEqual(Object.keys(await holders(fabrikam)), [id]);
    assert.deepEqual(await contoso.drift(), {});
  });

  it("leaves both tenants as they were", async () => {
    for (const tenant of both()) tenant.advance("PT10M");
    contoso.project.setVariable("ENTRA_PIM_CLOCK_OFFSET", "PT600S");
    await contoso.destroy();
    for (const tenant of both()) {
      assert.deepEqual(await holders(tenant), {});
      assert.deepEqual(await group(tenant), []);
    }
  });
});

/** Puts the tenants' addresses where a real configuration has nothing but their ids. */
function configure(directory: string, contoso: EmulatedTenant, fabrikam: EmulatedTenant): void {
  const file = join(directory, "Pulumi.group.yaml");
  const stack = parse(readFileSync(file, "utf8")) as { config: Record<string, Configured> };
  const tenants = stack.config["entra-pim-several-tenants:tenants"] ?? {};
  for (const [name, { info, control }] of Object.entries({ contoso, fabrikam })) {
    const application = { displayName: "Access", appId: CLIENT, secret: SECRET };
    control.seed({ applications: [{ ...application, permissions: PERMISSIONS }] });
    Object.assign(tenants[name] ?? {}, {
      connection: {
        tenantId: info.tenantId,
        graphEndpoint: info.graph,
        armEndpoint: info.arm,
        authorityHost: info.authority,
      },
      directory: {
        metadataHost: new URL(info.url).host,
        clientId: CLIENT,
        clientSecret: SECRET,
      },
    });
  }
  writeFileSync(file, stringify(stack));
}

type Configured = Record<string, Record<string, unknown>>;

const PERMISSIONS = [
  "Directory.Read.All",
  "Group.ReadWrite.All",
  "RoleManagement.ReadWrite.Directory",
  "RoleManagementPolicy.ReadWrite.Directory",
  "RoleManagementPolicy.ReadWrite.AzureADGroup",
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  "RoleEligibilitySchedule.ReadWrite.Directory",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "User.ReadWrite.All",
];
