import type { TokenClaims } from "../http/token-claims";
import type { Surface } from "../model/constants";
import { callerIn } from "./caller";
import type { Tenant } from "./tenant";

/** Who acts for themselves. */
export interface Person {
  /** Object id. */
  id: string;
  name: string;
}

/** What a person wants to do; each needs permissions of its own. */
export type Task = "look" | "activate" | "extend" | "decide";

/** The signed-in identity cannot act as a person here; nothing was asked of the service. */
export class NotAPersonError extends Error {
  override name = "NotAPersonError" as const;
}

/** Applications of Microsoft that people sign in with, which have none of PIM's permissions on Graph. */
const TOOLS: Readonly<Record<string, string>> = {
  "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "the Azure CLI",
  "1950a258-227b-4e31-a9cf-717495945fc2": "Azure PowerShell",
};

const GUIDE =
  "sign in with a public client registered in the tenant: set entra-pim:clientId and entra-pim:useBrowser or entra-pim:useDeviceCode (commands: --client-id), see docs/guides/activate-and-approve.md in node_modules/pulumi-entra-pim";

/** Permissions on Graph, by task: of each list one is enough. */
export const PERSON_PERMISSIONS: Record<
  Exclude<Surface, "azureRoles">,
  Record<Task, readonly (readonly string[])[]>
> = {
  directoryRoles: {
    look: [
      [
        "RoleEligibilitySchedule.Read.Directory",
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
        "RoleManagement.Read.All",
      ],
    ],
    activate: [
      ["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    ],
    extend: [["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"]],
    decide: [
      ["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
      ["PrivilegedAccess.ReadWrite.AzureAD"],
    ],
  },
  groups: {
    look: [
      [
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
        "PrivilegedAccess.Read.AzureADGroup",
        "PrivilegedAccess.ReadWrite.AzureADGroup",
      ],
    ],
    activate: [
      [
        "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
        "PrivilegedAccess.ReadWrite.AzureADGroup",
      ],
    ],
    extend: [
      [
        "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
        "PrivilegedAccess.ReadWrite.AzureADGroup",
      ],
    ],
    decide: [
      [
        "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
        "PrivilegedAccess.ReadWrite.AzureADGroup",
      ],
    ],
  },
};

/** The person who signed in; throws when it is nobody, or when the token cannot do it. No service is called. */
export async function personOf(tenant: Tenant, surface: Surface, task: Task): Promise<Person> {
  const claims = await tenant.claims(surface);
  const problem = personProblem(surface, task, claims);
  if (problem !== undefined) throw new NotAPersonError(problem);
  const { ids, name } = callerIn(claims);
  return { id: ids[0] ?? "", name };
}

/** Why a token cannot do what a person wants; undefined when it can. */
export function personProblem(
  surface: Surface,
  task: Task,
  claims: TokenClaims,
): string | undefined {
  const { appOnly, name, ids } = callerIn(claims);
  const what = WORDS[task];
  if (appOnly) {
    return `${name} is an application (a service principal, a managed identity or a pipeline), and only a person can ${what}; ${GUIDE}`;
  }
  if (ids.length === 0)
    return `the token does not say whose it is, and only a person can ${what}; ${GUIDE}`;
  if (surface === "azureRoles") return undefined;
  const missing = missingPermissions(surface, task, claims);
  if (missing.length === 0) return undefined;
  const tool = TOOLS[claims.appid?.toLowerCase() ?? ""];
  const list = missing.join(" and ");
  if (tool !== undefined) {
    return `the token is of ${tool}, whose application lacks the permissions of PIM on Microsoft Graph (${list}) and cannot be given them; it serves Azure roles only; ${GUIDE}`;
  }
  return `${name} signed in with application ${claims.appid ?? "(unnamed)"}, which lacks the delegated permission ${list}; add it to the application's registration and have an administrator consent`;
}

/** The first of each list of which none was granted. */
export function missingPermissions(
  surface: Exclude<Surface, "azureRoles">,
  task: Task,
  { scp }: TokenClaims,
): string[] {
  return PERSON_PERMISSIONS[surface][task]
    .filter((alternatives) => !alternatives.some((permission) => scp.includes(permission)))
    .flatMap(([first]) => first ?? []);
}

const WORDS: Record<Task, string> = {
  look: "be eligible for a role",
  activate: "activate a role",
  extend: "ask to extend or renew access",
  decide: "approve or deny",
};
