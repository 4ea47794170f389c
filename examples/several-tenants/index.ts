import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

interface Tenant {
  /** Arguments of `pim.Provider`: the tenant, and whatever else differs from the stack's configuration. */
  connection: pim.ProviderArgs;
  /** The same for `azuread.Provider`. */
  directory?: azuread.ProviderArgs;
  helpdesk: pim.PrincipalArgs;
  owner: pim.PrincipalArgs;
}

const justification = "CHG-1301";
const tenants = new pulumi.Config().requireObject<Record<string, Tenant>>("tenants");

for (const [name, { connection, directory, helpdesk, owner }] of Object.entries(tenants)) {
  const tenant = new pim.Provider(name, connection);
  // A component that makes a group needs to be told the tenant for both packages.
  const native = new azuread.Provider(name, { tenantId: connection.tenantId, ...directory });

  const group = new pim.PrivilegedGroup(
    `${name}-helpdesk`,
    {
      newGroup: { displayName: "Helpdesk", assignableToRole: true, owners: [owner] },
      member: {
        settings: pim.preset("cisa", pim.Tier.High),
        activeAssignments: {
          first: { principal: helpdesk, expiration: { duration: "P90D" }, justification },
        },
      },
    },
    { providers: [tenant, native] },
  );
  new pim.DirectoryRole(
    `${name}-helpdesk-administrator`,
    {
      role: pim.EntraRole.HelpdeskAdministrator,
      settings: pim.preset("cisa", pim.Tier.High),
      eligibleAssignments: {
        helpdesk: {
          principal: { group: group.groupId },
          expiration: { duration: "P90D" },
          justification,
        },
      },
    },
    { provider: tenant },
  );
}
