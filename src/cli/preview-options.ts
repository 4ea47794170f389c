import { type Command, InvalidArgumentError, Option } from "commander";
import {
  FAIL_ON,
  type FailOn,
  MARKDOWN_HOSTS,
  type MarkdownHostName,
  POST_MODES,
  type PostMode,
  REDACTIONS,
  type Redaction,
} from "../preview";

/** What a report is printed as. */
export const FORMATS = ["markdown", "json", "text", "html", "github-annotations"] as const;
export type Format = (typeof FORMATS)[number];

/** Where a report is posted. */
export const POST_HOSTS = ["github", "gitlab", "azure-devops"] as const;
export type PostHost = (typeof POST_HOSTS)[number];

/** The options of `entra-pim preview`. */
export interface PreviewOptions {
  preview?: string;
  stack?: string;
  cwd?: string;
  refresh?: true;
  policyPack?: string[];
  savePlan?: string;
  live?: true;
  baseline?: string;
  saveBaseline?: string;
  events?: string;
  names?: string;
  config?: string;
  waive?: string;
  profile?: string;
  format: Format;
  host: MarkdownHostName;
  maxBytes?: number;
  out?: string;
  outDir?: string;
  failOn: FailOn;
  failOnUnknown?: true;
  failOnExisting?: true;
  redact: Redaction;
  stable?: true;
  diagram?: true;
  now?: number;
  run?: number;
  commit?: string;
  base?: string;
  skipNoChanges?: true;
  pathPrefix?: string;
  post?: PostHost;
  postMode: PostMode;
  summary?: string;
  printSchema?: "report" | "config";
}

/** The command with its options, without what it does. */
export function previewOptions(command: Command): Command {
  return postingOptions(reportOptions(inputOptions(command)));
}

function inputOptions(command: Command): Command {
  return command
    .argument("[file]", "output of pulumi preview --json --show-sames; - or nothing for stdin")
    .option("--preview <file>", "the same as the argument")
    .option("--stack <name>", "run pulumi preview of this stack instead of reading its output")
    .option("-C, --cwd <dir>", "the Pulumi project's folder")
    .option("--refresh", "let that preview ask the tenant first")
    .option("--policy-pack <dir>", "policy pack of that preview; may be given again", collected)
    .option("--save-plan <file>", "save that preview's plan, for pulumi up --plan")
    .option("--live", "ask the tenant for names, group sizes and settings; reads only")
    .option("--baseline <file>", "what --save-baseline wrote, in place of asking or below it")
    .option("--save-baseline <file>", "write what --live was told there, for a job without network")
    .option("--events <file>", "event log of the preview, for what policy packs said")
    .option("--names <file>", "JSON object with names by object id")
    .option("--config <file>", "guard rails (default: entra-pim.config.json of the project)")
    .option("--waive <file>", "JSON list of further waivers")
    .addOption(choices("--profile <name>", "in place of the configuration's", PROFILES));
}

function reportOptions(command: Command): Command {
  return command
    .addOption(choices("--format <name>", "how to print the report", FORMATS).default("markdown"))
    .addOption(choices("--host <name>", "whose Markdown and size limit", HOSTS).default("github"))
    .option("--max-bytes <number>", "longest Markdown in place of the host's", wholeNumber)
    .option("--out <file>", "write there in place of standard output")
    .option("--out-dir <dir>", "write the full report there in every format")
    .addOption(
      choices("--fail-on <level>", "where the exit code becomes 2", FAIL_ON).default("block"),
    )
    .option("--fail-on-unknown", "exit with 3 when something is known only after the update")
    .option("--fail-on-existing", "count what was there before this change too")
    .addOption(
      choices(
        "--redact <what>",
        "hide mail addresses, or all names, as hashes",
        REDACTIONS,
      ).default("none"),
    )
    .option("--stable", "leave out times, so that equal previews give equal reports")
    .option("--diagram", "draw who gains and loses what, in the summary and the full report")
    .option("--now <instant>", "time to judge windows and waivers by (default: now)", instant)
    .option("--commit <sha>", "commit that was previewed")
    .option("--base <ref>", "branch that it will be merged into")
    .option("--skip-no-changes", "print and post nothing when there is nothing to read")
    .option("--path-prefix <dir>", "the project's folder in the repository, for annotations")
    .addOption(
      choices("--print-schema <name>", "print a JSON Schema and end", ["report", "config"]),
    );
}

function postingOptions(command: Command): Command {
  return command
    .addOption(
      choices("--post <host>", "put the report into this pipeline's pull request", POST_HOSTS),
    )
    .addOption(
      choices("--post-mode <mode>", "what becomes of an earlier comment", POST_MODES).default(
        "update",
      ),
    )
    .option(
      "--run <number>",
      "number of this run: an older one never overwrites a newer",
      wholeNumber,
    )
    .option("--summary <file>", "append the full report there (GitHub: $GITHUB_STEP_SUMMARY)");
}

const PROFILES = ["microsoft", "cisa", "cis-m365", "strict"];
const HOSTS = Object.keys(MARKDOWN_HOSTS);

function choices(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values);
}

function collected(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError("expected a whole number");
  return value;
}

function instant(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new InvalidArgumentError("expected an instant, as 2027-06-30T00:00:00Z");
  return ms;
}
