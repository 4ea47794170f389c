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

/** One figure. */
export interface BenchCase {
  name: string;
  n: number;
  seconds: number;
  detail: string;
}

/** A large document, a small one, and the memory that the large one takes in a process of its own. */
export async function previewCases(): Promise<BenchCase[]> {
  const large = documentText(10_000, 500);
  const small = documentText(100, 100);
  render(small);
  const { seconds, bytes } = timed(large);
  const quick = [1, 2, 3].map(() => timed(small).seconds).sort((a, b) => a - b)[1] ?? 0;
  const peak = peakMegabytes();
  return [
    {
      name: "preview: document of 10,000 resources to Markdown",
      n: 10_000,
      seconds,
      detail: `${(large.length / 1e6).toFixed(1)} MB read, ${bytes} bytes written, peak ${peak} MB (limits: 2 s, 500 MB)`,
    },
    {
      name: "preview: 100 changes, after start-up",
      n: 100,
      seconds: quick,
      detail: `${(small.length / 1e6).toFixed(2)} MB read (limit: 0.15 s)`,
    },
  ];
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

function timed(text: string): { seconds: number; bytes: number } {
  const start = process.hrtime.bigint();
  const markdown = render(text);
  return {
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
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
