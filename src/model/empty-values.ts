import type { Problem } from "./problem";
import { UNKNOWN } from "./unknown";

/** Inputs without nulls, and what is wrong with the places where they were. */
export interface WithoutNulls {
  /** The same with the unknown text in place of null: of what is missing nothing else is said. */
  value: unknown;
  problems: Problem[];
}

/** Finds what a program gave by an Output or Promise that holds nothing. */
export function withoutNulls(value: unknown, path = ""): WithoutNulls {
  if (value === null) return { value: UNKNOWN, problems: [emptyProblem(path)] };
  if (typeof value !== "object") return { value, problems: [] };
  const isList = Array.isArray(value);
  const parts = Object.entries(value).map(([name, part]) => {
    const at = isList ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    return [name, withoutNulls(part, at)] as const;
  });
  const problems = parts.flatMap(([, part]) => part.problems);
  if (problems.length === 0) return { value, problems };
  const values = parts.map(([name, part]) => [name, part.value] as const);
  return { value: isList ? values.map(([, part]) => part) : Object.fromEntries(values), problems };
}

function emptyProblem(path: string): Problem {
  return {
    path,
    expected: "a value, not an Output that holds nothing",
    fix: "leave the property out if it is meant to be empty",
  };
}
