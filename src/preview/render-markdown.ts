import { MARKDOWN_HOSTS, type MarkdownHost, type MarkdownHostName } from "./markdown-host";
import {
  type Detail,
  detailLevels,
  markdownSections,
  type PreparedReport,
  prepareMarkdown,
  small,
} from "./markdown-sections";
import { byteLength, codeText } from "./markdown-text";
import { markerStack, printMarker } from "./marker";
import {
  adviceWords,
  countWords,
  existingWords,
  identityWords,
  stackTitle,
  verdictWords,
} from "./marks";
import type { Report } from "./report";

/** How a report becomes Markdown. */
export interface MarkdownOptions {
  /** @default "github" */
  host?: MarkdownHostName;
  /** In place of the host's. */
  maxBytes?: number;
  /** The number of the run, for the hidden marker. */
  run?: number;
  /** Draws who gains and loses what; only where the host draws diagrams and there is room. @default false */
  diagram?: boolean;
  /** Where the full report is, when this one had to be cut. */
  fullReport?: string;
}

/**
 * The report as a comment. Of a report that is too long the least important parts go first, whole rows at a time; the
 * verdict and the findings that block never go.
 */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const host: MarkdownHost = MARKDOWN_HOSTS[options.host ?? "github"];
  const budget = options.maxBytes ?? host.maxBytes;
  const head = headLines(report, host, options);
  const prepared = prepareMarkdown(report, host, options.diagram === true);
  const render = (detail: Detail) => compose(head, prepared, detail, options);
  let last = "";
  for (const detail of detailLevels()) {
    last = render(detail);
    if (byteLength(last) <= budget) return last;
  }
  return longestThatFits(render, budget) ?? tooLong(head, budget);
}

/** The most rows per section that the budget holds. */
function longestThatFits(render: (detail: Detail) => string, budget: number): string | undefined {
  let best: string | undefined;
  for (let low = 0, high = 2048; low < high; ) {
    const maxRows = Math.floor((low + high) / 2);
    const text = render({ level: "rows", maxRows });
    if (byteLength(text) <= budget) {
      best = text;
      low = maxRows + 1;
    } else high = maxRows;
  }
  return best;
}

function headLines(report: Report, host: MarkdownHost, { run }: MarkdownOptions): string[] {
  const marker = printMarker(
    { stack: markerStack(report), ...(run === undefined ? {} : { run }) },
    host.hasComments,
  );
  const name = stackTitle(report);
  const advice = adviceWords(report);
  return [
    marker,
    "",
    `### PIM access preview of ${codeText(name)}: **${verdictWords(report.verdict)}**`,
    "",
    [advice === "" ? "" : `**${advice}**`, countWords(report), existingWords(report)]
      .filter((part) => part !== "")
      .join(" "),
    "",
    small(`${identityWords(report).map(identityText).join(", ")}.`, host),
  ];
}

/** "tenant X" with X where nothing can be done with it. */
function identityText(words: string): string {
  const [first = "", ...rest] = words.split(" ");
  return `${first} ${codeText(rest.join(" "))}`;
}

function compose(
  head: readonly string[],
  prepared: PreparedReport,
  detail: Detail,
  { fullReport }: MarkdownOptions,
): string {
  const { sections, isCut } = markdownSections(prepared, detail);
  const where =
    fullReport === undefined ? "the job summary or the artifact of this run" : fullReport;
  const cut = isCut ? ["", `_Shortened to fit: the full report is in ${where}._`] : [];
  return `${[...head, ...cut, ...sections.flatMap((section) => ["", section])].join("\n")}\n`;
}

/** Not even the shortest report fits: say so, in what there is room for. */
function tooLong(head: readonly string[], budget: number): string {
  const text = `${[...head, "", "_The report is too long for this place; see the full report of this run._"].join("\n")}\n`;
  return byteLength(text) <= budget ? text : `${head[0] ?? ""}\n`;
}
