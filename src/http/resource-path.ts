/** Longest path in a message, in characters. */
const MAX_PATH = 200;

/** Query options whose values are ours and harmless; page tokens and anything unknown are left out. */
const SHOWN = new Set([
  "$filter",
  "$select",
  "$expand",
  "$top",
  "$orderby",
  "$count",
  "api-version",
]);

/** Writes a path or URL for people: without host, without query values that could be secret. */
export function describeResource(pathOrUrl: string): string {
  const path = pathOrUrl.replace(/^https?:\/\/[^/]+/i, "");
  const mark = path.indexOf("?");
  if (mark < 0) return clip(path);
  const options = path
    .slice(mark + 1)
    .split("&")
    .filter((option) => SHOWN.has(decode(option.split("=")[0] ?? "")))
    .map(decode);
  const query = options.length > 0 ? `?${options.join("&")}` : "";
  return clip(path.slice(0, mark) + query);
}

function clip(path: string): string {
  return path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent encoding: shown as it is
  }
}
