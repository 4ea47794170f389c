import type * as pulumi from "@pulumi/pulumi";
import { objectIdIn, type PrincipalReference, principalReference } from "../model/principal";
import { referencesText } from "../model/principals-text";
import { isUnknown } from "../model/unknown";
import { perRun } from "./per-run";
import type { PrincipalArgs } from "./principal-args";

/** As many look-ups as one batch of the service takes. */
const BATCH = 20;

/** The names that a program gives, by the provider whose tenant they are of. */
const programs = perRun(() => new Map<pulumi.ProviderResource | undefined, Names>());

interface Names {
  readonly references: PrincipalReference[];
  readonly positions: Map<string, number>;
}

/**
 * Notes a principal's name and answers, once all of the program's are noted, the names to look up together with it.
 * The engine checks one resource at a time, so the host sees a name only after it looked up the one before.
 */
export function namesBeside(
  principal: PrincipalArgs | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
): Promise<string | undefined> | undefined {
  const reference = nameIn(principal);
  if (reference === undefined) return undefined;
  const names = namesOf(opts?.provider ?? opts?.parent?.getProvider("pulumi-nodejs:dynamic:x"));
  const position = note(names, reference);
  return Promise.resolve().then(() => {
    const first = position - (position % BATCH);
    const batch = names.references.slice(first, first + BATCH);
    return batch.length < 2 ? undefined : referencesText(batch);
  });
}

function nameIn(principal: PrincipalArgs | undefined): PrincipalReference | undefined {
  const plain = Object.entries(principal ?? {}).filter(([, text]) => typeof text === "string");
  const reference = principalReference(Object.fromEntries(plain));
  if (reference === undefined || isUnknown(reference.text)) return undefined;
  return objectIdIn(reference.text) === undefined ? reference : undefined;
}

function namesOf(provider: pulumi.ProviderResource | undefined): Names {
  const known = programs().get(provider) ?? { references: [], positions: new Map() };
  programs().set(provider, known);
  return known;
}

function note({ references, positions }: Names, reference: PrincipalReference): number {
  const text = referencesText([reference]);
  const position = positions.get(text) ?? references.push(reference) - 1;
  positions.set(text, position);
  return position;
}
