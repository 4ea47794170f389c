// One line per step of a task: a tick, what was done and how long it took. A step of over five seconds
// shows that it is alive: with a spinner on a terminal, with a line every ten seconds elsewhere.

const firstSignAfter = 5_000;
const plainInterval = 10_000;
const spinnerInterval = 120;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * Runs `work` as a named step and prints its outcome.
 *
 * `work` receives `say(text)`, which sets the text shown while it goes on. When it answers a string, that
 * is printed as the step's result.
 */
export async function step(title, work, out = process.stderr) {
  const started = Date.now();
  const progress = showProgress(title, started, out);
  try {
    const result = await work(progress.say);
    progress.stop();
    const detail = typeof result === "string" && result !== "" ? `: ${result}` : "";
    out.write(`✓ ${title}${detail} (${seconds(started)})\n`);
    return result;
  } catch (error) {
    progress.stop();
    out.write(`✗ ${title} (${seconds(started)})\n`);
    throw error;
  }
}

/** The seconds since `started`, for people. */
export function seconds(started) {
  const elapsed = (Date.now() - started) / 1000;
  return elapsed < 60
    ? `${elapsed.toFixed(1)} s`
    : `${Math.floor(elapsed / 60)} min ${Math.floor(elapsed % 60)} s`;
}

function showProgress(title, started, out) {
  let text = "";
  let frame = 0;
  const line = () => `${title}… ${seconds(started)}${text ? `, ${text}` : ""}`;
  const paint = () => {
    frame = (frame + 1) % frames.length;
    const visible = `${frames[frame]} ${line()}`.slice(0, (out.columns ?? 80) - 1);
    out.write(`\r\u001b[2K${visible}`);
  };
  let timer = setTimeout(() => {
    const [show, interval] = out.isTTY
      ? [paint, spinnerInterval]
      : [() => out.write(`  ${line()}\n`), plainInterval];
    show();
    timer = setInterval(show, interval);
  }, firstSignAfter);
  return {
    say: (newText) => {
      text = newText;
    },
    stop: () => {
      clearTimeout(timer);
      clearInterval(timer);
      if (out.isTTY) {
        out.write("\r\u001b[2K");
      }
    },
  };
}
