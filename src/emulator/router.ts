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

  /** Functions and actions may be named with their namespace: it is left out where nothing else fits. */
  find(method: string, path: string, version?: Version): Route {
    const clean = decodePath(path).replace(/\/graph\.(?=\w)/gi, "/microsoft.graph.");
    const short = clean.replace(/\/microsoft\.graph\.(?=\w)/gi, "/");
    const paths = [...new Set([clean, short, unkeyed(short)])];
    for (const [index, written] of paths.entries()) {
      const route = this.lookUp(method, written, version, index === paths.length - 1);
      if (route !== undefined) return route;
    }
    return notEmulated(method, clean);
  }

  private lookUp(
    method: string,
    clean: string,
    version: Version | undefined,
    isLast: boolean,
  ): Route | undefined {
    let elsewhere: Operation | undefined;
    let otherMethod = false;
    for (const { operation, pattern, names } of this.compiled) {
      const match = matchOf(pattern, clean, version);
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
    if (!isLast) return undefined;
    if (otherMethod) throw refuse.methodNotAllowed();
    if (elsewhere !== undefined) throw refuse.notFoundSegment(firstUnknownSegment(elsewhere));
    return undefined;
  }
}

// In Graph "users/delta" asks for changes: it is nobody's id.
function matchOf(pattern: RegExp, path: string, version?: Version): RegExpExecArray | null {
  const match = pattern.exec(path);
  const changes = /\/(delta(?:\(\))?)\/?$/i.exec(path)?.[1];
  const isId = match !== null && changes !== undefined && match.slice(1).includes(changes);
  return version !== undefined && isId ? null : match;
}

// OData's own way to write a key, "users('id')", is the same as "users/id".
function unkeyed(path: string): string {
  return path.replace(/\('([^'()=]+)'\)/g, "/$1");
}

function notEmulated(method: string, path: string): never {
  throw refuse.notImplemented(method, path);
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
