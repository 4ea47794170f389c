import type { Problem } from "./problem";
import { isUnknown } from "./unknown";

/** What is wrong with a value that must be a text which says something. */
export function textProblems(path: string, text: unknown, expected: string): Problem[] {
  if (isUnknown(text)) return [];
  if (typeof text !== "string" || text.trim() === "") return [{ path, got: text, expected }];
  return bracedProblems(path, text, expected);
}

/** What is wrong with a text that may be left out or empty. */
export function optionalTextProblems(path: string, text: unknown): Problem[] {
  return text === undefined || isUnknown(text) || typeof text === "string"
    ? []
    : [{ path, got: text, expected: "a text" }];
}

/** What is wrong with a value that must be true or false. */
export function flagProblems(path: string, value: unknown): Problem[] {
  return value === undefined || isUnknown(value) || typeof value === "boolean"
    ? []
    : [{ path, got: value, expected: "true or false" }];
}

const BRACED = /^\{([0-9a-f-]{36})\}$/i;

/** A GUID as .NET and PowerShell print it would be looked up as a name. */
function bracedProblems(path: string, got: string, expected: string): Problem[] {
  const id = BRACED.exec(got.trim())?.[1];
  return id === undefined ? [] : [{ path, got, expected, fix: `leave the braces out: "${id}"` }];
}
