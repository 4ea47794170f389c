import type { Io } from "./io";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const FIRST_LINE_MS = 10_000;
const NEXT_LINES_MS = 30_000;

/** Shows that something goes on: a line that moves on a terminal, a line now and then elsewhere. */
export async function whileShowing<T>(io: Io, what: string, work: Promise<T>): Promise<T> {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  if (!io.isTerminal) return withLines(work, () => io.err(`${what} (${seconds()})\n`));
  let frame = 0;
  const timer = setInterval(() => {
    frame = (frame + 1) % FRAMES.length;
    io.err(`\r\x1b[2K${FRAMES[frame]} ${what} (${seconds()})`);
  }, FRAME_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    io.err("\r\x1b[2K");
  }
}

async function withLines<T>(work: Promise<T>, say: () => void): Promise<T> {
  let timer = setTimeout(function again() {
    say();
    timer = setTimeout(again, NEXT_LINES_MS);
  }, FIRST_LINE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
