import type { Phrase } from "../model/access-phrase";
import { visibleText } from "../model/access-text";

/** A text inside an element or a quoted attribute. */
export function htmlText(text: string, longest = 200): string {
  return escaped(visibleText(text, longest));
}

function escaped(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** A name that keeps its own direction, so that it cannot reorder what stands around it. */
export function htmlName(text: string): string {
  return `<bdi>${htmlText(text)}</bdi>`;
}

/** A sentence of ours with its names made safe. */
export function htmlPhrase(parts: Phrase): string {
  return parts
    .map((part) => (typeof part === "string" ? escaped(part) : htmlName(part.value)))
    .join("");
}

/** A table with a caption; cells are HTML. */
export function htmlTable(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join("");
  const body = rows.map(([first = "", ...cells]) => {
    const rest = cells.map((cell) => `<td>${cell}</td>`).join("");
    return `<tr><th scope="row">${first}</th>${rest}</tr>`;
  });
  return `<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>\n<caption class="unseen">${caption}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}
