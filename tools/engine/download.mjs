// The engine by the npm package `pulumi`: a launcher that downloads the CLI when it first runs.

import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "../processes.mjs";
import { binaryName, keepEngine, workDirectory } from "./cache.mjs";

const launcher = "pulumi@3.265.0";

/** How long the launcher may go on without a byte arriving. */
const patience = 10_000;

/** Downloads the engine into the cache; answers why not, or nothing when it worked. */
export async function downloadEngine({ version, root, say }) {
  const directory = workDirectory(root, "download");
  const home = join(directory, "home");
  const scratch = workDirectory(directory, "scratch");
  try {
    say("trying the download of the npm package pulumi");
    const arrives = whileBytesArrive([home, scratch]);
    const { code, output, timedOut } = await run(
      process.platform === "win32" ? "npm.cmd" : "npm",
      ["exec", "--yes", `--package=${launcher}`, "--", "pulumi", "version"],
      {
        cwd: directory,
        shell: process.platform === "win32",
        keepGoing: arrives,
        env: {
          ...process.env,
          PULUMI_HOME: home,
          PULUMI_VERSION: version,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          TMPDIR: scratch,
          npm_config_yes: "true",
        },
      },
    );
    const installed = join(home, "versions", version, "bin");
    if (code !== 0 || !existsSync(join(installed, binaryName))) {
      return timedOut ? "no download host answered in time" : lastLine(output);
    }
    renameSync(installed, join(directory, "engine"));
    keepEngine(join(directory, "engine"), { version, root, source: "downloaded" });
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Answers a question: did any file below these directories grow within the last seconds? */
function whileBytesArrive(directories) {
  let size = 0;
  let since = Date.now();
  return () => {
    const now = directories.reduce((sum, directory) => sum + bytesBelow(directory), 0);
    if (now !== size) {
      size = now;
      since = Date.now();
    }
    return Date.now() - since < patience;
  };
}

function bytesBelow(directory) {
  if (!existsSync(directory)) {
    return 0;
  }
  let sum = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) {
      sum +=
        statSync(join(entry.parentPath ?? entry.path, entry.name), { throwIfNoEntry: false })
          ?.size ?? 0;
    }
  }
  return sum;
}

function lastLine(output) {
  return output.trim().split("\n").at(-1)?.slice(0, 120) || "no output";
}
