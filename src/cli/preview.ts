import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import {
  buildReport,
  CONFIG_SCHEMA,
  exitCode,
  isAboutAccess,
  type LiveFacts,
  MARKDOWN_HOSTS,
  markerStack,
  mergeFacts,
  namesInFacts,
  type Plan,
  PreviewInputError,
  postComment,
  printBaseline,
  REPORT_SCHEMA,
  type Report,
  readBaseline,
  readNames,
  readPlan,
  readPolicyResults,
  redactReport,
  renderAnnotations,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderText,
} from "../preview";
import { readConfig, readPreviewInput, readText } from "./preview-input";
import type * as Live from "./preview-live";
import { type Format, type PreviewOptions, previewOptions } from "./preview-options";
import { commentHost, isPublicRepository, runNumber } from "./preview-post";

/** `entra-pim preview`: who gains and who loses access by a change, and what must not be merged. */
export function previewCommand(): Command {
  const command = new Command("preview").description(
    "say who gains and who loses access by a change, for how long and under which conditions",
  );
  return previewOptions(command).action(
    async (file: string | undefined, options: PreviewOptions) => {
      process.exitCode = await attempt(file, options);
    },
  );
}

async function attempt(file: string | undefined, options: PreviewOptions): Promise<number> {
  try {
    return await run(file, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`entra-pim preview: ${message}\n`);
    return error instanceof PreviewInputError ? 4 : 1;
  }
}

async function run(file: string | undefined, options: PreviewOptions): Promise<number> {
  if (options.printSchema !== undefined) {
    const schema = options.printSchema === "report" ? REPORT_SCHEMA : CONFIG_SCHEMA;
    process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    return 0;
  }
  const config = readConfig(options);
  const { text, events, failure } = await readPreviewInput(file, options);
  const plan = endedBy(readPlan(text), failure);
  const beside = await knownBeside(plan, options);
  const report = redactReport(
    buildReport(plan, {
      config,
      ...beside,
      policies: events === undefined ? [] : readPolicyResults(events),
      now: options.now ?? Date.now(),
      ...displayOptions(options),
    }),
    options.redact,
    [
      ...namesInFacts(beside.facts),
      ...namesInFacts({ principals: beside.names ?? {} }),
      ...config.waivers.flatMap(({ principal }) => principal ?? []),
    ],
  );
  if (!(options.skipNoChanges === true && isQuiet(report))) await deliver(report, options);
  return exitCode(report, options);
}

/** A run that broke off may leave a document that names no error: what it did not reach looks like no change. */
function endedBy(plan: Plan, failure: string | undefined): Plan {
  if (failure === undefined || plan.failed || plan.isStopped) return plan;
  const diagnostic = { severity: "error", message: failure, urn: undefined };
  return { ...plan, failed: true, diagnostics: [...plan.diagnostics, diagnostic] };
}

async function knownBeside(
  plan: Plan,
  { live, baseline, saveBaseline, names }: PreviewOptions,
): Promise<{ facts?: LiveFacts; names?: ReturnType<typeof readNames> }> {
  const exported = baseline === undefined ? undefined : readBaseline(readText(baseline), baseline);
  const asked = live === true ? await askTenant(plan) : undefined;
  const facts = mergeFacts(exported, asked);
  if (saveBaseline !== undefined) saveFacts(saveBaseline, asked);
  return {
    ...(facts === undefined ? {} : { facts }),
    ...(names === undefined ? {} : { names: readNames(readText(names), names) }),
  };
}

/** A preview that failed is reported also where the tenant cannot be asked: often it failed for the same reason. */
async function askTenant(plan: Plan): Promise<LiveFacts> {
  // Loaded when a tenant is asked: help, and a plan alone, must not wait for its clients.
  const { readLiveFacts }: typeof Live = require("./preview-live");
  try {
    return await readLiveFacts(plan, process.env);
  } catch (error) {
    if (!plan.failed) throw error;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`entra-pim preview: the tenant could not be asked: ${message}\n`);
    return {};
  }
}

function saveFacts(file: string, asked: LiveFacts | undefined): void {
  if (asked === undefined)
    throw new Error("--save-baseline writes what --live was told: give --live too");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, printBaseline(asked));
}

function displayOptions({ stable, commit, base }: PreviewOptions): {
  isStable?: boolean;
  commit?: string;
  base?: string;
} {
  const sha =
    commit ??
    process.env["GITHUB_SHA"] ??
    process.env["CI_COMMIT_SHA"] ??
    process.env["BUILD_SOURCEVERSION"];
  const target =
    base ?? process.env["GITHUB_BASE_REF"] ?? process.env["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"];
  return {
    ...(stable === true ? { isStable: true } : {}),
    ...(sha === undefined || sha === "" ? {} : { commit: sha }),
    ...(target === undefined || target === "" ? {} : { base: target }),
  };
}

/** Whether there is nothing that anybody needs to read. */
function isQuiet({ verdict, policies, drift, native }: Report): boolean {
  const { direction, failed, block, warn, hasUnknown } = verdict;
  return (
    direction === "none" &&
    !failed &&
    !hasUnknown &&
    block + warn + drift.length + policies.length + native.filter(isAboutAccess).length === 0
  );
}

async function deliver(report: Report, options: PreviewOptions): Promise<void> {
  const printed = print(report, options.format, options);
  if (options.out === undefined) process.stdout.write(printed);
  else writeFileSync(options.out, printed);
  if (options.outDir !== undefined) writeAll(report, options.outDir, options);
  if (options.post !== undefined) await post(report, options);
  const summary =
    options.summary ?? (options.post === "github" ? process.env["GITHUB_STEP_SUMMARY"] : undefined);
  if (summary !== undefined && summary !== "") {
    const diagram = options.diagram === true;
    appendFileSync(summary, renderMarkdown(report, { host: "github-summary", diagram }));
  }
}

function print(report: Report, format: Format, options: PreviewOptions): string {
  switch (format) {
    case "markdown":
      return markdown(report, options);
    case "json":
      return renderJson(report);
    case "text":
      return renderText(report);
    case "html":
      return renderHtml(report);
    case "github-annotations":
      return renderAnnotations(report, options.pathPrefix ?? options.cwd ?? "");
  }
}

function markdown(report: Report, options: PreviewOptions, limit?: number): string {
  const { host, maxBytes, run, diagram } = options;
  const longest = limit ?? maxBytes;
  const number = run ?? runNumber(process.env);
  return renderMarkdown(report, {
    host,
    // A comment goes into mails too, where nothing is drawn.
    diagram: diagram === true && host === "github-summary",
    ...(longest === undefined ? {} : { maxBytes: longest }),
    ...(number === undefined ? {} : { run: number }),
  });
}

/** The report without limits, for an artifact. */
function writeAll(report: Report, folder: string, options: PreviewOptions): void {
  mkdirSync(folder, { recursive: true });
  const files: Record<string, string> = {
    "report.md": markdown(report, { ...options, host: "github-summary" }, Number.MAX_SAFE_INTEGER),
    "report.json": renderJson(report),
    "report.txt": renderText(report),
    "report.html": renderHtml(report),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

async function post(report: Report, options: PreviewOptions): Promise<void> {
  const { post: hostName, postMode } = options;
  if (hostName === undefined) return;
  if (options.redact === "none" && isPublicRepository(hostName, process.env) === true) {
    process.stderr.write(
      "entra-pim preview: this repository is public, and the report names people: consider --redact upn\n",
    );
  }
  const host = hostName in MARKDOWN_HOSTS && options.host === "github" ? hostName : options.host;
  const posted = await postComment(commentHost(hostName, process.env), {
    stack: markerStack(report),
    run: options.run ?? runNumber(process.env),
    mode: postMode,
    render: (limit) => markdown(report, { ...options, host }, limit),
  });
  process.stderr.write(`entra-pim preview: ${postedWords(posted)}\n`);
}

function postedWords(posted: Awaited<ReturnType<typeof postComment>>): string {
  if (posted.type === "outdated")
    return `a newer run (${posted.run}) has commented already; nothing was posted`;
  return posted.type === "none" ? "nothing was posted" : `${posted.type} comment ${posted.id}`;
}
