import type * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { objectIdIn } from "../model/principal";
import { newRefusal } from "../resources/new-refusal";
import type { PrincipalArgs } from "../resources/principal-args";
import { nativePackage } from "./native-packages";
import type { NewGroupArgs } from "./privileged-group-args";
import { type ChildOptions, childOptions } from "./role-access";

/** A group that was made, as far as the component needs it. */
export interface MadeGroup {
  /** `/groups/{id}`, for people who name it in this way. */
  id: pulumi.Output<string>;
  /** The object id; fails when the group is not of the declared kind. */
  objectId: pulumi.Output<string>;
}

/** Makes a security group through azuread, with explicit owners and without members of its own. */
export function createGroup(
  component: pulumi.ComponentResource,
  name: string,
  args: NewGroupArgs,
  dependsOn: ChildOptions["dependsOn"],
): MadeGroup {
  const { GroupWithoutMembers } = nativePackage<typeof azuread>("@pulumi/azuread");
  const { displayName, description, assignableToRole = false, owners } = args;
  const group = new GroupWithoutMembers(
    `${name}/group`,
    {
      displayName,
      ...(description === undefined ? {} : { description }),
      securityEnabled: true,
      assignableToRole,
      owners: owners.map((owner) => ownerId(component, owner)),
    },
    // Changing the kind would replace the group, and whatever it holds would be lost: refused below instead.
    { ...childOptions(component, dependsOn), ignoreChanges: ["assignableToRole"] },
  );
  const kinds = pulumi.all([group.objectId, group.assignableToRole, assignableToRole]);
  const objectId = kinds.apply(([id, is, declared]) => sameKind(name, id, is, declared));
  return { id: group.id, objectId };
}

function sameKind(name: string, id: string, is: boolean | undefined, declared: boolean): string {
  if (is === undefined || is === declared) return id;
  throw newRefusal(`PrivilegedGroup "${name}"`, [
    {
      path: "newGroup.assignableToRole",
      got: declared,
      expected: `${is}, as the group was made`,
      fix: "it cannot be changed: make another group under another name",
    },
  ]);
}

/** The object id of an owner; a name is asked for, because azuread takes ids only. */
function ownerId(component: pulumi.ComponentResource, owner: PrincipalArgs): pulumi.Output<string> {
  const [kind, text] = Object.entries(owner)[0] ?? [];
  return pulumi.output(text).apply((name = "") => idOf(component, kind, name));
}

async function idOf(
  component: pulumi.ComponentResource,
  kind: string | undefined,
  name: string,
): Promise<string> {
  const id = objectIdIn(name);
  if (id !== undefined) return id;
  const { getServicePrincipal, getUser } = nativePackage<typeof azuread>("@pulumi/azuread");
  const found =
    kind === "servicePrincipal"
      ? await getServicePrincipal({ displayName: name }, { parent: component })
      : await getUser({ userPrincipalName: name }, { parent: component });
  return found.objectId;
}
