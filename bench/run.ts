import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BenchCase, BenchResult } from "./case";
import { engineCases } from "./engine-cases";
import { hostCases } from "./host-cases";
import { peopleCases } from "./people";
import { PREVIEW_CASES } from "./preview";
import { surfaceCases } from "./surface-cases";

const RESULTS = join(__dirname, "results.json");
const README = join(__dirname, "README.md");
const CASES: BenchCase[] = [
  ...engineCases,
  ...surfaceCases,
  ...hostCases,
  ...peopleCases,
  ...PREVIEW_CASES,
];

interface Results {
  machine: string;
  engine: string;
  cores: number;
  cases: BenchResult[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
  const chosen =
    values.only === undefined ? CASES : CASES.filter(({ name }) => values.only?.includes(name));
  if (chosen.length === 0)
    throw new Error(`no such case; there are ${CASES.map(({ name }) => name).join(", ")}`);
  const cases: BenchResult[] = [];
  for (const { name, run } of chosen) {
    process.stdout.write(`${name}…\n`);
    const result = await run();
    cases.push(result);
    process.stdout.write(`  ${line(result)}\n`);
  }
  write(cases);
  if (cases.some(({ detail }) => detail.includes("NOT reached"))) process.exitCode = 1;
}

/** New results take the place of their older ones; the others stay. */
function write(fresh: readonly BenchResult[]): void {
  const older = existsSync(RESULTS)
    ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Results).cases
    : [];
  const known = new Map([...older, ...fresh].map((result) => [result.name, result]));
  const cases = CASES.flatMap(({ name }) => known.get(name) ?? []);
  const results: Results = {
    machine: `${cpus()[0]?.model ?? "unknown"}, ${process.platform} ${process.arch}`,
    engine: "3.258.0",
    cores: cpus().length,
    cases,
  };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(README, readme(results));
  process.stdout.write(`\n${table(cases)}\n`);
}

function readme(results: Results): string {
  return [
    "# Benchmarks",
    "",
    "`npm run bench` measures every case and writes `results.json` and the table below; `npm run bench -- --only NAME` one of them.",
    "Seconds depend on the machine and the hour. What counts is the ratio to no-op resources with the same inputs, outputs and dependencies",
    "through the same host on the same engine in the same run (checkpoints off for both), and the number of requests.",
    "",
    `Measured on ${results.cores} cores (${results.machine}), Pulumi ${results.engine}.`,
    "",
    table(results.cases),
    "",
  ].join("\n");
}

function table(cases: readonly BenchResult[]): string {
  const rows = cases.map((result) =>
    [
      result.name,
      result.n,
      result.seconds,
      result.baselineSeconds,
      result.ratio,
      result.requests,
      result.subrequests,
      result.peakRssMb,
      result.detail,
    ]
      .map((cell) => cell ?? "")
      .join(" | "),
  );
  return [
    "| case | n | seconds | no-op seconds | ratio | requests | sub-requests | peak MB | to reach |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

function line({ seconds, ratio, requests, detail }: BenchResult): string {
  return `${seconds} s${ratio === undefined ? "" : `, ratio ${ratio}`}${requests === undefined ? "" : `, ${requests} requests`}: ${detail}`;
}

void main();
