import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The engine that this process works for is gone: whatever is not sent yet must not be sent. */
class EngineGoneError extends Error {
  override name = "EngineGoneError" as const;

  constructor() {
    super("the Pulumi engine of this run has ended; nothing more is written");
    this.stack = "";
  }
}

/** One run of the engine, shared by all its provider processes. */
export interface Run {
  /** A folder of this run, for what its processes must know of each other. */
  folder(): Promise<string>;
  /** Throws when the engine does not answer any more. */
  assertAlive(): Promise<void>;
}

const PREFIX = "entra-pim-run-";

/** The engine ends its plugins without a word, so nobody removes a run's folder when it ends. */
const OLD_MS = 7 * 24 * 60 * 60_000;

/**
 * The run that the engine's address names. A parent process says nothing: it is a launcher's shell, which survives a
 * killed engine and leaves this process writing with nobody to record it.
 */
export function engineRun(engineAddress: string | undefined, tenantId: string): Run {
  const address = parseAddress(engineAddress);
  const name = createHash("sha256")
    .update(`${engineAddress ?? process.pid}\n${tenantId}\n${userName()}`)
    .digest("hex");
  const path = join(tmpdir(), `${PREFIX}${name.slice(0, 24)}`);
  let made: Promise<string> | undefined;
  return {
    folder: () => {
      made ??= mkdir(path, { recursive: true, mode: 0o700 }).then(() => {
        void removeOld().catch(() => undefined); // tidiness only: no run depends on it
        return path;
      });
      return made;
    },
    assertAlive: async () => {
      if (address !== undefined && !(await accepts(address))) throw new EngineGoneError();
    },
  };
}

async function removeOld(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = join(tmpdir(), name);
    if (Date.now() - (await stat(folder)).mtimeMs < OLD_MS) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined); // another user's
  }
}

interface Address {
  host: string;
  port: number;
}

function parseAddress(text: string | undefined): Address | undefined {
  const match = /^(.*):(\d+)$/.exec(text ?? "");
  const port = Number(match?.[2] ?? 0);
  return match === null || port === 0 ? undefined : { host: match[1] ?? "127.0.0.1", port };
}

function accepts({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (alive: boolean) => () => {
      socket.destroy();
      resolve(alive);
    };
    socket.once("connect", settle(true));
    socket.once("timeout", settle(false));
    socket.once("error", settle(false));
  });
}

/** Temporary folders are shared on some machines; another user's run must not meet ours. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return ""; // a user without an entry in the password file, as in some containers
  }
}
