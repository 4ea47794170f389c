import type { LiveFacts, PrincipalFacts } from "../model/access-facts";
import { isBag, parseBag } from "./baseline";
import { PreviewInputError } from "./read-plan";

/** A names file: a name, or what is known of the object, by object id. */
export function readNames(text: string, file: string): Record<string, PrincipalFacts> {
  const names: Record<string, PrincipalFacts> = {};
  for (const [id, value] of Object.entries(parseBag(text, file))) {
    if (typeof value === "string") names[id.toLowerCase()] = { displayName: value };
    else if (isBag(value)) names[id.toLowerCase()] = value as PrincipalFacts;
    else
      throw new PreviewInputError(
        `${file}: ${id}: got ${JSON.stringify(value)}, expected a name or an object`,
      );
  }
  return names;
}

/** Facts of a baseline with live ones over them. */
export function mergeFacts(
  baseline: LiveFacts | undefined,
  live: LiveFacts | undefined,
): LiveFacts | undefined {
  if (baseline === undefined || live === undefined) return live ?? baseline;
  return {
    ...baseline,
    ...live,
    settings: { ...baseline.settings, ...live.settings },
    principals: { ...baseline.principals, ...live.principals },
  };
}
