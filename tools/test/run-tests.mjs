// `npm test`: everything that is checked, as jobs in two lanes; the last line counts over all of them.

import { availableParallelism } from "node:os";
import { seconds, showProgress } from "../steps.mjs";
import { jobsOf, readOptions } from "./jobs.mjs";

const lanes = Math.min(2, availableParallelism());

/** Runs the tests, or those that `--only GROUP` and `--grep TEXT` name; answers the exit code. */
export async function runTests(parameters, prepare) {
  const started = Date.now();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const complaints = [];
  const add = (outcome) => {
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    complaints.push(...outcome.complaints);
  };
  try {
    const options = readOptions(parameters);
    const { env, buildError } = await prepare();
    if (buildError !== undefined) {
      add({ passed: 0, failed: 1, skipped: 0, complaints: [buildError] });
    }
    await inLanes(jobsOf(options, env), add);
  } catch (error) {
    add({ passed: 0, failed: 1, skipped: 0, complaints: [error.message] });
  }
  if (total.passed + total.failed === 0) {
    add({ passed: 0, failed: 1, skipped: 0, complaints: ["no test was found"] });
  }
  const out = process.stdout;
  if (complaints.length > 0) {
    out.write(`\n${complaints.map((text) => `✗ ${text}`).join("\n")}\n`);
  }
  out.write(`\nin ${seconds(started)}\n`);
  out.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed > 0 || complaints.length > 0 ? 1 : 0;
}

/** Takes the jobs in their order, as many at a time as there are lanes. */
async function inLanes(jobs, add) {
  const waiting = [...jobs];
  const running = new Map();
  const progress = showProgress(
    () =>
      [...running].map(([name, since]) => `${name} ${seconds(since)}`).join(", ") +
      (waiting.length > 0 ? `; ${waiting.length} waiting` : ""),
    process.stdout,
  );
  const lane = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const started = Date.now();
      running.set(job.name, started);
      const outcome = await job.run();
      running.delete(job.name);
      progress.print(describe(job.name, outcome, started));
      add(outcome);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  progress.stop();
}

function describe(name, { passed, failed, skipped, complaints, output }, started) {
  const bad = complaints.length > 0;
  const counts = [`${passed} passed`];
  if (failed > 0) {
    counts.push(`${failed} failed`);
  }
  if (skipped > 0) {
    counts.push(`${skipped} skipped`);
  }
  const line = `${bad ? "✗" : "✓"} ${name}: ${counts.join(", ")} (${seconds(started)})`;
  return bad ? `${line}\n${indent(output)}` : line;
}

function indent(text) {
  return text.trimEnd().replace(/^/gm, "    ");
}
