/**
 * The candidates that a text was probably meant to be, nearest first, at most three: typing errors (edit distance up
 * to a third of the length), other letter case, words in one, or words of the candidate in the text's order.
 */
export function nearestNames(text: string, candidates: readonly string[]): string[] {
  const wanted = normal(text);
  if (wanted === "") return [];
  const near = candidates
    .map((name) => ({ name, distance: distanceOf(wanted, normal(name)) }))
    .filter(({ distance }) => distance <= Math.max(1, wanted.length / 3))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name, "en"));
  const best = near[0]?.distance ?? 0;
  return near
    .filter(({ distance }) => distance <= 2 * best + 1)
    .slice(0, 3)
    .map(({ name }) => name);
}

/**
 * Letters of another alphabet that stand where a candidate has those of our own: the two texts look the same, and
 * naming the candidate alone would tell nobody what is wrong.
 */
export function lookAlikes(text: string, candidate: string): string[] {
  const letters = [...text.trim()];
  const wanted = [...candidate];
  if (letters.length !== wanted.length) return [];
  const others = letters.filter((letter, index) => letter !== wanted[index]);
  const areAllForeign = others.every((letter) => (letter.codePointAt(0) ?? 0) > 127);
  return areAllForeign ? [...new Set(others)] : [];
}

function normal(text: string): string {
  const words = text.trim().replace(/([a-z])([A-Z])/g, "$1 $2");
  return words.replace(/\s+/g, " ").toLowerCase();
}

/** A shortened name ("exchange admin") is nearer than its missing letters suggest: it costs half a letter a word. */
function distanceOf(wanted: string, name: string): number {
  const words = name.split(" ");
  const asked = wanted.split(" ");
  const startsWords =
    asked.length === words.length && asked.every((word, i) => words[i]?.startsWith(word));
  if (startsWords && wanted.length >= 3) return asked.length / 2;
  if (wanted.length >= 4 && name.includes(wanted)) return 1;
  return editDistance(wanted, name);
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const isSwap =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        isSwap ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
