import type { GraphClient } from "../http/graph";
import type { PrincipalReference } from "../model/principal";
import type { WirePrincipal } from "../surfaces/graph-wire/schedule-codec";
import type { PrincipalFound } from "../surfaces/surface";
import { namesOf, searchPath, typedPrincipal } from "./principal-collections";

/** One question: who has this name in this property. */
interface Search {
  reference: PrincipalReference;
  property: string;
  /** Which of the names it is about. */
  index: number;
}

/** Whom each of the names may mean: those who have it in the first property in which anybody has it. */
export async function searchNames(
  graph: GraphClient,
  references: readonly PrincipalReference[],
): Promise<(PrincipalFound[] | Error)[]> {
  const found: (PrincipalFound[] | Error)[] = references.map(() => []);
  for (let round = 0; ; round += 1) {
    const open = references.flatMap((reference, index): Search[] => {
      const property = namesOf(reference.kind)[round];
      const before = found[index];
      const isOpen = Array.isArray(before) && before.length === 0;
      return isOpen && property !== undefined ? [{ reference, property, index }] : [];
    });
    if (open.length === 0) return found;
    const answers = await listAll(graph, open);
    for (const [at, { index }] of open.entries()) found[index] = answers[at] ?? [];
  }
}

async function listAll(
  graph: GraphClient,
  searches: readonly Search[],
): Promise<(PrincipalFound[] | Error)[]> {
  const answers = await listWire(graph, searches);
  return answers.map((answer, at) => {
    const kind = searches[at]?.reference.kind ?? "user";
    return answer instanceof Error ? answer : answer.map((wire) => typedPrincipal(kind, wire));
  });
}

async function listWire(
  graph: GraphClient,
  searches: readonly Search[],
): Promise<(WirePrincipal[] | Error)[]> {
  const [only, ...others] = searches;
  if (only === undefined) return [];
  const paths = searches.map(({ reference, property }) => searchPath(reference, property));
  if (others.length > 0) return graph.batchList(paths, { purpose: "looking up names" });
  const { kind, text } = only.reference;
  const purpose = `looking up ${kind} ${JSON.stringify(text)}`;
  return [await graph.list<WirePrincipal>(paths[0] ?? "", { purpose })];
}
