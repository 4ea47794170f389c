import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../model/kinds";

/**
 * Who declares a resource, as project/stack/type/name: two owners of one assignment are a mistake that the host
 * reports. The types of the parents belong to it, as they belong to a URN: two components of a team's own may both
 * have a child of the same name.
 */
export function ownerOf(
  kind: Kind,
  name: string,
  opts: pulumi.ResourceOptions | undefined,
): string {
  const types = [...parentTypes(opts?.parent), kind].join("$");
  return [pulumi.getProject(), pulumi.getStack(), types, name].join("/");
}

/** The class names of the parents, outermost first, without the stack. */
function parentTypes(parent: pulumi.Resource | undefined): string[] {
  const types: string[] = [];
  let node = parent as ParentLink | undefined;
  while (node !== undefined) {
    const type = node.__pulumiType;
    if (type !== undefined && type !== "pulumi:pulumi:Stack")
      types.unshift(type.split(":").pop() ?? type);
    node = node.__parentResource;
  }
  return types;
}

/** What the SDK keeps on every resource; there is no public way to a parent. */
interface ParentLink {
  __pulumiType?: string;
  __parentResource?: ParentLink;
}
