import { isForPeople } from "./error-body";
import { ProtocolError, serviceError } from "./errors";
import type { CallFacts, ReplyFacts } from "./exchange";

/** One page of a collection. */
export interface Page {
  value: unknown[];
  nextLink?: string;
}

/** Reads the body of an answer; an error answer is thrown, an empty one is undefined. */
export function readReply(call: CallFacts, reply: ReplyFacts, now: number): unknown {
  if (reply.status >= 400) throw serviceError(call, reply, now);
  if (reply.status >= 300) throw new ProtocolError(call, `answered ${reply.status}, a redirection`);
  if (reply.text.trim() === "") return undefined;
  try {
    return JSON.parse(reply.text);
  } catch (cause) {
    throw new ProtocolError(call, `answered ${reply.status} with ${whatCame(reply)}`, { cause });
  }
}

/** A page for people comes from whatever stands between us and the service. */
function whatCame(reply: ReplyFacts): string {
  return isForPeople(reply)
    ? "an HTML page, not JSON; a proxy or a sign-in page answered in the service's place"
    : "a body that is not JSON";
}

/** Reads a page; a body without `value` is never an empty list. */
export function readPage(call: CallFacts, body: unknown): Page {
  const { value, ...rest } = isRecord(body) ? body : {};
  if (!Array.isArray(value)) throw new ProtocolError(call, 'answered a page without "value"');
  const link =
    (rest as Record<string, unknown>)["@odata.nextLink"] ??
    (rest as Record<string, unknown>).nextLink;
  if (link === undefined || link === null || link === "") return { value };
  if (typeof link !== "string")
    throw new ProtocolError(call, "answered a page whose link is no text");
  return { value, nextLink: link };
}

/**
 * Reads the path of a link to the next page, relative to the base address. A link to anywhere else is
 * refused: it would carry our token to another host.
 */
export function followLink(call: CallFacts, base: string, link: string): string {
  const from = new URL(base);
  const to = parseUrl(link);
  if (!to || to.origin !== from.origin) {
    const where = to ? to.origin : "no address";
    throw new ProtocolError(
      call,
      `answered a link to ${where}, expected ${from.origin}; not followed`,
    );
  }
  const prefix = from.pathname.replace(/\/+$/, "");
  if (!to.pathname.startsWith(`${prefix}/`)) {
    throw new ProtocolError(call, `answered a link outside ${base}; not followed`);
  }
  return to.pathname.slice(prefix.length) + to.search;
}

/** Collects all pages; the same link twice is an error, not an endless loop. */
export async function collectPages<T>(
  call: CallFacts,
  first: string,
  read: (path: string) => Promise<Page>,
  follow: (link: string) => string,
): Promise<T[]> {
  const rows: T[] = [];
  const seen = new Set<string>();
  for (let path: string | undefined = first; path !== undefined; ) {
    if (seen.has(path))
      throw new ProtocolError(call, "answered a link to a page that was read already");
    seen.add(path);
    const page: Page = await read(path);
    for (const row of page.value) rows.push(row as T);
    path = page.nextLink === undefined ? undefined : follow(page.nextLink);
  }
  return rows;
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined; // relative or broken: refused by the caller
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
