import { parseDuration } from "./clock";

/** What a property of a control request may be. */
export type Kind =
  | "text"
  | "flag"
  | "count"
  | "number"
  | "share"
  | "duration"
  | "instant"
  | "texts"
  | "objects"
  | "object"
  | "nullableObject"
  | readonly (string | boolean)[];

/** The properties that a control request takes; a name with "!" is required. */
export type Shape = Readonly<Record<string, Kind | readonly ["either", Kind, Kind]>>;

/** Refuses a body that is no object, has an unknown property, lacks one, or has one of another type. */
export function checkShape(shape: Shape, body: unknown, at = ""): void {
  const where = at === "" ? "the body" : at;
  if (!isObject(body)) throw new RangeError(`${where}: expected an object`);
  const kinds = new Map(Object.entries(shape).map(([name, kind]) => [name.replace("!", ""), kind]));
  for (const [name, value] of Object.entries(body)) {
    const kind = kinds.get(name);
    if (kind === undefined)
      throw new RangeError(
        `unknown property: ${inside(at, name)}; known are ${[...kinds.keys()].join(", ") || "none"}`,
      );
    if (value !== undefined) checkKind(kind, value, inside(at, name));
  }
  for (const name of Object.keys(shape).filter((key) => key.endsWith("!"))) {
    const plain = name.slice(0, -1);
    if (body[plain] === undefined) throw new RangeError(`missing property: ${inside(at, plain)}`);
  }
}

function checkKind(kind: Shape[string], value: unknown, at: string): void {
  if (meets(kind, value)) return;
  throw new RangeError(`${at}: expected ${wordsFor(kind)}, got ${JSON.stringify(value)}`);
}

function meets(kind: Shape[string], value: unknown): boolean {
  if (isEither(kind)) return meets(kind[1], value) || meets(kind[2], value);
  if (typeof kind !== "string") return kind.includes(value as string);
  return TESTS[kind](value);
}

const TESTS: Readonly<Record<Extract<Kind, string>, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string" && value !== "",
  flag: (value) => typeof value === "boolean",
  count: (value) => Number.isInteger(value) && Number(value) >= 0,
  number: (value) => typeof value === "number" && value >= 0,
  share: (value) => typeof value === "number" && value >= 0 && value <= 1,
  duration: (value) => parseDuration(value) !== undefined,
  instant: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  objects: (value) => Array.isArray(value) && value.every(isObject),
  object: isObject,
  nullableObject: (value) => value === null || isObject(value),
};

const WORDS: Readonly<Record<Extract<Kind, string>, string>> = {
  text: "a text",
  flag: "true or false",
  count: "a whole number of 0 or more",
  number: "a number of 0 or more",
  share: "a number from 0 to 1",
  duration: "an ISO 8601 duration without years and months, as PT1H",
  instant: "an RFC 3339 instant",
  texts: "a list of texts",
  objects: "a list of objects",
  object: "an object",
  nullableObject: "an object or null",
};

function wordsFor(kind: Shape[string]): string {
  if (isEither(kind)) return `${wordsFor(kind[1])}, or ${wordsFor(kind[2])}`;
  return typeof kind === "string" ? WORDS[kind] : `one of ${kind.join(", ")}`;
}

function isEither(kind: Shape[string]): kind is readonly ["either", Kind, Kind] {
  return Array.isArray(kind) && kind[0] === "either";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inside(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}
