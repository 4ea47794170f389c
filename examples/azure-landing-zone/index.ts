import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

type RoleName = keyof typeof pim.AzureBuiltInRole;

interface Access {
  role: RoleName;
  scope: string;
  tier: pim.Tier;
  teams: Record<string, string>;
  except?: RoleName[];
}

const config = new pulumi.Config();
const justification = config.require("justification");
const teams = config.requireObject<Record<string, pim.PrincipalArgs>>("teams");
const admin = { additionalRecipients: config.requireObject<string[]>("alertRecipients") };
const ours: pim.SettingsArgs = {
  activation: { approvers: config.requireObject<pim.PrincipalArgs[]>("approvers") },
  notifications: { activation: { admin }, activeAssignment: { admin } },
};

// Made here, so that access to it is declared together with it.
const workload = new ResourceGroup("workload", { resourceGroupName: "workload-prod" });
const scopes: Record<string, pulumi.Input<string>> = {
  ...config.requireObject<Record<string, string>>("scopes"),
  workload: workload.id,
};

/** Lets somebody give access, but no role by which they could give more. */
function conditionFor(except: RoleName[]): string {
  const ids = except.map((name) => pim.AzureBuiltInRole[name]).join(", ");
  const guarded = (action: string, object: string) =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (@${object}` +
    `[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${ids}}))`;
  return `${guarded("write", "Request")} AND ${guarded("delete", "Resource")}`;
}

const access = config.requireObject<Record<string, Access>>("access");
for (const [name, { role, scope, tier, except, ...given }] of Object.entries(access)) {
  const eligible = Object.entries(given.teams).map(([team, duration]) => {
    const grant = { principal: teams[team], expiration: { duration }, justification };
    return [team, except === undefined ? grant : { ...grant, condition: conditionFor(except) }];
  });
  new pim.AzureRole(name, {
    role: pim.AzureBuiltInRole[role],
    scope: scopes[scope],
    settings: pim.preset("microsoft", tier, ours),
    eligibleAssignments: Object.fromEntries(eligible),
  });
}

export const workloadId = workload.id;
