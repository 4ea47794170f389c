import { spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "../e2e/harness/repository";

/** How one run of the command ended. */
export interface CliRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `entra-pim preview` as people do, in an environment of its own. */
export function runPreview(
  args: readonly string[],
  {
    env = {},
    input,
    cwd = repositoryRoot,
  }: { env?: Readonly<Record<string, string>>; input?: string; cwd?: string } = {},
): Promise<CliRun> {
  const { PATH = "", HOME = "/tmp" } = process.env;
  const loader = require.resolve("tsx");
  const main = join(repositoryRoot, "tests", "preview", "cli-main.ts");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", loader, main, "preview", ...args], {
      cwd,
      env: { PATH, HOME, ...env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    child.stdin.end(input ?? "");
  });
}
