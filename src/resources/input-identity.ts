import * as pulumi from "@pulumi/pulumi";
import { objectIdIn } from "../model/principal";

/** What tells whether two arguments name the same object: an object id, a name, or the very same Output. */
export type InputIdentity = string | object;

/** The identity of an argument; undefined when nothing was given. */
export function identityOf(value: unknown): InputIdentity | undefined {
  if (typeof value === "string") return objectIdIn(value.trim()) ?? value.trim().toLowerCase();
  return pulumi.Output.isInstance(value) ? value : undefined;
}
