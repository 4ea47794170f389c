/**
 * Continuation of lists: the cursor is the place of the last row sent, so that rows made or removed meanwhile move
 * nothing.
 */

/** The query string that asks for what comes after a place. */
export function continued(search: string, seq: number): string {
  const parameters = new URLSearchParams(search);
  for (const name of [...parameters.keys()]) {
    if (/^\$skip(token)?$/i.test(name)) parameters.delete(name);
  }
  parameters.set("$skiptoken", Buffer.from(`place:${seq}`).toString("base64url"));
  return parameters.toString().replaceAll("%24", "$").replaceAll("+", "%20");
}

/** The place that a token means; undefined for one that is none of ours. */
export function placeOf(token: string | undefined): number | undefined {
  if (token === undefined) return 0;
  const place = /^place:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  return place === undefined ? undefined : Number(place);
}
