#!/usr/bin/env node
// The bootstrap of this repository's tasks: `node tools/run.mjs <task> [arguments]`.
// Plain Node.js >= 20 without dependencies, because it installs them.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { findOrGetEngine } from "./engine/index.mjs";
import { repositoryRoot, taskEnvironment, toolsDirectory } from "./environment.mjs";
import { buildPackage, installDependencies } from "./prepare.mjs";
import { proveFresh } from "./prove-fresh.mjs";
import { step } from "./steps.mjs";
import { runTests } from "./test/run-tests.mjs";

const tasks = {
  engine: showEngine,
  build: async () => await build(),
  test: async (parameters) => await runTests(parameters, prepareForTests),
  demo: async (parameters) => await runScript("tools/demo/main.ts", parameters),
  bench: async (parameters) => await runScript("bench/run.ts", parameters),
  "prove-fresh": proveFresh,
};

async function main([name, ...parameters]) {
  const task = tasks[name];
  if (task === undefined) {
    process.stderr.write(`usage: node tools/run.mjs ${Object.keys(tasks).join("|")}\n`);
    return 2;
  }
  try {
    return await task(parameters);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function showEngine() {
  const { version, path } = await getEngine();
  process.stdout.write(`${version} ${path}\n`);
  return 0;
}

async function build() {
  await installDependencies();
  await buildPackage();
  return 0;
}

/** Makes everything ready that a task needs; answers the environment it runs in. */
async function prepare() {
  await installDependencies();
  await buildPackage();
  return taskEnvironment(await getEngine());
}

/** As `prepare`, but a package that does not compile is one failure among the tests' others. */
async function prepareForTests() {
  await installDependencies();
  const buildError = await buildPackage().then(
    () => undefined,
    (error) => error.message,
  );
  return { env: taskEnvironment(await getEngine()), buildError };
}

async function getEngine() {
  let engine;
  await step("Pulumi engine", async (say) => {
    engine = await findOrGetEngine(say);
    return `${engine.version} (${engine.source})`;
  });
  return engine;
}

/** Runs a TypeScript file of ours with our Node.js; its output and its exit code are the task's. */
async function runScript(script, parameters) {
  const env = await prepare();
  const child = spawn(join(toolsDirectory, "node"), ["--import", "tsx", script, ...parameters], {
    cwd: repositoryRoot,
    stdio: "inherit",
    env,
  });
  // A Ctrl-C reaches the child too, which cleans up; its end is ours.
  process.removeAllListeners("SIGINT").on("SIGINT", () => {});
  process.removeAllListeners("SIGTERM").on("SIGTERM", () => child.kill("SIGTERM"));
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

// So that what is left to do at exit is done: ending what was started, giving back a lock.
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

process.exitCode = await main(process.argv.slice(2));
