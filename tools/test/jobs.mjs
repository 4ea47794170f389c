// What `npm test` consists of.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot, toolsDirectory } from "../environment.mjs";
import { run } from "../processes.mjs";

const tests = join(repositoryRoot, "tests");
const node = join(toolsDirectory, "node");

/** Groups of tests that have a directory of this name; every other directory belongs to "unit". */
const ownGroups = ["components", "contract", "host", "e2e", "packaging"];

/** Groups whose files run one by one, because each takes long. */
const slowGroups = ["e2e", "packaging"];

/** No test file takes longer. */
const longest = 40 * 60_000;

/** How long a process may linger after its last test before that counts as a failure. */
const patienceAtTheEnd = 20_000;

/** Reads `--only GROUP` (several, or by comma) and `--grep TEXT`. */
export function readOptions(parameters) {
  const { values, positionals } = parseArgs({
    args: parameters,
    allowPositionals: true,
    options: { only: { type: "string", multiple: true }, grep: { type: "string" } },
  });
  const only = values.only?.flatMap((names) => names.split(","));
  const known = ["static", "unit", ...ownGroups, "publint"];
  const unknownGroup = only?.find((name) => !known.includes(name));
  if (unknownGroup !== undefined) {
    throw new Error(`unknown group ${unknownGroup}; there are ${known.join(", ")}`);
  }
  return { only, grep: values.grep, files: positionals.map((file) => join(repositoryRoot, file)) };
}

/** The jobs in the order in which they start: what fails fast comes first. */
export function jobsOf({ only, grep, files }, env) {
  const mocha = (name, specs) => mochaJob(name, specs, grep, env);
  if (files.length > 0) {
    return [mocha("files", files)];
  }
  const isWanted = (group) => only?.includes(group) ?? (grep === undefined || !isStatic(group));
  const groups = testGroups();
  const jobs = [
    ...(isWanted("static")
      ? [tool("biome", ["@biomejs", "biome", "bin", "biome"], ["ci", ".", "--colors=off"], env)]
      : []),
    ...(isWanted("static")
      ? [tool("tsc", ["typescript", "bin", "tsc"], ["-p", "tsconfig.json"], env)]
      : []),
  ];
  for (const [group, specs] of groups) {
    if (isWanted(group) && specs.length > 0) {
      const sets = slowGroups.includes(group) ? specs.map((spec) => [spec]) : [specs];
      jobs.push(...sets.map((set) => mocha(nameOf(group, set), set)));
    }
  }
  if (isWanted("publint")) {
    jobs.push(tool("publint", ["publint", "src", "cli.js"], ["--strict"], env));
  }
  return jobs;
}

function isStatic(group) {
  return group === "static" || group === "publint";
}

/** All test files by group, the slow groups last. */
function testGroups() {
  const groups = new Map([["unit", []], ...ownGroups.map((group) => [group, []])]);
  for (const entry of readdirSync(tests, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name.endsWith(".test.ts")) {
      const file = join(entry.parentPath ?? entry.path, entry.name);
      const [directory] = relative(tests, file).split(/[\\/]/);
      groups.get(ownGroups.includes(directory) ? directory : "unit").push(file);
    }
  }
  for (const specs of groups.values()) {
    specs.sort();
  }
  return groups;
}

function nameOf(group, [spec]) {
  return slowGroups.includes(group)
    ? relative(tests, spec)
        .replace(/\.test\.ts$/, "")
        .replaceAll("\\", "/")
    : group;
}

/** A program that passes or fails as a whole; it counts as one check. */
function tool(name, path, parameters, env) {
  return {
    name,
    run: async () => {
      const program = join(repositoryRoot, "node_modules", ...path);
      const { code, output } = await run(node, [program, ...parameters], {
        cwd: repositoryRoot,
        env,
      });
      return code === 0
        ? { passed: 1, failed: 0, skipped: 0, complaints: [], output }
        : { passed: 0, failed: 1, skipped: 0, complaints: [`${name} failed`], output };
    },
  };
}

/** Test files in one mocha process, which notes its counts in a file. */
function mochaJob(name, specs, grep, env) {
  return {
    name,
    run: async () => {
      const directory = mkdtempSync(join(tmpdir(), "entra-pim-test-"));
      try {
        return await runMocha(name, specs, grep, {
          ...env,
          ENTRA_PIM_TEST_REPORT: join(directory, "report"),
        });
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

async function runMocha(name, specs, grep, env) {
  const report = env.ENTRA_PIM_TEST_REPORT;
  const { code, output, timedOut } = await run(
    node,
    [
      join(repositoryRoot, "node_modules", "mocha", "bin", "mocha.js"),
      "--reporter",
      join(repositoryRoot, "tools", "test", "reporter.cjs"),
      ...(grep === undefined ? [] : ["--grep", grep]),
      ...specs,
    ],
    { cwd: repositoryRoot, env, timeout: longest, keepGoing: untilLongAfter(report) },
  );
  if (!existsSync(report)) {
    const how = timedOut ? "took too long" : `ended with ${code} before its end`;
    return { passed: 0, failed: 1, skipped: 0, complaints: [`${name}: mocha ${how}`], output };
  }
  const { passed, failed, skipped } = JSON.parse(readFileSync(report, "utf8"));
  const complaints = failed.map((title) => `${name}: ${title}`);
  let extra = 0;
  if (timedOut) {
    complaints.push(`${name}: mocha did not end by itself; a test left something open`);
    extra = 1;
  }
  if (name.startsWith("e2e")) {
    complaints.push(...skipped.map((title) => `${name}: skipped: ${title}`));
  }
  return { passed, failed: failed.length + extra, skipped: skipped.length, complaints, output };
}

/** Answers a question: is the report not there yet, or only since a moment? */
function untilLongAfter(report) {
  let written;
  return () => {
    written ??= existsSync(report) ? Date.now() : undefined;
    return written === undefined || Date.now() - written < patienceAtTheEnd;
  };
}
