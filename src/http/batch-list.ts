import { type BatchResponse, runBatch } from "./batch";
import { ProtocolError, type ServiceError } from "./errors";
import type { CallOptions, Trip } from "./graph-call";
import { followLink, readPage } from "./reply";

interface Reading {
  first: string;
  /** Path of the next page, undefined when all were read. */
  path: string | undefined;
  rows: unknown[];
  seen: Set<string>;
  error?: ServiceError;
}

/** Reads many collections, one page of each per trip; an error is a value in its collection's place. */
export async function runBatchList<T>(
  trip: Trip,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<(T[] | ServiceError)[]> {
  const readings = paths.map(
    (path): Reading => ({ first: path, path, rows: [], seen: new Set([path]) }),
  );
  for (
    let open = readings;
    open.length > 0;
    open = readings.filter(({ path }) => path !== undefined)
  ) {
    const requests = open.map(({ path }) => ({ method: "GET" as const, path: path ?? "" }));
    const responses = await runBatch(trip, requests, options);
    for (const [index, reading] of open.entries()) {
      const response = responses[index];
      if (response) addPage(trip, reading, response, options);
    }
  }
  return readings.map(({ rows, error }) => error ?? (rows as T[]));
}

function addPage(
  trip: Trip,
  reading: Reading,
  response: BatchResponse,
  options: CallOptions,
): void {
  const facts = { method: "GET", path: reading.first, purpose: options.purpose };
  reading.path = undefined;
  if (response.error) {
    reading.error = response.error;
    return;
  }
  const page = readPage(facts, response.body);
  for (const row of page.value) reading.rows.push(row);
  if (page.nextLink === undefined) return;
  const version = options.version ?? "v1.0";
  const next = followLink(facts, trip.connection.endpoints.graph, page.nextLink);
  // Items of a batch have no version of their own.
  if (!next.startsWith(`/${version}/`)) {
    throw new ProtocolError(
      facts,
      `answered a link to another version, expected ${version}; not followed`,
    );
  }
  const path = next.slice(version.length + 1);
  if (reading.seen.has(path)) {
    throw new ProtocolError(facts, "answered a link to a page that was read already");
  }
  reading.seen.add(path);
  reading.path = path;
}
