// Starting other programs: collected output, time-outs, and an end for everything that was started.

import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/**
 * Runs a program to its end and answers `{ code, output, timedOut }`; never throws for a failing one.
 *
 * `onLine` sees every line of stdout and stderr as it comes; `keepGoing` is asked every half second and ends
 * the program, with all it started, once it answers false.
 */
export function run(command, parameters, options = {}) {
  const { onLine, keepGoing, timeout, ...spawnOptions } = options;
  return new Promise((resolve) => {
    const ownGroup = process.platform !== "win32" && (timeout || keepGoing);
    const child = spawn(command, parameters, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: Boolean(ownGroup),
      ...spawnOptions,
    });
    const deadline = timeout ? Date.now() + timeout : Number.POSITIVE_INFINITY;
    let output = "";
    let timedOut = false;
    const watch = setInterval(() => {
      if (Date.now() > deadline || keepGoing?.() === false) {
        timedOut = true;
        kill(child, ownGroup);
      }
    }, 500);
    // A group of its own does not hear the terminal's Ctrl-C: it ends with us.
    const endWithUs = () => kill(child, ownGroup);
    if (ownGroup) {
      process.on("exit", endWithUs);
    }
    const finish = (code) => {
      clearInterval(watch);
      process.off("exit", endWithUs);
      resolve({ code, output, timedOut });
    };
    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (line) => {
        output += `${line}\n`;
        onLine?.(line);
      });
    }
    child.on("error", (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
    child.on("close", (code, signal) => finish(code ?? (signal ? 1 : 0)));
  });
}

/** Calls `onLine` for each line of a stream, also for a last one without an end. */
export function eachLine(stream, onLine) {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream?.on("data", (chunk) => {
    const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      onLine(line);
    }
  });
  stream?.on("end", () => {
    if (rest !== "") {
      onLine(rest);
    }
  });
}

function kill(child, ownGroup) {
  try {
    process.kill(ownGroup ? -child.pid : child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") {
      throw error;
    }
  }
}
