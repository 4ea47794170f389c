/** Says one fact under the stack. The engine shows what a provider prints; nothing may be printed in a preview. */
export type Voice = (fact: string) => void;

export const hostVoice: Voice = (fact) => {
  process.stdout.write(`entra-pim: ${fact}\n`);
};

const FIRST_LINE_MS = 10_000;
const NEXT_LINES_MS = 30_000;

/** Runs a wait and says what is waited for: after 10 seconds, then every 30. */
export async function whileSaying<T>(voice: Voice, what: string, wait: Promise<T>): Promise<T> {
  const started = Date.now();
  const say = () => voice(`${what} (${Math.round((Date.now() - started) / 1000)} s)`);
  let timer = setTimeout(function again() {
    say();
    timer = setTimeout(again, NEXT_LINES_MS);
  }, FIRST_LINE_MS);
  try {
    return await wait;
  } finally {
    clearTimeout(timer);
  }
}
