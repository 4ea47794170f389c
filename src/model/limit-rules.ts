import type { AssignmentFacts, AssignmentInput } from "./assignment-input";
import type { AssignmentLimits } from "./assignment-limits";
import { isBlank } from "./blank";
import type { AssignmentKind } from "./constants";
import { parseDuration } from "./duration";
import { parseInstant } from "./instant";
import type { Problem } from "./problem";

/** Limits of one kind of assignment, where they come from, and which settings they are. */
interface Limited {
  input: AssignmentInput;
  facts: AssignmentFacts;
  limits: AssignmentLimits;
  source: string;
  stage: "eligibleAssignment" | "activeAssignment";
}

/** What the role's settings refuse about an assignment. */
export function limitProblems(
  kind: AssignmentKind,
  input: AssignmentInput,
  facts: AssignmentFacts,
): Problem[] {
  const { limits = {}, limitsSource: source = "the settings declared for this role" } = facts;
  const stage = kind === "eligible" ? "eligibleAssignment" : "activeAssignment";
  const limited = { input, facts, limits, source, stage } as const;
  return [
    ...permanenceProblems(limited),
    ...lengthProblems(limited),
    ...justificationProblems(limited),
    ...mfaProblems(limited),
  ];
}

function permanenceProblems({ input, limits, source, stage }: Limited): Problem[] {
  if (limits.allowPermanent !== false || input.expiration?.permanent !== true) return [];
  const upTo = limits.maximumDuration === undefined ? "" : ` up to ${limits.maximumDuration}`;
  return [
    {
      path: "expiration.permanent",
      got: true,
      expected: `an end: ${stage}.allowPermanent is false in ${source}`,
      fix: `give expiration.duration${upTo}`,
    },
  ];
}

function lengthProblems({ input, facts, limits, source, stage }: Limited): Problem[] {
  if (limits.allowPermanent !== false || limits.maximumDuration === undefined) return [];
  const longest = parseDuration(limits.maximumDuration);
  const length = windowLength(input, facts);
  if (longest === undefined || length === undefined || length <= longest) return [];
  const { duration, endsAt } = input.expiration;
  return [
    {
      path: duration === undefined ? "expiration.endsAt" : "expiration.duration",
      got: duration ?? endsAt,
      expected: `at most ${limits.maximumDuration}: ${stage}.maximumDuration in ${source}`,
    },
  ];
}

function justificationProblems({ input, limits, source, stage }: Limited): Problem[] {
  if (limits.requireJustification !== true || !isBlank(input.justification)) return [];
  const expected = `a text: ${stage}.requireJustification is true in ${source}`;
  return [{ path: "justification", expected }];
}

function mfaProblems({ facts, limits, source, stage }: Limited): Problem[] {
  if (limits.requireMfa !== true || facts.appOnly !== true) return [];
  return [
    {
      path: `${stage}.requireMfa`,
      got: true,
      expected: `false in ${source} while an application assigns the role`,
      fix: "an application cannot satisfy MFA: let a person deploy, or protect activation with activation.requireMfa",
    },
  ];
}

function windowLength(
  input: AssignmentInput,
  { now, windowIsNew }: AssignmentFacts,
): number | undefined {
  const { duration, endsAt } = input.expiration ?? {};
  if (duration !== undefined) return parseDuration(duration);
  const end = parseInstant(endsAt ?? "");
  const start = parseInstant(input.startsAt ?? "") ?? (windowIsNew === true ? now : undefined);
  return end === undefined || start === undefined ? undefined : end - start;
}
