// Makes a captured preview the same on every machine and in every run.

import { repositoryRoot } from "../../e2e/harness/repository";

const FIXED = "2026-12-01T09:00:00Z";

/** The text of a preview without ports, paths, moments and ids of this run; text before the document is kept. */
export function normalised(
  stdout: string,
  replacements: ReadonlyMap<string, string> = new Map(),
): string {
  const start = stdout.search(/^\{/m);
  if (start < 0) return plain(stdout, replacements);
  const document = JSON.parse(stdout.slice(start)) as Record<string, unknown>;
  const text = `${stdout.slice(0, start)}${JSON.stringify(trimmed(document), null, 1)}\n`;
  return plain(text, replacements);
}

/** Stack traces are long and only their first own frame is read; times of the engine change in each run. */
function trimmed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trimmed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !["created", "modified", "__provider"].includes(key))
      .map(([key, entry]) => {
        if (key === "stackTrace") return [key, frames(entry)];
        if (key === "duration" && typeof entry === "number") return [key, 1];
        return [key, trimmed(entry)];
      }),
  );
}

function frames(trace: unknown): unknown[] {
  const all = trace as { sourcePosition?: string }[];
  return all.filter(({ sourcePosition }) => sourcePosition !== undefined).slice(0, 3);
}

function plain(text: string, replacements: ReadonlyMap<string, string>): string {
  let clean = text
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1:1")
    .replace(
      /project:\/\/\/(?:\.\.\/)+[^"#]*?\/(node_modules|dist)\//g,
      "project:///../../main/$1/",
    )
    .replace(/\/tmp\/entra-pim-e2e-\w+/g, "/tmp/project")
    .replaceAll(repositoryRoot, "/main")
    // What happens within minutes of the start happens at the start.
    .replace(
      /(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):\d{2}(?:\.\d+)?Z/g,
      (_, day: string, hour: string, minute: string) =>
        Number(minute) < 20 ? `${day}T${hour}:00:00Z` : `${day}T${hour}:${minute}:00Z`,
    )
    .replace(
      /::default(_[\w.]+)?::[0-9a-f-]{36}/g,
      "::default$1::00000000-0000-4000-8000-000000000000",
    );
  for (const [from, to] of replacements) clean = clean.split(from).join(to);
  return clean;
}

export { FIXED };
