/** A JSON object. */
export type Json = Record<string, unknown>;

/** A text, or the empty one. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The texts of a list. */
export function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((entry): entry is string => typeof entry === "string")
    : [];
}

/** A JSON object, or an empty one. */
export function object(value: unknown): Json {
  return value !== null && typeof value === "object" ? (value as Json) : {};
}

/** The objects of a list. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}
