// One line per step of a task: a tick, what was done and how long it took. What takes over five seconds
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
  let text = "";
  const progress = showProgress(
    () => `${title}… ${seconds(started)}${text ? `, ${text}` : ""}`,
    out,
  );
  try {
    const result = await work((newText) => {
      text = newText;
    });
    const detail = typeof result === "string" && result !== "" ? `: ${result}` : "";
    progress.print(`✓ ${title}${detail} (${seconds(started)})`);
    return result;
  } catch (error) {
    progress.print(`✗ ${title} (${seconds(started)})`);
    throw error;
  } finally {
    progress.stop();
  }
}

/** The seconds since `started`, for people. */
export function seconds(started) {
  const elapsed = (Date.now() - started) / 1000;
  return elapsed < 60
    ? `${elapsed.toFixed(1)} s`
    : `${Math.floor(elapsed / 60)} min ${Math.floor(elapsed % 60)} s`;
}

/** Shows `line()` again and again until it is stopped; other lines go through `print`. */
export function showProgress(line, out) {
  let frame = 0;
  const wipe = () => out.isTTY && out.write("\r\u001b[2K");
  const paint = () => {
    frame = (frame + 1) % frames.length;
    wipe();
    out.write(`${frames[frame]} ${line()}`.slice(0, (out.columns ?? 80) - 1));
  };
  const show = out.isTTY ? paint : () => out.write(`  ${line()}\n`);
  let timer = setTimeout(() => {
    show();
    timer = setInterval(show, out.isTTY ? spinnerInterval : plainInterval);
  }, firstSignAfter);
  return {
    print: (text) => {
      wipe();
      out.write(`${text}\n`);
    },
    stop: () => {
      clearTimeout(timer);
      clearInterval(timer);
      wipe();
    },
  };
}
