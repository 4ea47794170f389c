import { alertOperations } from "./alerts/operations";
import type { Operation } from "./api";
import { armService } from "./arm/dialect";
import { auditOperations } from "./audit-log";
import { accessPolicyOperations } from "./directory/access-policies";
import { applicationOperations } from "./directory/applications";
import { deletedItemOperations } from "./directory/deleted-items";
import { federatedCredentialOperations } from "./directory/federated-credentials";
import { groupOperations } from "./directory/groups";
import { membershipActions } from "./directory/memberships";
import { directoryObjectOperations } from "./directory/objects";
import { organizationOperations } from "./directory/organization";
import { permissionGrantOperations } from "./directory/permission-grants";
import { servicePrincipalOperations } from "./directory/service-principals";
import { unitOperations } from "./directory/units";
import { userOperations } from "./directory/users";
import { groupPimOperations } from "./groups/operations";
import { loginOperations } from "./login";
import { policyOperations } from "./pim/policies";
import { reviewOperations } from "./reviews/graph/operations";
import { approvalOperations } from "./roles/approvals";
import { bothSchedulesOperations } from "./roles/both-schedules";
import { directoryRoleOperations } from "./roles/directory-roles";
import { roleAssignmentOperations } from "./roles/role-assignments";
import { roleDefinitionOperations } from "./roles/role-definitions";
import { scheduleRequestOperations } from "./roles/schedule-requests";
import { scheduleOperations } from "./roles/schedules";
import { scopedRoleOperations } from "./roles/scoped-roles";
import { Router } from "./router";
import type { Version } from "./schema";
import type { SignIns } from "./sign-in";
import type { TokenService } from "./tokens";
import type { Service } from "./wire";

/** Every operation of Microsoft Graph that is emulated: a new family adds its table here. */
const graphOperations: readonly Operation[] = [
  ...userOperations,
  ...groupOperations,
  ...directoryObjectOperations,
  ...membershipActions,
  ...applicationOperations,
  ...federatedCredentialOperations,
  ...accessPolicyOperations,
  ...servicePrincipalOperations,
  ...permissionGrantOperations,
  ...unitOperations,
  ...scopedRoleOperations,
  ...deletedItemOperations,
  ...organizationOperations,
  ...roleDefinitionOperations,
  ...roleAssignmentOperations,
  ...alertOperations,
  ...reviewOperations,
  ...auditOperations,
  ...directoryRoleOperations,
  ...scheduleRequestOperations,
  ...scheduleOperations,
  ...bothSchedulesOperations,
  ...approvalOperations,
  ...policyOperations,
  ...groupPimOperations,
];

const graphRouter = new Router(graphOperations);

/** The emulated services, in the order in which they are asked for a path. */
export function createServices(tokens: TokenService, signIns: SignIns): readonly Service[] {
  return [graphService, armService, loginService(tokens, signIns)];
}

const graphService: Service = {
  name: "graph",
  router: graphRouter,
  isOData: true,
  audiences: (origin) => [
    origin,
    "https://graph.microsoft.com",
    "00000003-0000-0000-c000-000000000000",
  ],
  accepts: (path) => {
    const parts = /^\/(v1\.0|beta)(\/.*)?$/i.exec(path);
    return parts === null
      ? undefined
      : { path: parts[2] ?? "/", version: (parts[1] ?? "").toLowerCase() as Version };
  },
};

function loginService(tokens: TokenService, signIns: SignIns): Service {
  return {
    name: "login",
    router: new Router(loginOperations(tokens, signIns)),
    isOData: false,
    audiences: () => [],
    accepts: (path) => ({ path, version: "v1.0" }),
  };
}
