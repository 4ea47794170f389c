/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date, as a pause in milliseconds from `now`.
 * A date in the past is no pause; a text that is neither is no header.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
