import { visibleText } from "./access-text";

/** A sentence of ours with names of the tenant in it: a renderer escapes the names and leaves the rest as it is. */
export type Phrase = readonly PhrasePart[];

/** Our own words, or a value that somebody else chose. */
export type PhrasePart = string | { readonly value: string };

/** Puts values into our words; numbers and other phrases are ours too. */
export function phrase(
  words: TemplateStringsArray,
  ...values: readonly (string | number | Phrase)[]
): Phrase {
  const parts: PhrasePart[] = [];
  words.forEach((text, index) => {
    if (text !== "") parts.push(text);
    const value = values[index];
    if (typeof value === "string") parts.push({ value });
    else if (typeof value === "number") parts.push(String(value));
    else if (value !== undefined) parts.push(...value);
  });
  return parts;
}

/** Words of ours that are put together at run time. */
export function ours(text: string): Phrase {
  return text === "" ? [] : [text];
}

/** Several phrases with our own separator between them. */
export function joinPhrases(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((part, index) => (index === 0 ? [...part] : [separator, ...part]));
}

/** The sentence as plain text, names made visible. */
export function plainText(parts: Phrase): string {
  return parts.map((part) => (typeof part === "string" ? part : visibleText(part.value))).join("");
}
