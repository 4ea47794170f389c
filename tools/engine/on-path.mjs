// The engine that the user already has.

import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { eachLine, run } from "../processes.mjs";
import { binaryName, quiet } from "./cache.mjs";

const oldestAccepted = [3, 250];

/** The first `pulumi` on PATH that is new enough and has a Node.js language host that starts. */
export async function engineOnPath() {
  for (const directory of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    const path = join(directory, binaryName);
    if (!isExecutable(path)) {
      continue;
    }
    const { code, output } = await run(path, ["version"], {
      timeout: 10_000,
      env: quiet(process.env),
    });
    const version = code === 0 ? /^v?(\d+\.\d+\.\d+)/m.exec(output)?.[1] : undefined;
    if (version && isNewEnough(version) && (await hasLanguageHost(path))) {
      return { version, path, directory, source: "PATH" };
    }
  }
  return undefined;
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > oldestAccepted[0] || (major === oldestAccepted[0] && minor >= oldestAccepted[1]);
}

async function hasLanguageHost(pulumi) {
  const name =
    process.platform === "win32" ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs";
  const beside = dirname(realpathSync(pulumi));
  // An engine of our own cache: its language host needs a program's directory to start in.
  if (existsSync(join(beside, "origin.json"))) {
    return true;
  }
  const directories = [...(process.env.PATH ?? "").split(delimiter).filter(Boolean), beside];
  const host = directories.map((directory) => join(directory, name)).find(isExecutable);
  return host !== undefined && (await printsPort(host));
}

/** Whether a language host starts: it prints the port it listens on as its first line. */
function printsPort(host) {
  return new Promise((resolve) => {
    const child = spawn(host, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "ignore"] });
    const finish = (answer) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve(answer);
    };
    const timer = setTimeout(() => finish(false), 10_000);
    eachLine(child.stdout, (line) => finish(/^\d+$/.test(line.trim())));
    child.on("error", () => finish(false));
    child.on("close", () => finish(false));
  });
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
