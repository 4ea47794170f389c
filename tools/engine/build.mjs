// The engine built from its Go module, for networks that reach package registries only.

import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../processes.mjs";
import { binaryName, installCompanions, keepEngine, workDirectory } from "./cache.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Builds the engine into the cache; answers why not, or nothing when it worked. */
export async function buildEngine({ version, root, say }) {
  if (process.platform === "win32") {
    return "not on Windows, where our language host has no executable";
  }
  const go = await run("go", ["version"]);
  if (go.code !== 0) {
    return "no go on PATH";
  }
  const directory = workDirectory(root, "build");
  try {
    const progress = countPackages((text) => say(`building from the Go module, ${text}`));
    const { code, output } = await run(
      "go",
      [
        "build",
        "-v",
        "-trimpath",
        "-buildvcs=false",
        "-mod=readonly",
        "-ldflags",
        `-s -w -X ${versionVariable}=v${version}`,
        "-o",
        join(directory, binaryName),
        command,
      ],
      { cwd: here, env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" }, onLine: progress },
    );
    if (code !== 0) {
      return lastLines(output);
    }
    installCompanions(directory);
    keepEngine(directory, { version, root, source: "built" });
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Turns the lines of `go build -v` into a text like "1,240 packages compiled". */
function countPackages(say) {
  let downloaded = 0;
  let compiled = 0;
  say("reading the module");
  return (line) => {
    if (line.startsWith("go: downloading")) {
      downloaded += 1;
    } else if (!line.startsWith("go: ")) {
      compiled += 1;
    }
    say(
      compiled === 0
        ? `${downloaded} modules downloaded`
        : `${compiled} packages compiled (about 6 minutes on 2 cores the first time)`,
    );
  };
}

function lastLines(output) {
  return output.trim().split("\n").slice(-2).join(" / ").slice(0, 300) || "go build failed";
}
