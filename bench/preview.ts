// What a report costs: a large document from text to Markdown, and a small one after start-up.

import { execFileSync } from "node:child_process";
import { readGuardrailConfig } from "../src/guardrails";
import { buildReport } from "../src/preview/build-report";
import { readPlan } from "../src/preview/read-plan";
import { renderMarkdown } from "../src/preview/render-markdown";
import {
  assignment,
  type Bag,
  creates,
  documentOf,
  granted,
  guid,
  step,
} from "../tests/preview/plan-builder";
import { type BenchCase, type BenchResult, median } from "./case";

/** The cases, for a runner that measures them one by one. */
export const PREVIEW_CASES: readonly BenchCase[] = [
  { name: "preview: document of 10,000 resources to Markdown", run: async () => largeDocument() },
  { name: "preview: 100 changes, after start-up", run: async () => smallDocument() },
];

/** All figures of the preview. */
export async function previewCases(): Promise<BenchResult[]> {
  return Promise.all(PREVIEW_CASES.map(({ run }) => run()));
}

function largeDocument(): BenchResult {
  const text = documentText(10_000, 500);
  render(documentText(100, 100));
  const { seconds, cpuSeconds, bytes } = timed(text);
  const peakRssMb = peakMegabytes();
  return {
    name: "preview: document of 10,000 resources to Markdown",
    n: 10_000,
    seconds,
    peakRssMb,
    detail: `${(text.length / 1e6).toFixed(1)} MB read, ${bytes} bytes written, ${cpuSeconds.toFixed(2)} s of one CPU, peak ${peakRssMb} MB (limits: 2 s, 500 MB)`,
  };
}

function smallDocument(): BenchResult {
  const text = documentText(100, 100);
  render(text);
  const runs = [1, 2, 3, 4, 5].map(() => timed(text).seconds);
  return {
    name: "preview: 100 changes, after start-up",
    n: 100,
    seconds: median(runs),
    detail: `${(text.length / 1e6).toFixed(2)} MB read (limit: 0.15 s)`,
  };
}

/** A document with so many resources, of which so many are new; states are as long as the engine's. */
function documentText(resources: number, changes: number): string {
  const sames = Array.from({ length: resources - changes }, (_, index) => same(index + changes));
  return documentOf([...creates(changes), ...sames]);
}

function same(index: number): Bag {
  const inputs = assignment({
    principal: { user: `user${index}@contoso.example` },
    principalName: `user${index}@contoso.example`,
    principalId: guid(index),
    limits: { allowPermanent: false, maximumDuration: "P180D" },
    justification: "CHG-1042, on call for messaging",
  });
  const state = { inputs, outputs: granted(inputs, "2027-02-01T00:00:00Z") };
  const trace = Array.from({ length: 12 }, (_, frame) => ({
    sourcePosition: `project:///node_modules/somewhere/deep/file${frame}.js#${frame},1`,
  }));
  return step("same", "EligibleAssignment", `user${index}`, state, state, { stackTrace: trace });
}

function render(text: string): string {
  const options = { config: readGuardrailConfig({}), now: Date.parse("2026-12-01T09:00:00Z") };
  return renderMarkdown(buildReport(readPlan(text), options));
}

function timed(text: string): { seconds: number; cpuSeconds: number; bytes: number } {
  const start = process.hrtime.bigint();
  const before = process.cpuUsage();
  const markdown = render(text);
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    cpuSeconds: (user + system) / 1e6,
    bytes: Buffer.byteLength(markdown),
  };
}

/** Measured in a process that does nothing else, from reading the file on. */
function peakMegabytes(): number {
  const program = `require("tsx/cjs"); const { render, documentText } = require(${JSON.stringify(__filename)}); render(documentText(10000, 500)); process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)));`;
  return Number(
    execFileSync(process.execPath, ["-e", program], { encoding: "utf8", cwd: process.cwd() }),
  );
}

export { documentText, render };
