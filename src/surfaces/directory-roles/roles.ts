import type { GraphClient } from "../../http/graph";
import { isGuid } from "../../model/constants";
import type { RoleFound } from "../surface";

interface WireRoleDefinition {
  id: string;
  displayName: string;
  templateId?: string | null;
  isBuiltIn?: boolean | null;
  isEnabled?: boolean | null;
}

/** The role definitions of a tenant, read once when first asked for. */
export class RoleDefinitions {
  private listing: Promise<WireRoleDefinition[]> | undefined;

  constructor(private readonly graph: GraphClient) {}

  /** The roles that a text may mean: by id, by template id, else by display name in any letter case. */
  async find(text: string, scope: string): Promise<RoleFound[]> {
    const definitions = await this.all();
    const wanted = text.toLowerCase();
    const matches = isGuid(text)
      ? definitions.filter(
          ({ id, templateId }) =>
            id.toLowerCase() === wanted || templateId?.toLowerCase() === wanted,
        )
      : definitions.filter(({ displayName }) => displayName.toLowerCase() === wanted);
    return matches.map((definition) => ({
      role: { surface: "directoryRoles", roleDefinitionId: definition.id.toLowerCase(), scope },
      name: definition.displayName,
      isBuiltIn: definition.isBuiltIn === true,
      isAssignable: definition.isEnabled !== false,
    }));
  }

  async names(): Promise<string[]> {
    return (await this.all()).map(({ displayName }) => displayName);
  }

  /** The id of the role that a policy speaks of: policies carry the template id, which custom roles do not share. */
  async byTemplate(): Promise<Map<string, string>> {
    return new Map(
      (await this.all()).map(({ id, templateId }) => [
        (templateId ?? id).toLowerCase(),
        id.toLowerCase(),
      ]),
    );
  }

  async templates(): Promise<Map<string, string>> {
    return new Map(
      (await this.all()).map(({ id, templateId }) => [
        id.toLowerCase(),
        (templateId ?? id).toLowerCase(),
      ]),
    );
  }

  /** A listing that failed is asked for again by whoever comes next. */
  private all(): Promise<WireRoleDefinition[]> {
    this.listing ??= this.graph
      .list<WireRoleDefinition>(
        "/roleManagement/directory/roleDefinitions?$select=id,displayName,templateId,isBuiltIn,isEnabled",
        {
          purpose: "listing role definitions",
        },
      )
      .catch((error: unknown) => {
        this.listing = undefined;
        throw error;
      });
    return this.listing;
  }
}
