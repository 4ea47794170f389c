import type { Report } from "./report";

/** The hidden first line by which a comment is found again; `run` tells a newer report from an older one. */
export interface Marker {
  stack: string;
  run?: number;
}

const MARKER = /(?:<!-- |\[\/\/\]: # \()entra-pim-preview:([\w.+/-]+)(?: run=(\d+))?(?: -->|\))/;

/** The stack as markers name it: nothing that could end a comment. */
export function markerStack({ project, stack }: Pick<Report, "project" | "stack">): string {
  const safe = (text: string) => text.replace(/[^\w.+-]/g, "_").replace(/-{2,}/g, "-");
  return `${safe(project)}/${safe(stack)}`;
}

/** The marker's line. */
export function printMarker({ stack, run }: Marker, isHtml: boolean): string {
  const text = `entra-pim-preview:${stack}${run === undefined ? "" : ` run=${run}`}`;
  return isHtml ? `<!-- ${text} -->` : `[//]: # (${text})`;
}

/** The marker that a comment begins with. */
export function readMarker(body: string): Marker | undefined {
  const match = MARKER.exec(body.slice(0, 400));
  const [, stack = "", run] = match ?? [];
  if (match === null || body.slice(0, match.index).trim() !== "") return undefined;
  return { stack, ...(run === undefined ? {} : { run: Number(run) }) };
}
