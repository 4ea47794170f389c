import { joinPhrases, ours, type Phrase, phrase } from "../model/access-phrase";
import { shortId } from "../model/access-text";
import { shortLength } from "../model/access-window";
import { parseDuration } from "../model/duration";
import { LEAVES, type LeafPath, type LeafValue, type Leaves } from "../model/settings-leaves";

/** A leaf's value in words. */
export function leafWords(
  path: LeafPath,
  value: LeafValue | undefined,
  approverNames: Readonly<Record<string, string>>,
): Phrase {
  if (value === undefined) return ours("(not known)");
  switch (LEAVES[path].type) {
    case "maximumDuration":
      return durationWords(String(value));
    case "permission":
      return ours(value === true ? "allowed" : "not allowed");
    case "context":
      return value === "" ? ours("none") : [{ value: String(value) }];
    case "approvers":
      return approverWords(value, approverNames);
    case "recipients":
      return listWords(value as string[]);
    case "level":
      return ours(String(value));
    default:
      return ours(value === true ? "required" : "off");
  }
}

/** What activating a role asks for, in the portal's order; what is not known is not said. */
export function activationWords(
  leaves: Leaves,
  approverNames: Readonly<Record<string, string>>,
): Phrase[] {
  const words: Phrase[] = [];
  const context = leaves["activation.authenticationContext"];
  if (typeof context === "string" && context !== "") words.push(phrase`context ${context}`);
  else if (leaves["activation.requireMfa"] === true) words.push(ours("MFA"));
  if (leaves["activation.requireApproval"] === true) {
    const approvers = leaves["activation.approvers"];
    const names = Array.isArray(approvers) ? approvers.length : 0;
    words.push(
      names === 0
        ? ours("approval by default approvers")
        : phrase`approval by ${approverWords(approvers, approverNames)}`,
    );
  }
  if (leaves["activation.requireJustification"] === true) words.push(ours("justification"));
  if (leaves["activation.requireTicket"] === true) words.push(ours("ticket"));
  const longest = leaves["activation.maximumDuration"];
  if (typeof longest === "string") words.push(phrase`at most ${durationWords(longest)}`);
  return words;
}

function approverWords(value: unknown, names: Readonly<Record<string, string>>): Phrase {
  const approvers = value as { kind: string; id: string }[];
  if (approvers.length === 0) return ours("default approvers");
  const shown = approvers.slice(0, 4).map(({ kind, id }): Phrase => {
    const name = names[id.toLowerCase()] ?? shortId(id);
    return kind === "group" ? phrase`group ${name}` : [{ value: name }];
  });
  const more = approvers.length - shown.length;
  return joinPhrases(more > 0 ? [...shown, phrase`${more} more`] : shown, ", ");
}

function listWords(texts: readonly string[]): Phrase {
  if (texts.length === 0) return ours("none");
  const shown = texts.slice(0, 4).map((text): Phrase => [{ value: text }]);
  const more = texts.length - shown.length;
  return joinPhrases(more > 0 ? [...shown, phrase`${more} more`] : shown, ", ");
}

function durationWords(text: string): Phrase {
  const ms = parseDuration(text);
  return ms === undefined ? [{ value: text }] : ours(shortLength(ms));
}
