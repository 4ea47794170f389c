/** Characters that show nothing or turn the direction of text: controls, zero-width, bidi, tags, private use. */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u115f\u1160\u2800\u3164\uffa0]|\p{Default_Ignorable_Code_Point}/gu;
const LINE_BREAKS = /[\r\n\t\v\f\u0085\u2028\u2029]+/g;
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Marks stacked on one letter beyond what any language needs. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;

/**
 * A text as a reader can trust it: on one line, without characters that show nothing or change how others read, cut
 * at a length with a visible mark.
 */
export function visibleText(text: string, longest = 120): string {
  const shown = text
    .replace(LONE_SURROGATES, "\ufffd")
    .replace(LINE_BREAKS, " ")
    .replace(INVISIBLE, "")
    .replace(STACKED_MARKS, "$1")
    .replace(/\s+/g, " ")
    .trim();
  const letters = [...shown];
  return letters.length <= longest
    ? shown
    : `${letters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`;
}

/** The first and last characters of a GUID, which is how people tell two of them apart. */
export function shortId(id: string): string {
  const shown = visibleText(id, 60);
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(shown)
    ? `${shown.slice(0, 8)}…${shown.slice(-4)}`
    : shown;
}
