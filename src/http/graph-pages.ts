import { type BatchResponse, runBatch } from "./batch";
import type { ServiceError } from "./errors";
import type { CallOptions, Trip } from "./graph-call";
import { followLink, readPage } from "./reply";

/** One page of a collection, and the path of the next. */
export interface GraphPage<T> {
  value: T[];
  /** Begins with a slash, without the version, as the client takes it. */
  next?: string;
}

/** Reads one page of each collection: a single one by itself, several in batches; errors of several as values. */
export async function readPages<T>(
  trip: Trip,
  get: (path: string, options: CallOptions) => Promise<unknown>,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<(GraphPage<T> | ServiceError)[]> {
  const [only, ...others] = paths;
  if (only === undefined) return [];
  const answers: Pick<BatchResponse, "body" | "error">[] =
    others.length === 0
      ? [{ body: await get(only, options) }]
      : await runBatch(
          trip,
          paths.map((path) => ({ method: "GET", path })),
          options,
        );
  return answers.map(({ body, error }, index) => {
    if (error !== undefined) return error;
    const facts = { method: "GET", path: paths[index] ?? "", purpose: options.purpose };
    const { value, nextLink } = readPage(facts, body);
    if (nextLink === undefined) return { value: value as T[] };
    const next = followLink(facts, trip.connection.endpoints.graph, nextLink);
    return { value: value as T[], next: next.replace(/^\/(v1\.0|beta)(?=\/)/, "") };
  });
}
