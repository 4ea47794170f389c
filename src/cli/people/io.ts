import { createInterface } from "node:readline/promises";

/** What a command needs of the process that it runs in. */
export interface Io {
  env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  /** Whether somebody reads what is printed. */
  isTerminal: boolean;
  columns: number;
  /** Asks a question that is answered with yes or no; undefined where nobody could answer. */
  confirm?: (question: string) => Promise<boolean>;
  /** Calls back when the person breaks off (Ctrl-C); answers how to stop listening. */
  onInterrupt(handler: () => void): () => void;
  setExitCode(code: number): void;
}

/** The exit codes of every command. */
export const ExitCode = { Done: 0, Error: 1, Refused: 2, Incomplete: 3, GaveUp: 4 } as const;

/** The process itself. */
export function processIo(): Io {
  const { stdin, stdout, stderr } = process;
  const isTerminal = stdout.isTTY === true;
  return {
    env: process.env,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isTerminal,
    columns: stdout.columns ?? 120,
    ...(isTerminal && stdin.isTTY === true && { confirm: ask }),
    onInterrupt: (handler) => {
      process.once("SIGINT", handler);
      return () => process.removeListener("SIGINT", handler);
    },
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
