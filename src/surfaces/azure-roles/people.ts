import type { ArmCallOptions, ArmClient } from "../../http/arm";
import { isForbidden, isNotFound } from "../../http/errors";
import type { Problem } from "../../model/problem";
import { azureRoleGuid, normalScope, type RoleTarget } from "../../model/role-target";
import { AzureBuiltInRole } from "../../model/roles-azure";
import type { WireResource } from "../arm-wire/schedule-codec";
import { authorizationPath, lastSegment } from "../arm-wire/scope";
import type { RoleFound } from "../surface";
import type { AzureKey } from "./assignments";
import { atScope } from "./scope-error";

const API_VERSION = "2022-04-01";
const BUILT_IN: ReadonlySet<string> = new Set(Object.values(AzureBuiltInRole));

type AzureTarget = Extract<RoleTarget, { surface: "azureRoles" }>;
type Definition = WireResource<WireRoleDefinition>;

interface WireRoleDefinition {
  roleName: string;
  type?: string | null;
  assignableScopes?: string[] | null;
}

/** The role definitions of scopes, each listing read once. */
export class AzureRoleDefinitions {
  private readonly listings = new Map<string, Promise<Definition[]>>();
  private readonly single = new Map<string, Promise<Definition | undefined>>();

  constructor(private readonly arm: ArmClient) {}

  /** The roles that a text may mean at a scope: a GUID or full id, else a name in any letter case. */
  async find({ role, scope }: AzureTarget): Promise<RoleFound[]> {
    const guid = azureRoleGuid(role);
    const found =
      guid === undefined ? await this.named(role, scope) : [await this.read(guid, scope)];
    return found
      .filter((definition) => definition !== undefined)
      .map(({ name, properties }) => ({
        role: { surface: "azureRoles", roleDefinitionId: guidOf(name), scope },
        name: properties.roleName,
        isBuiltIn: properties.type?.toLowerCase() === "builtinrole",
        isAssignable: covers(properties.assignableScopes, scope),
      }));
  }

  /** The names of the roles that can be assigned at a scope. */
  async names({ scope }: AzureTarget): Promise<string[]> {
    return (await this.list(scope)).map(({ properties }) => properties.roleName);
  }

  /** Whether the role can be given there. Built-in roles can, everywhere; one that is not there yet may be soon. */
  async problems({ roleDefinitionId, scope }: AzureKey): Promise<Problem[]> {
    if (BUILT_IN.has(roleDefinitionId)) return [];
    const definition = await this.read(roleDefinitionId, scope).catch((error: unknown) => {
      if (isForbidden(error)) return undefined;
      throw error;
    });
    if (definition === undefined || covers(definition.properties.assignableScopes, scope))
      return [];
    return [
      {
        path: "azureRole.role",
        got: definition.properties.roleName,
        expected: `a role that can be assigned at ${scope}`,
        fix: `it can be assigned at ${(definition.properties.assignableScopes ?? []).join(", ")}: add the scope there, or use another role`,
      },
    ];
  }

  /** The service may compare names by letter case; when it finds nothing, all names are compared here. */
  private async named(name: string, scope: string): Promise<Definition[]> {
    const filter = encodeURIComponent(`roleName eq '${name.replace(/'/g, "''")}'`);
    const path = `${authorizationPath(scope, "roleDefinitions")}?$filter=${filter}`;
    const isNamed = ({ properties }: Definition) =>
      properties.roleName.toLowerCase() === name.toLowerCase();
    const found = await atScope(scope, () =>
      this.arm.list<Definition>(path, options(`looking up role ${JSON.stringify(name)}`)),
    );
    const named = found.filter(isNamed);
    return named.length > 0 ? named : (await this.list(scope)).filter(isNamed);
  }

  private list(scope: string): Promise<Definition[]> {
    return remember(this.listings, normalScope(scope).toLowerCase(), () =>
      atScope(scope, () =>
        this.arm.list<Definition>(
          authorizationPath(scope, "roleDefinitions"),
          options(`listing roles at ${scope}`),
        ),
      ),
    );
  }

  private read(guid: string, scope: string): Promise<Definition | undefined> {
    return remember(this.single, `${normalScope(scope).toLowerCase()} ${guid}`, async () => {
      try {
        const path = authorizationPath(scope, `roleDefinitions/${guid}`);
        return await this.arm.get<Definition>(path, options("reading a role"));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
  }
}

/** Whether a scope lies within one of those; of a management group the text alone cannot tell. */
function covers(assignableScopes: readonly string[] | null | undefined, scope: string): boolean {
  const wanted = `${normalScope(scope).toLowerCase()}/`;
  return (assignableScopes ?? ["/"]).some((text) => {
    const within = normalScope(text).toLowerCase();
    if (within === "/" || within.includes("/managementgroups/")) return true;
    return wanted.startsWith(`${within}/`);
  });
}

function guidOf(name: string): string {
  return (lastSegment(name) ?? name).toLowerCase();
}

/** An answer is kept; what failed, or was not there yet, is asked for again. */
function remember<T>(
  known: Map<string, Promise<T>>,
  key: string,
  ask: () => Promise<T>,
): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  answer.then(
    (value) => value ?? known.delete(key),
    () => known.delete(key),
  );
  return answer;
}

function options(purpose: string): ArmCallOptions {
  return { apiVersion: API_VERSION, purpose };
}
