import type { SourcePosition } from "../model/access";

/** What `pulumi preview --json` said, as far as a report needs it. */
export interface Plan {
  steps: readonly PlanStep[];
  diagnostics: readonly PlanDiagnostic[];
  /** The stack's configuration by full key; secrets are blinded. Never printed. */
  config: Readonly<Record<string, string>>;
  project: string | undefined;
  stack: string | undefined;
  /** Whether the preview itself failed. */
  failed: boolean;
  /** Whether a mandatory policy stopped it; the document does not say which. */
  isStopped: boolean;
}

/** One step of the engine on one resource. */
export interface PlanStep {
  op: string;
  urn: string;
  type: string;
  name: string;
  before: PlanState | undefined;
  after: PlanState | undefined;
}

/** A resource on one side of a step. */
export interface PlanState {
  inputs: Readonly<Record<string, unknown>>;
  outputs: Readonly<Record<string, unknown>> | undefined;
  parent: string | undefined;
  protect: boolean;
  retainOnDelete: boolean;
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
  position: SourcePosition | undefined;
}

/** What the engine, a provider or the program said. */
export interface PlanDiagnostic {
  severity: string;
  message: string;
  urn: string | undefined;
}

/** The input is no preview that a report can be made of. */
export class PreviewInputError extends Error {
  override name = "PreviewInputError" as const;
}

/**
 * Reads what `pulumi preview --json` printed. Text before and after the document, as policy packs and plugins print it,
 * is skipped.
 *
 * @throws PreviewInputError
 */
export function readPlan(text: string): Plan {
  const document = findDocument(text);
  const steps = list(document["steps"], "steps").map(readStep);
  const said = list(document["diagnostics"], "diagnostics").map(readDiagnostic);
  const diagnostics = said.filter((diagnostic) => !isPolicyStop(diagnostic));
  const failed = diagnostics.some(({ severity }) => severity === "error");
  const [first] = steps;
  return {
    steps,
    diagnostics,
    config: readConfig(document["config"]),
    ...stackIn(first?.urn),
    failed,
    isStopped: !failed && said.some(isPolicyStop),
  };
}

/** Other failures say what failed before it; where a mandatory policy failed, only this is left (seen on the engine). */
function isPolicyStop({ severity, message, urn }: PlanDiagnostic): boolean {
  return severity === "error" && urn === undefined && message === "preview failed";
}

/** The name of a URN's resource, its last part. */
export function urnName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The type of a URN's resource, without its parents'. */
function urnType(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").pop() ?? "";
}

const DOCUMENT_KEYS = ["config", "steps", "diagnostics", "duration", "changeSummary"];

function findDocument(text: string): Bag {
  const clean = text.replace(/^\ufeff/, "");
  if (clean.trim() === "")
    throw new PreviewInputError(
      "the preview is empty: expected the output of pulumi preview --json",
    );
  const [first, ...others] = documentsIn(clean);
  if (others.length > 0) throw new PreviewInputError(SEVERAL);
  if (first !== undefined) return first;
  const said = clean.trim().split("\n").slice(-5).join("\n");
  throw new PreviewInputError(
    `found no document of pulumi preview --json; the text ends with:\n${said.slice(-800)}`,
  );
}

/** What looks like a preview; more than one is an attempt to have the wrong one read, or an accident. */
function documentsIn(text: string): Bag[] {
  const documents: Bag[] = [];
  let from = 0;
  for (const start of objectStarts(text)) {
    if (start < from || documents.length > 1) continue;
    const found = parseFrom(text, start);
    if (found === undefined) continue;
    const { document, end } = found;
    if (isEvent(document)) throw new PreviewInputError(STREAMING);
    if (DOCUMENT_KEYS.some((key) => key in document)) documents.push(document);
    from = end;
  }
  return documents;
}

const SEVERAL =
  "there is more than one document that could be a preview: give the output of one pulumi preview --json alone";

const STREAMING =
  "this is a stream of engine events, not the document of a preview: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, or give it as --events";

/** Where a line begins with a brace. */
function* objectStarts(text: string): Generator<number> {
  for (const match of text.matchAll(/^\{/gm)) yield match.index;
}

function parseFrom(text: string, start: number): { document: Bag; end: number } | undefined {
  const end = objectEnd(text, start);
  if (end === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start, end));
    return isBag(value) ? { document: value, end } : undefined;
  } catch {
    // braces that are no document
    return undefined;
  }
}

/** Where the object that begins here ends, if it does: texts in it may hold braces. */
function objectEnd(text: string, start: number): number | undefined {
  const signs = /["{}]/g;
  signs.lastIndex = start;
  for (let depth = 0, sign = signs.exec(text); sign !== null; sign = signs.exec(text)) {
    if (sign[0] === '"') signs.lastIndex = stringEnd(text, sign.index);
    else depth += sign[0] === "{" ? 1 : -1;
    if (depth === 0) return signs.lastIndex;
  }
  return undefined;
}

/** Behind the quote that ends a text: one that no odd number of backslashes escapes. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}

function isEvent(document: Bag): boolean {
  return "sequence" in document && "timestamp" in document;
}

function readStep(value: unknown, index: number): PlanStep {
  const step = bag(value, `steps[${index}]`);
  const urn = text(step["urn"], `steps[${index}].urn`);
  return {
    op: text(step["op"], `steps[${index}].op`),
    urn,
    type: urnType(urn),
    name: urnName(urn),
    before: readState(step["oldState"]),
    after: readState(step["newState"]),
  };
}

function readState(value: unknown): PlanState | undefined {
  if (!isBag(value)) return undefined;
  const { inputs, outputs, parent, propertyDependencies, protect, retainOnDelete } = value;
  return {
    inputs: isBag(inputs) ? inputs : {},
    outputs: isBag(outputs) ? outputs : undefined,
    parent: typeof parent === "string" ? parent : undefined,
    protect: protect === true,
    retainOnDelete: retainOnDelete === true,
    propertyDependencies: isBag(propertyDependencies)
      ? (propertyDependencies as Record<string, string[]>)
      : {},
    position: readPosition(value),
  };
}

/**
 * The place in the user's own program: the resource's own position, else the nearest frame that is. Positions inside a
 * package or outside the project tell a reviewer nothing.
 */
function readPosition({ sourcePosition, stackTrace }: Bag): SourcePosition | undefined {
  const own = positionIn(sourcePosition);
  if (own !== undefined || !Array.isArray(stackTrace)) return own;
  for (const frame of stackTrace) {
    const position = isBag(frame) ? positionIn(frame["sourcePosition"]) : undefined;
    if (position !== undefined) return position;
  }
  return undefined;
}

function positionIn(text: unknown): SourcePosition | undefined {
  if (typeof text !== "string") return undefined;
  const [, file = "", line = ""] = /^project:\/\/\/(.+?)#(\d+)(?:,\d+)?$/.exec(text) ?? [];
  return file !== "" && isOwnFile(file) ? { file: decode(file), line: Number(line) } : undefined;
}

function isOwnFile(file: string): boolean {
  return !file.startsWith("../") && !file.split("/").includes("node_modules");
}

function decode(file: string): string {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}

function readDiagnostic(value: unknown): PlanDiagnostic {
  const diagnostic = isBag(value) ? value : {};
  const { severity, message, urn } = diagnostic;
  return {
    severity: typeof severity === "string" ? severity : "info",
    message: typeof message === "string" ? plainMessage(message) : "",
    urn: typeof urn === "string" && urn !== "" ? urn : undefined,
  };
}

/** Without the engine's markup, a terminal's colours, and the word that the severity says already. */
function plainMessage(message: string): string {
  return (
    message
      .replace(/<\{%.*?%\}>/g, "")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a colour
      .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
      .replace(/^(?:error|warning): /, "")
      .trimEnd()
  );
}

function readConfig(value: unknown): Record<string, string> {
  if (!isBag(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) =>
      typeof entry === "string" ? [[key, entry]] : [],
    ),
  );
}

function stackIn(urn: string | undefined): Pick<Plan, "project" | "stack"> {
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn ?? "") ?? [];
  return { project, stack };
}

type Bag = Record<string, unknown>;

function isBag(value: unknown): value is Bag {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function bag(value: unknown, path: string): Bag {
  if (isBag(value)) return value;
  throw new PreviewInputError(`${path}: got ${JSON.stringify(value)}, expected an object`);
}

function list(value: unknown, path: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new PreviewInputError(`${path}: got ${typeof value}, expected a list`);
}

function text(value: unknown, path: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new PreviewInputError(`${path}: got ${JSON.stringify(value)}, expected a text`);
}
