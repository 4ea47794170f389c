const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** Milliseconds since the epoch of an RFC 3339 instant; undefined when it is none. Fractions of any length are read. */
export function parseInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, seconds = "", fraction = "", zone = ""] = match;
  const ms = Date.parse(`${seconds.toUpperCase()}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  if (Number.isNaN(ms)) return undefined;
  return rollsOver(seconds, zone, ms) ? undefined : ms;
}

/** Newest first. The services leave out zeros at the end of a fraction, so that texts do not sort as instants do. */
export function newestFirst<Row extends { createdAt: string }>(rows: readonly Row[]): Row[] {
  return [...rows].sort(
    (a, b) =>
      (parseInstant(b.createdAt) ?? 0) - (parseInstant(a.createdAt) ?? 0) ||
      digitsOf(b.createdAt) - digitsOf(a.createdAt),
  );
}

/** The fraction of a second, to its last digit. */
function digitsOf(text: string): number {
  return Number(`0${INSTANT.exec(text)?.[2] ?? ""}`);
}

/** The instant in RFC 3339, UTC, without fractions that are zero. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

/** Date.parse reads 30 February as 2 March: such a day is refused, not moved. */
function rollsOver(local: string, zone: string, ms: number): boolean {
  const sign = zone.startsWith("-") ? -1 : 1;
  const offset =
    zone.toUpperCase() === "Z"
      ? 0
      : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000;
  return new Date(ms + offset).toISOString().slice(0, 10) !== local.slice(0, 10);
}
