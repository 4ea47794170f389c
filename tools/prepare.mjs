// What a task needs before it starts: dependencies and the built package, each only when it is not there.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { installEnvironment, repositoryRoot, toolsDirectory } from "./environment.mjs";
import { run } from "./processes.mjs";
import { step } from "./steps.mjs";

const modules = join(repositoryRoot, "node_modules");
const installStamp = join(modules, ".entra-pim-install");
const buildStamp = join(repositoryRoot, ".cache", "build");
const source = join(repositoryRoot, "src");
const output = join(repositoryRoot, "dist");

/** Runs `npm ci` when what is installed is not what the lockfile says. */
export async function installDependencies() {
  const lock = readFileSync(join(repositoryRoot, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  const installed = read(installStamp) === wanted || isInstalled(JSON.parse(lock));
  if (!installed) {
    await step("npm dependencies", async () => {
      await npm(["ci", "--no-audit", "--no-fund"]);
      return `${Object.keys(JSON.parse(lock).packages).length} packages`;
    });
  }
  if (!(await runsNode24())) {
    await step("Node.js 24 of the npm package node", installNode);
  }
  writeFileSync(installStamp, wanted);
}

/** Compiles `src` into `dist` when a source changed since the last time. */
export async function buildPackage() {
  const files = filesBelow(source);
  const inputs = [
    ...files,
    join(repositoryRoot, "tsconfig.json"),
    join(repositoryRoot, "tsconfig.build.json"),
  ];
  const wanted = inputs.map((file) => `${file} ${statSync(file).mtimeMs}`).join("\n");
  if (read(buildStamp) === wanted && existsSync(output)) {
    return;
  }
  await step("build of the package", async () => {
    const { code, output: text } = await run(
      process.execPath,
      [join(modules, "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"],
      { cwd: repositoryRoot },
    );
    if (code !== 0) {
      throw new Error(`the package does not compile:\n${text}`);
    }
    copyData(files);
    removeOrphans(files);
    mkdirSync(dirname(buildStamp), { recursive: true });
    writeFileSync(buildStamp, wanted);
  });
}

/** Whether every package of the lockfile is in node_modules in that version, as npm itself noted. */
function isInstalled(lock) {
  const noted = read(join(modules, ".package-lock.json"));
  if (noted === undefined) {
    return false;
  }
  const { packages } = JSON.parse(noted);
  return Object.entries(lock.packages).every(
    ([path, { version, integrity, optional }]) =>
      path === "" ||
      (optional && packages[path] === undefined) ||
      (packages[path]?.version === version && packages[path]?.integrity === integrity),
  );
}

async function runsNode24() {
  const { code, output: version } = await run(join(toolsDirectory, "node"), ["--version"]);
  return code === 0 && version.startsWith("v24.");
}

/** Lets the package `node` run its install script, for an npm that is told not to run scripts. */
async function installNode() {
  await npm(["rebuild", "node", "--ignore-scripts=false"]);
  if (!(await runsNode24())) {
    throw new Error("the npm package node brought no Node.js 24; it needs its install script");
  }
}

async function npm(parameters) {
  const windows = process.platform === "win32";
  const { code, output: text } = await run(windows ? "npm.cmd" : "npm", parameters, {
    cwd: repositoryRoot,
    env: installEnvironment(),
    shell: windows,
  });
  if (code !== 0) {
    throw new Error(`npm ${parameters.join(" ")} failed:\n${text}`);
  }
}

/** Copies what `tsc` leaves behind: data files that are read at run time, such as JSON that is not imported. */
function copyData(files) {
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const target = join(output, relative(source, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(file));
  }
}

/** Removes what earlier builds left of sources that are gone. */
function removeOrphans(files) {
  const stems = new Set(files.map((file) => relative(source, file).replace(/\.(ts|json)$/, "")));
  for (const file of filesBelow(output)) {
    if (!stems.has(relative(output, file).replace(/\.(d\.ts|js|json)(\.map)?$/, ""))) {
      rmSync(file);
    }
  }
}

function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
