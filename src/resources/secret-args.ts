import * as pulumi from "@pulumi/pulumi";

/**
 * The names of the arguments that hold a secret, for the host, which is told values without their marks. Undefined
 * where nothing can be one: plain values are none.
 */
export function secretArgs(
  sent: Readonly<Record<string, unknown>>,
): Promise<string[] | undefined> | undefined {
  const candidates = Object.entries(sent).filter(([, value]) => holdsOutput(value));
  if (candidates.length === 0) return undefined;
  return Promise.all(
    candidates.map(async ([name, value]) =>
      (await pulumi.isSecret(pulumi.output(value))) ? [name] : [],
    ),
  ).then((names) => (names.flat().length === 0 ? undefined : names.flat()));
}

function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}
