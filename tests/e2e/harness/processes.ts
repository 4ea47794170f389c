// What a killed CLI leaves behind.

import { readdirSync, readlinkSync } from "node:fs";

/** The ids of the processes that work in a directory or below it; Linux only, empty elsewhere. */
export function processesIn(directory: string): readonly number[] {
  if (process.platform !== "linux") {
    return [];
  }
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && worksIn(pid, directory));
}

/** Ends the processes that work in a directory or below it. */
export function endProcessesIn(directory: string): void {
  for (const pid of processesIn(directory)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }
}

function worksIn(pid: number, directory: string): boolean {
  try {
    const current = readlinkSync(`/proc/${pid}/cwd`);
    return current === directory || current.startsWith(`${directory}/`);
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return false;
  }
}
