import * as pulumi from "@pulumi/pulumi";
import { isPromise } from "./read-args";

/**
 * The same arguments with null where an Output or Promise holds nothing. Pulumi would leave such a property out without
 * a word, and an assignment whose scope went missing would hold in the whole tenant. The host refuses null by name.
 */
export function markEmptyOutputs(sent: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, marked(value)]));
}

function marked(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || isPromise(value)) {
    const output: pulumi.Output<unknown> = pulumi.output(value as pulumi.Input<unknown>);
    return output.apply((held) => held ?? null);
  }
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value;
  return markEmptyOutputs(value as Record<string, unknown>);
}
