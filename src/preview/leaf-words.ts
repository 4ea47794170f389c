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
      return principalWords(value, approverNames) ?? ours("default approvers");
    case "recipients":
      return listWords(value as string[]);
    case "exclusions":
      return exclusionWords(value, approverNames);
    case "level":
    case "pimOnlyMode":
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
        : phrase`approval by ${principalWords(approvers, approverNames) ?? ours("default approvers")}`,
    );
  }
  if (leaves["activation.requireJustification"] === true) words.push(ours("justification"));
  if (leaves["activation.requireTicket"] === true) words.push(ours("ticket"));
  const longest = leaves["activation.maximumDuration"];
  if (typeof longest === "string") words.push(phrase`at most ${durationWords(longest)}`);
  return words;
}

function exclusionWords(value: LeafValue, names: Readonly<Record<string, string>>): Phrase {
  if (!Array.isArray(value)) return ours("(not known)");
  const isTexts = value.every((entry) => typeof entry === "string");
  return isTexts ? listWords(value) : (principalWords(value, names) ?? ours("none"));
}

/** Principals by name; undefined when there are none. */
function principalWords(
  value: unknown,
  names: Readonly<Record<string, string>>,
): Phrase | undefined {
  const principals = value as { kind: string; id: string }[];
  if (principals.length === 0) return undefined;
  const shown = principals.slice(0, 4).map(({ kind, id }): Phrase => {
    const name = names[id.toLowerCase()] ?? shortId(id);
    return kind === "group" ? phrase`group ${name}` : [{ value: name }];
  });
  const more = principals.length - shown.length;
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
