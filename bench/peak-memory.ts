import { readdirSync, readFileSync } from "node:fs";

/** Watches the provider hosts that the engine starts and keeps the largest peak, in MB; 0 where /proc is missing. */
export class PeakMemory {
  private peak = 0;
  private readonly timer = setInterval(() => this.look(), 300);

  stop(): number {
    this.look();
    clearInterval(this.timer);
    return Math.round(this.peak);
  }

  private look(): void {
    for (const pid of processes()) {
      if (!textOf(`/proc/${pid}/cmdline`).includes("dynamic-provider")) continue;
      const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0);
      this.peak = Math.max(this.peak, kilobytes / 1024);
    }
  }
}

function processes(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // no /proc on this system
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // the process has ended
  }
}
