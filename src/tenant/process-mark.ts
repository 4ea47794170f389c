import { readFileSync } from "node:fs";

/**
 * Names a process for notes that outlive it. Ids of processes come back, within hours on a machine that has few of them:
 * where the system tells when a process began, that is a part of the name.
 */
export function processMark(pid = process.pid): string {
  return [pid, ...beganAt(pid)].join("-");
}

/** What a process noted counts while it lives: notes of processes that have ended belong to an earlier run. */
export function isAlive(mark: string): boolean {
  const pid = Number.parseInt(mark, 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return processMark(pid) === mark;
}

/** Linux: the 22nd field of the process's `stat`, in ticks since boot; the second, its name, may hold spaces. */
function beganAt(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(19, 20);
  } catch {
    return [];
  }
}
