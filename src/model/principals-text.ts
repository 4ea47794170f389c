import type { PrincipalKind } from "./constants";
import type { PrincipalReference } from "./principal";

const KIND = /^(user|group|servicePrincipal):(.+)$/;

/** Several references as one text, a line for each: a list of objects would cost the program's every resource more. */
export function referencesText(references: readonly PrincipalReference[]): string {
  return references.map(({ kind, text }) => `${kind}:${text.replace(/\s+/g, " ")}`).join("\n");
}

/** The references in such a text; lines that are none are left out. */
export function readReferences(text: unknown): PrincipalReference[] {
  if (typeof text !== "string") return [];
  return text.split("\n").flatMap((line) => {
    const [, kind, name] = KIND.exec(line) ?? [];
    return kind === undefined || name === undefined
      ? []
      : [{ kind: kind as PrincipalKind, text: name }];
  });
}
