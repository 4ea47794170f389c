import * as pulumi from "@pulumi/pulumi";
import { nearestNames } from "../model/nearest";
import type { Problem } from "../model/problem";
import { UNKNOWN } from "../model/unknown";
import type { ListShape, MapShape, ObjectShape, Shape } from "./arg-shapes";

/** Arguments that were read. */
export interface ReadArgs<Plain> {
  /** For the rules: containers as declared, each value inside an Output or Promise replaced by the unknown text. */
  plain: Plain;
  /** For the engine: the same containers with the values themselves, without what is undefined. */
  sent: Record<string, unknown>;
  /** Containers that hide their properties, and names that do not exist. */
  problems: Problem[];
}

/**
 * Reads arguments by their shape. Objects, lists and maps must be plain, because an Output hides which properties are
 * declared: spread into an object it loses them all without a word, an approval that was asked for among them.
 */
export function readArgs<Plain>(args: unknown, shape: ObjectShape): ReadArgs<Plain> {
  const problems: Problem[] = [];
  const { plain, sent } = readObject(args ?? {}, shape, "", problems);
  return { plain: plain as Plain, sent: isRecord(sent) ? sent : {}, problems };
}

interface Both {
  plain: unknown;
  sent: unknown;
}

const REFUSED: Both = { plain: UNKNOWN, sent: undefined };

function read(value: unknown, shape: Shape, path: string, problems: Problem[]): Both {
  switch (shape.is) {
    case "leaf":
      return readLeaf(value, path, problems);
    case "object":
      return readObject(value, shape, path, problems);
    case "list":
      return readList(value, shape, path, problems);
    case "map":
      return readMap(value, shape, path, problems);
  }
}

function readLeaf(value: unknown, path: string, problems: Problem[]): Both {
  if (isOutput(value) || isPromise(value)) return { plain: UNKNOWN, sent: value };
  if (typeof value !== "object" && typeof value !== "function")
    return { plain: value, sent: value };
  problems.push({ path, expected: "a single value", fix: leafFix(value) });
  return REFUSED;
}

function leafFix(value: unknown): string {
  if (pulumi.Resource.isInstance(value))
    return "this is a resource: pass one of its properties, such as its id or objectId";
  if (value instanceof Date) return "this is a Date: pass its text, date.toISOString()";
  return `this is ${wordFor(value)}`;
}

function readObject(value: unknown, shape: ObjectShape, path: string, problems: Problem[]): Both {
  const names = namesOf(shape);
  if (!isPlainContainer(value, path, `an object with ${names.join(", ")}`, problems))
    return REFUSED;
  const both = { plain: {} as Record<string, unknown>, sent: {} as Record<string, unknown> };
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined || part === null) continue;
    const property = shape.properties[name];
    if (property === undefined) {
      problems.push(unknownName(name, names, path));
      continue;
    }
    put(both, name, read(part, property, join(path, name), problems));
  }
  return both;
}

function namesOf({ properties }: ObjectShape): string[] {
  return Object.keys(properties).filter((name) => {
    const property = properties[name];
    return property?.is !== "leaf" || property.isRefused !== true;
  });
}

function readMap(value: unknown, shape: MapShape, path: string, problems: Problem[]): Both {
  if (!isPlainContainer(value, path, "an object whose keys are names of your own", problems))
    return REFUSED;
  const both = { plain: {} as Record<string, unknown>, sent: {} as Record<string, unknown> };
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined || part === null) continue;
    if (key.trim() === "" || key.includes("/")) {
      problems.push({
        path,
        got: key,
        expected: 'keys that are not empty and contain no "/"',
        fix: "a key becomes a part of a resource's name",
      });
      continue;
    }
    put(both, key, read(part, shape.values, join(path, key), problems));
  }
  return both;
}

function readList(value: unknown, shape: ListShape, path: string, problems: Problem[]): Both {
  if (hidesProperties(value)) {
    problems.push(hidden(value, path, "a list"));
    return REFUSED;
  }
  if (!Array.isArray(value)) {
    problems.push(notA("a list", value, path));
    return REFUSED;
  }
  const items = value.map((item: unknown, index) =>
    read(item, shape.items, `${path}[${index}]`, problems),
  );
  return { plain: items.map(({ plain }) => plain), sent: items.map(({ sent }) => sent) };
}

function isPlainContainer(
  value: unknown,
  path: string,
  expected: string,
  problems: Problem[],
): value is Record<string, unknown> {
  if (hidesProperties(value)) {
    problems.push(hidden(value, path, "a plain object"));
    return false;
  }
  if (isRecord(value)) return true;
  problems.push(notA(expected, value, path));
  return false;
}

/** Whether the declared properties cannot be seen: an Output, what is left of one after spreading it, a Promise. */
function hidesProperties(value: unknown): boolean {
  return (
    isOutput(value) ||
    isPromise(value) ||
    isSpreadOutput(value) ||
    pulumi.Resource.isInstance(value)
  );
}

/** Why a container cannot be an Output, and what to do instead. */
function hidden(value: unknown, path: string, expected: string): Problem {
  return { path, expected: `${expected}, not ${wordFor(value)}`, fix: fixFor(value) };
}

function fixFor(value: unknown): string {
  if (pulumi.Resource.isInstance(value))
    return "pass its properties, such as { group: team.objectId }";
  if (isSpreadOutput(value)) {
    return "spreading an Output loses every property inside it: give each property by name, as { name: output.name }";
  }
  return "only the values inside may be Outputs or Promises: give each property by name, as { name: output.name }";
}

function wordFor(value: unknown): string {
  if (isSpreadOutput(value)) return "what is left of an Output that was spread";
  if (isOutput(value)) return "an Output";
  if (isPromise(value)) return "a Promise";
  if (pulumi.Resource.isInstance(value)) return "a resource";
  if (value === null) return "null";
  if (typeof value === "function") return "a function";
  return Array.isArray(value) ? "a list" : "an object";
}

function isOutput(value: unknown): boolean {
  return pulumi.Output.isInstance(value) && typeof value.apply === "function";
}

/** An object into which an Output was spread has the Output's own marks, but not its methods. */
function isSpreadOutput(value: unknown): boolean {
  return pulumi.Output.isInstance(value) && typeof value.apply !== "function";
}

/** Whether the value comes later, without the engine knowing of it. */
export function isPromise(value: unknown): boolean {
  return isRecord(value) && !pulumi.Output.isInstance(value) && typeof value["then"] === "function";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownName(name: string, names: readonly string[], path: string): Problem {
  const [nearest] = nearestNames(name, names);
  return {
    path: join(path, name),
    expected: `one of the properties ${names.join(", ")}`,
    ...(nearest === undefined ? {} : { fix: `did you mean ${nearest}?` }),
  };
}

/** A container of another kind is named, not printed. */
function notA(expected: string, value: unknown, path: string): Problem {
  return typeof value === "object" || typeof value === "function"
    ? { path, expected, fix: `this is ${wordFor(value)}` }
    : { path, got: value, expected };
}

function put(
  both: { plain: Record<string, unknown>; sent: Record<string, unknown> },
  name: string,
  part: Both,
): void {
  both.plain[name] = part.plain;
  if (part.sent !== undefined) both.sent[name] = part.sent;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
