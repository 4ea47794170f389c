// `npm run prove:fresh`: the README's two commands on a clone of HEAD, with an empty home and empty caches.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { repositoryRoot } from "./environment.mjs";
import { run } from "./processes.mjs";
import { seconds, step } from "./steps.mjs";

const commands = [
  ["npm", "run", "demo"],
  ["npm", "test"],
];
const linesShown = 12;

export async function proveFresh() {
  const started = Date.now();
  const root = mkdtempSync(join(tmpdir(), "entra-pim-fresh-"));
  const clone = join(root, "clone");
  let exitCode = 0;
  try {
    await step("clone of HEAD", async () => await cloneHead(clone));
    const env = emptyEnvironment(root);
    for (const command of commands) {
      exitCode = (await showCommand(command, clone, env)) === 0 ? exitCode : 1;
    }
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
  process.stdout.write(`\n${exitCode === 0 ? "proved" : "not proved"} in ${seconds(started)}\n`);
  return exitCode;
}

async function cloneHead(clone) {
  const { code, output } = await run("git", [
    "clone",
    "--quiet",
    "--no-hardlinks",
    repositoryRoot,
    clone,
  ]);
  if (code !== 0) {
    throw new Error(`git clone failed:\n${output}`);
  }
  const { output: commit } = await run("git", ["-C", clone, "log", "-1", "--format=%h %s"]);
  return commit.trim();
}

/** What is left of our environment on a machine on which nothing was ever installed. */
function emptyEnvironment(root) {
  const empty = (name) => {
    const directory = join(root, name);
    mkdirSync(directory);
    return directory;
  };
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|PULUMI_|GO|XDG_|NODE_OPTIONS$|INIT_CWD$)/i.test(name),
  );
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((directory) => !/node_modules|pulumi/.test(directory));
  return {
    ...Object.fromEntries(kept),
    PATH: path.join(delimiter),
    HOME: empty("home"),
    XDG_CACHE_HOME: empty("cache"),
    npm_config_cache: empty("npm"),
    GOPATH: empty("gopath"),
    GOCACHE: empty("gocache"),
    GOMODCACHE: empty("gomodcache"),
    // So that what Go downloads can be removed again.
    GOFLAGS: "-modcacherw",
  };
}

async function showCommand(command, cwd, env) {
  const last = [];
  const started = Date.now();
  const { code } = await run(command[0], command.slice(1), {
    cwd,
    env,
    onLine: (line) => {
      process.stderr.write(`  │ ${line}\n`);
      last.push(line);
      last.splice(0, last.length - linesShown);
    },
  });
  process.stdout.write(
    `\n$ ${command.join(" ")}   # exit ${code}, ${seconds(started)}\n${last.join("\n")}\n`,
  );
  return code;
}
