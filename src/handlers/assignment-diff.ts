import { isDeepStrictEqual } from "node:util";
import { type AssignmentKind, OnExpired } from "../model/constants";
import { assignmentText } from "../model/identity";
import type { AssignmentInputs, AssignmentOutputs } from "../model/kinds";
import { hasUnknown } from "../model/unknown";
import { hasBegun, hasEnded, sameExpiration, startDiffers } from "../model/window";
import { knownKeyOf } from "./assignment-state";
import { differing, ROLE_INPUTS } from "./differences";
import type { Difference } from "./handler";
import { roleKeyOf } from "./resolution";

/** Properties that only say how the assignment is looked after: a change of them is an update without a request. */
const LIFECYCLE = [
  "onExpired",
  "onRemoved",
  "onDelete",
  "adopt",
  "timeouts",
  "condition",
  "live",
  "secretArgs",
] as const;

/** Whether the declared assignment differs in meaning from the recorded one; spelling and write-only texts do not count. */
export function diffAssignment(
  kind: AssignmentKind,
  olds: AssignmentOutputs,
  news: AssignmentInputs,
  now: number,
): Difference {
  const replaces = keyDifferences(kind, olds, news);
  if (replaces.length > 0) return { type: "inputs", replaces };
  if (differs(olds, news, now)) return { type: "inputs", replaces: [] };
  return renewalIsDue(olds, news, now) ? { type: "due" } : { type: "same" };
}

/** Whether the window reached its own end and the program wants a new one. */
export function renewalIsDue(
  olds: AssignmentOutputs,
  news: AssignmentInputs,
  now: number,
): boolean {
  return (
    news.onExpired === OnExpired.Renew &&
    news.expiration.duration !== undefined &&
    hasEnded(olds.granted.endsAt, now)
  );
}

function differs(olds: AssignmentOutputs, news: AssignmentInputs, now: number): boolean {
  if (hasUnknown(news.expiration) || !sameExpiration(olds.expiration, news.expiration)) return true;
  if (!sameExpiration(olds.granted.declared.expiration, news.expiration)) return true;
  if (hasUnknown(news.startsAt) || startDiffers(news.startsAt, olds.startsAt, now)) return true;
  if (beginsAnew(olds, news, now)) return true;
  return differing(LIFECYCLE, olds, news).length > 0;
}

/** Whether a window that has ended is declared with a start that lies ahead: then it is to be granted again. */
export function beginsAnew(
  olds: AssignmentOutputs,
  { startsAt }: AssignmentInputs,
  now: number,
): boolean {
  const { declared, endsAt } = olds.granted;
  return (
    startsAt !== undefined &&
    startsAt !== declared.startsAt &&
    hasEnded(endsAt, now) &&
    !hasBegun(startsAt, now)
  );
}

/** The inputs that make it another assignment; what is not known yet may be another one. */
function keyDifferences(
  kind: AssignmentKind,
  olds: AssignmentOutputs,
  news: AssignmentInputs,
): string[] {
  const before = knownKeyOf(kind, olds);
  const after = knownKeyOf(kind, news);
  if (
    before !== undefined &&
    after !== undefined &&
    assignmentText(before) === assignmentText(after)
  )
    return [];
  const names: string[] = [];
  if (olds.principalId !== news.principalId) names.push("principal", "principalId");
  const role = roleKeyOf(news);
  if (role === undefined || !isDeepStrictEqual(role, roleKeyOf(olds))) names.push(...ROLE_INPUTS);
  return differing(names, olds, news);
}
