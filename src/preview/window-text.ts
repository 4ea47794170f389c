import type { GrantWindow } from "../model/access";
import { endOf, shortLength } from "../model/access-window";
import { parseDuration } from "../model/duration";
import { parseInstant } from "../model/instant";
import type { WindowText } from "./report";

/** The window in words; days from now are said only where a clock is given. */
export function windowText(window: GrantWindow, now: number | undefined): WindowText {
  switch (window.type) {
    case "permanent":
      return { isPermanent: true, text: `permanent${startText(window.startsAt, now)}` };
    case "until":
      return {
        isPermanent: false,
        text: `${startText(window.startsAt, now, "from ")}to ${instantText(window.endsAt)}${leftText(window, now)}`.trim(),
        endsAt: window.endsAt,
      };
    case "for": {
      const length = parseDuration(window.duration);
      const text = length === undefined ? window.duration : shortLength(length);
      const from = window.startsAt === undefined ? "the grant" : instantText(window.startsAt);
      return { isPermanent: false, text: `${text} from ${from}` };
    }
    case "unknown":
      return { isPermanent: false, text: window.isSecret ? "(secret)" : "(known after apply)" };
  }
}

/** A day, and the time when that is not midnight: nobody reads seconds. */
function instantText(text: string): string {
  const ms = parseInstant(text);
  if (ms === undefined) return text;
  const iso = new Date(ms).toISOString();
  return iso.endsWith("T00:00:00.000Z")
    ? iso.slice(0, 10)
    : `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;
}

/** A start is worth saying only while it lies ahead. */
function startText(
  startsAt: string | undefined,
  now: number | undefined,
  word = ", from ",
): string {
  const start = parseInstant(startsAt ?? "");
  if (start === undefined || now === undefined || start <= now) return "";
  return `${word}${instantText(startsAt ?? "")} `.replace(/ $/, word.startsWith(",") ? "" : " ");
}

function leftText(window: GrantWindow, now: number | undefined): string {
  const end = endOf(window, now);
  if (now === undefined || end === undefined) return "";
  return end <= now ? " (passed)" : ` (${shortLength(end - now)})`;
}
