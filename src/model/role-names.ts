import type { Surface } from "./constants";
import { AzureBuiltInRole } from "./roles-azure";
import { EntraRole } from "./roles-entra";

/** The name of a built-in role, for people who read an id; undefined for a custom role. */
export function builtInRoleName(surface: Surface, roleDefinitionId: string): string | undefined {
  if (surface === "groups") return undefined;
  return namesOf(surface).get(roleDefinitionId.toLowerCase());
}

const names = new Map<Surface, Map<string, string>>();

function namesOf(surface: "directoryRoles" | "azureRoles"): Map<string, string> {
  const roles: Record<string, string> = surface === "directoryRoles" ? EntraRole : AzureBuiltInRole;
  const known =
    names.get(surface) ?? new Map(Object.entries(roles).map(([key, id]) => [id, spaced(key)]));
  names.set(surface, known);
  return known;
}

/** `ExchangeAdministrator` as `Exchange Administrator`, `AIReader` as `AI Reader`. */
function spaced(key: string): string {
  return key.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");
}
