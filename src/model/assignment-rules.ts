import type { AssignmentFacts, AssignmentInput, TimeoutsInput } from "./assignment-input";
import { Adopt, type AssignmentKind, OnAssignmentDelete, OnExpired, OnRemoved } from "./constants";
import { durationFix, parseDuration } from "./duration";
import { parseInstant } from "./instant";
import { limitProblems } from "./limit-rules";
import { principalKind, principalProblems } from "./principal";
import { type Problem, under } from "./problem";
import { roleProblems, surfaceOf } from "./role-target";
import { SURFACE_FEATURES } from "./surface-features";
import { optionalTextProblems, textProblems } from "./text-rules";
import { isUnknown } from "./unknown";
import { expirationProblems, instantProblems, WINDOW_TOLERANCE_MS } from "./window";

/**
 * Everything the service would refuse about one assignment. Called with what is known in the constructor (plain
 * values, declared settings), in `check` (resolved values) and just before the write (live settings, principal).
 */
export function assignmentProblems(
  kind: AssignmentKind,
  input: AssignmentInput,
  facts: AssignmentFacts = {},
): Problem[] {
  return [
    ...roleProblems(input, "assignment"),
    ...under("principal", principalProblems(input.principal ?? {})),
    ...principalKindProblems(kind, input, facts),
    ...guestProblems(input, facts),
    ...under("expiration", expirationProblems(input.expiration)),
    ...startProblems(input, facts),
    ...windowProblems(input, facts),
    ...limitProblems(kind, input, facts),
    ...conditionProblems(input),
    ...wordProblems(input),
    ...lifecycleProblems(input),
  ];
}

/** What is wrong with waiting times. */
export function timeoutProblems(timeouts: TimeoutsInput | undefined): Problem[] {
  if (timeouts === undefined || isUnknown(timeouts)) return [];
  return (["create", "update", "delete"] as const).flatMap((key) => {
    const text: unknown = timeouts[key];
    if (text === undefined || isUnknown(text)) return [];
    const ms = typeof text === "string" ? parseDuration(text) : undefined;
    if (ms !== undefined && ms > 0) return [];
    const fix = durationFix(text);
    return [
      {
        path: `timeouts.${key}`,
        got: text,
        expected: 'an ISO 8601 duration, such as "PT10M"',
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  });
}

/** What is wrong with a value that must be one of a few. */
export function choiceProblems(
  path: string,
  got: unknown,
  allowed: Record<string, string>,
): Problem[] {
  const values = Object.values(allowed);
  if (got === undefined || isUnknown(got) || values.includes(got as string)) return [];
  return [{ path, got, expected: values.map((value) => `"${value}"`).join(" or ") }];
}

/** The same of a value that must be given. */
export function requiredChoiceProblems(
  path: string,
  got: unknown,
  allowed: Record<string, string>,
): Problem[] {
  return choiceProblems(path, got === undefined ? null : got, allowed).map((problem) =>
    got === undefined ? { path, expected: problem.expected } : problem,
  );
}

function principalKindProblems(
  kind: AssignmentKind,
  input: AssignmentInput,
  facts: AssignmentFacts,
): Problem[] {
  const surface = surfaceOf(input);
  const declared = principalKind(input.principal ?? {});
  const actual = facts.principal?.kind ?? declared;
  if (surface === undefined || actual === undefined || declared === undefined) return [];
  const features = SURFACE_FEATURES[surface];
  const problems: Problem[] = [];
  if (actual !== declared) {
    problems.push({
      path: `principal.${declared}`,
      got: input.principal[declared],
      expected: `the object id of a ${declared}`,
      fix: `this object is a ${actual}: name it as principal.${actual}`,
    });
  }
  if (!features.principals[kind].includes(actual)) {
    problems.push({
      path: "principal",
      got: input.principal,
      expected: `${features.principals[kind].join(" or ")} for an ${kind} assignment`,
      fix: "nobody could activate it for a service principal: declare an active assignment",
    });
  }
  if (features.needsRoleAssignableGroup && facts.principal?.isAssignableToRole === false) {
    problems.push({
      path: "principal.group",
      got: input.principal.group,
      expected: "a role-assignable group",
      fix: "isAssignableToRole is set when a group is made and cannot be changed later: make a new group",
    });
  }
  return problems;
}

/** Nobody notices when a guest's other tenant lets them go, so their access has an end. */
function guestProblems(input: AssignmentInput, { principal }: AssignmentFacts): Problem[] {
  const { user } = input.principal ?? {};
  const isGuest = principal?.isGuest ?? (typeof user === "string" && /#EXT#/i.test(user));
  if (!isGuest || input.expiration?.permanent !== true) return [];
  return [
    {
      path: "expiration.permanent",
      got: true,
      expected: "an end for a guest",
      fix: "give expiration.duration or expiration.endsAt",
    },
  ];
}

function startProblems(
  { startsAt }: AssignmentInput,
  { now, windowIsNew, startIsNew = windowIsNew }: AssignmentFacts,
): Problem[] {
  if (startsAt === undefined) return [];
  const problems = instantProblems("startsAt", startsAt);
  const start = parseInstant(startsAt);
  if (start === undefined || now === undefined || startIsNew !== true) return problems;
  if (start < now - WINDOW_TOLERANCE_MS) {
    problems.push({
      path: "startsAt",
      got: startsAt,
      expected: "an instant in the future",
      fix: "leave startsAt out to begin when the assignment is made",
    });
  }
  return problems;
}

function windowProblems(input: AssignmentInput, { now, windowIsNew }: AssignmentFacts): Problem[] {
  const end = parseInstant(input.expiration?.endsAt ?? "");
  if (end === undefined) return [];
  const path = "expiration.endsAt";
  const got = input.expiration.endsAt;
  const start = parseInstant(input.startsAt ?? "");
  if (start !== undefined && end < start + WINDOW_TOLERANCE_MS) {
    return [{ path, got, expected: `at least five minutes after startsAt (${input.startsAt})` }];
  }
  if (now !== undefined && windowIsNew === true && end < now + WINDOW_TOLERANCE_MS) {
    return [{ path, got, expected: "at least five minutes from now" }];
  }
  return [];
}

function conditionProblems(input: AssignmentInput): Problem[] {
  const surface = surfaceOf(input);
  const got: unknown = input.condition;
  if (got === undefined || surface === undefined) return [];
  const path = "condition";
  if (!SURFACE_FEATURES[surface].hasConditions) {
    return [{ path, got, expected: "no condition", fix: "only Azure roles take conditions" }];
  }
  // An empty text is a condition that went missing: without it the grant would be wider than it was meant.
  return textProblems(path, got, "an ABAC condition").map((problem) => ({
    ...problem,
    fix: "leave it out for none",
  }));
}

function lifecycleProblems(input: AssignmentInput): Problem[] {
  const problems = [
    ...choiceProblems("onExpired", input.onExpired, OnExpired),
    ...choiceProblems("onRemoved", input.onRemoved, OnRemoved),
    ...choiceProblems("onDelete", input.onDelete, OnAssignmentDelete),
    ...choiceProblems("adopt", input.adopt, Adopt),
    ...timeoutProblems(input.timeouts),
  ];
  if (input.onExpired === OnExpired.Renew && input.expiration?.endsAt !== undefined) {
    problems.push({
      path: "onExpired",
      got: input.onExpired,
      expected: '"keep" beside expiration.endsAt',
      fix: "only a duration can be counted anew: give expiration.duration",
    });
  }
  return problems;
}

/** What is wrong with the words that go with a request. */
export function wordProblems({
  justification,
  ticket,
}: Pick<AssignmentInput, "justification" | "ticket">): Problem[] {
  const problems = optionalTextProblems("justification", justification);
  if (ticket === undefined || isUnknown(ticket)) return problems;
  return [
    ...problems,
    ...textProblems("ticket.number", ticket.number, "a text"),
    ...optionalTextProblems("ticket.system", ticket.system),
  ];
}
