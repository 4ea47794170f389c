/** Whether two ABAC conditions are the same text; blanks and line breaks between words do not count, inside quotes they do. */
export function sameCondition(a: string | undefined, b: string | undefined): boolean {
  return normal(a) === normal(b);
}

function normal(condition: string | undefined): string {
  return (condition ?? "")
    .trim()
    .replace(/'[^']*'|\s+/g, (part) => (part.startsWith("'") ? part : " "));
}
