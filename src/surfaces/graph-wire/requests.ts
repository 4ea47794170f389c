import { isNotFound } from "../../http/errors";
import type { GraphClient } from "../../http/graph";
import type { AssignmentKey } from "../../model/identity";
import { newestFirst } from "../../model/instant";
import type { RequestRow } from "../surface";
import { readRequest, type WireRequest } from "./schedule-codec";

/** Lists the requests for each assignment, newest first: a single list by itself, several in batches. */
export async function readRequestLists<Wire extends WireRequest>(
  graph: GraphClient,
  keys: readonly AssignmentKey[],
  pathOf: (key: AssignmentKey) => string,
  isAbout: (wire: Wire, key: AssignmentKey) => boolean,
): Promise<(RequestRow[] | Error)[]> {
  const options = { purpose: "looking up requests" };
  const paths = keys.map(pathOf);
  const [only = "", ...others] = paths;
  const lists =
    others.length === 0
      ? [await graph.list<Wire>(only, options)]
      : await graph.batchList<Wire>(paths, options);
  return keys.map((key, index) => {
    const wire = lists[index] ?? [];
    if (wire instanceof Error) return wire;
    return newestFirst(wire.filter((request) => isAbout(request, key)).map(readRequest));
  });
}

/** The requests at the paths, in batches; undefined for one that does not exist. */
export async function readRequestsAt(
  graph: GraphClient,
  paths: readonly string[],
): Promise<(RequestRow | Error | undefined)[]> {
  const answers = await graph.batch(
    paths.map((path) => ({ method: "GET", path })),
    { purpose: "following requests" },
  );
  return answers.map(({ body, error }) => {
    if (error !== undefined) return isNotFound(error) ? undefined : error;
    return readRequest(body as WireRequest);
  });
}
