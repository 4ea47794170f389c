import type { Operation } from "./api";
import { refuse } from "./errors";
import type { Version } from "./schema";

/** An operation found for a request, with the values of its path parameters. */
export interface Route {
  operation: Operation;
  params: Record<string, string>;
}

interface Compiled {
  operation: Operation;
  pattern: RegExp;
  names: string[];
}

/** Finds operations by method and path, refusing the rest as Graph does or as not emulated. */
export class Router {
  private readonly compiled: Compiled[];

  constructor(operations: readonly Operation[]) {
    this.compiled = operations.map(compile);
  }

  find(method: string, path: string, version?: Version): Route {
    const clean = decodePath(path);
    let elsewhere: Operation | undefined;
    let otherMethod = false;
    for (const { operation, pattern, names } of this.compiled) {
      const match = pattern.exec(clean);
      if (match === null) continue;
      if (version !== undefined && operation.versions?.includes(version) === false)
        elsewhere ??= operation;
      else if (operation.method !== method) otherMethod = true;
      else
        return {
          operation,
          params: Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? ""])),
        };
    }
    if (otherMethod) throw refuse.methodNotAllowed();
    if (elsewhere !== undefined) throw refuse.notFoundSegment(firstUnknownSegment(elsewhere));
    throw refuse.notImplemented(method, clean);
  }
}

function compile(operation: Operation): Compiled {
  const names: string[] = [];
  const source = operation.path.replace(
    /\{(\w+)(\+?)\}|[.*+?^$()|[\]\\]/g,
    (part, name?: string, many?: string) => {
      if (name === undefined) return `\\${part}`;
      names.push(name);
      return many === "+" ? "(.+?)" : "([^/']+)";
    },
  );
  return { operation, pattern: new RegExp(`^${source}/?$`, "i"), names };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path.replace(/%2f/gi, "%252F"));
  } catch {
    return path;
  }
}

// The segment Graph names: the last literal one before an id, as in ".../roleAssignmentApprovals/{id}".
function firstUnknownSegment(operation: Operation): string {
  return (
    operation.path
      .split("/")
      .filter((segment) => segment !== "" && !segment.includes("{"))
      .at(-1) ?? ""
  );
}
