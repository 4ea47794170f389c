import { Command, InvalidArgumentError } from "commander";
import type * as Emulated from "../emulator";

/** `entra-pim emulator`: prints one JSON line that says how to reach it, and serves until SIGTERM. */
export function emulatorCommand(): Command {
  return new Command("emulator")
    .description("serve an emulated Microsoft Entra tenant on loopback")
    .option("--port <number>", "TCP port, 0 for a free one", wholeNumber, 0)
    .option("--tls", "serve HTTPS with a throw-away CA")
    .option("--tenant-id <guid>", "tenant id")
    .option("--seed <number>", "seed of ids and random choices", wholeNumber, 1)
    .option("--now <instant>", "start of its clock, RFC 3339")
    .option("--users <number>", "users besides the administrator", wholeNumber)
    .option("--groups <number>", "role-assignable groups", wholeNumber)
    .option("--eligible <number>", "eligible assignments", wholeNumber)
    .option("--active <number>", "active assignments", wholeNumber)
    .option("--throttle <writes/seconds>", "writes admitted per seconds, as 20/10", throttle)
    .option("--visibility-delay <duration>", "time until a write is seen by reads, as PT5S")
    .option("--unlicensed", "a tenant without Entra ID P2")
    .action(
      async ({ unlicensed, ...options }: Emulated.EmulatorOptions & { unlicensed?: true }) => {
        // Loaded when it is to serve: help must not wait for a tenant.
        const { startEmulator }: typeof Emulated = require("../emulator");
        const emulator = await startEmulator({ ...options, licensed: unlicensed !== true });
        process.stdout.write(`${JSON.stringify(emulator.info)}\n`);
        await stopSignal();
        await emulator.close();
      },
    );
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError("expected a whole number");
  return value;
}

function throttle(text: string): Emulated.EmulatorOptions["throttle"] {
  const [writes, seconds] = (/^(\d+)(?:\/(\d+)s?)?$/.exec(text) ?? []).slice(1).map(Number);
  if (writes === undefined) throw new InvalidArgumentError("expected writes/seconds, as 20/10");
  return { writes, seconds: seconds === undefined || Number.isNaN(seconds) ? 10 : seconds };
}
