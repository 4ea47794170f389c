import type { TimeoutsInput } from "./assignment-input";
import {
  choiceProblems,
  requiredChoiceProblems,
  timeoutProblems,
  wordProblems,
} from "./assignment-rules";
import { Decision, OnExpired } from "./constants";
import { DAY_MS, durationFix, MINUTE_MS, parseDuration } from "./duration";
import { type RoleKey, roleText } from "./identity";
import { parseInstant } from "./instant";
import type { CommonInputs, ResolvedRole } from "./kinds";
import { type PrincipalInput, principalKind, principalProblems } from "./principal";
import { type Problem, under } from "./problem";
import { type RoleInput, roleProblems } from "./role-target";
import { flagProblems, optionalTextProblems, textProblems } from "./text-rules";
import { isUnknown } from "./unknown";
import { instantProblems } from "./window";

/** An activation as declared, plain: leaves may be the unknown text. */
export interface ActivationInput extends RoleInput {
  duration: string;
  justification?: string;
  ticket?: { number: string; system?: string };
  startsAt?: string;
  waitForApproval?: boolean;
  onExpired?: string;
  timeouts?: TimeoutsInput;
}

/** An activation as it stands in the inputs of a state. */
export interface ActivationInputs extends CommonInputs, ResolvedRole, ActivationInput {
  /** Whose activation it is: whoever declared it first. Put there by `check`. */
  principalId?: string;
  principalName?: string;
}

/** An activation as it stands in the outputs of a state. */
export interface ActivationOutputs extends Omit<ActivationInputs, "startsAt"> {
  requestId: string;
  /** active | scheduled | pending | expired | ended | denied | cancelled */
  status: string;
  startsAt: string | null;
  endsAt: string | null;
  /** For which declaration it was asked. */
  asked: { duration: string; startsAt?: string };
}

/** A decision as declared, plain: leaves may be the unknown text. */
export interface DecisionInput {
  requestId?: string;
  requester?: PrincipalInput;
  role?: RoleInput;
  decision: string;
  justification?: string;
}

/** A decision as it stands in the inputs of a state. */
export interface DecisionInputs extends CommonInputs, DecisionInput {
  requesterId?: string;
  requesterName?: string;
  /** The role's names, resolved. */
  resolved?: ResolvedRole;
}

/** A decision as it stands in the outputs of a state; `requestId` is the request that was found. */
export interface DecisionOutputs extends DecisionInputs {
  requestId: string;
  /** approved | denied */
  status: string;
  decidedBy: string;
}

/** The resource id of an activation. */
export function activationId(tenantId: string, role: RoleKey, principalId: string): string {
  return [tenantId.toLowerCase(), roleText(role), principalId.toLowerCase(), "activation"].join(
    "|",
  );
}

/** The resource id of a decision. */
export function decisionId(tenantId: string, requestId: string): string {
  return [tenantId.toLowerCase(), requestId.toLowerCase(), "decision"].join("|");
}

/** The portal's form begins at half an hour, and no role's settings allow more than a day. */
const SHORTEST_MS = 30 * MINUTE_MS;
const LONGEST_MS = DAY_MS;

/** Everything the service would refuse about one activation, as far as the declaration tells. */
export function activationProblems(
  input: ActivationInput,
  facts: { now?: number; startIsNew?: boolean } = {},
): Problem[] {
  return [
    ...roleProblems(input, "assignment"),
    ...lengthProblems(input.duration),
    ...startProblems(input.startsAt, facts),
    ...wordProblems(input),
    ...flagProblems("waitForApproval", input.waitForApproval),
    ...choiceProblems("onExpired", input.onExpired, OnExpired),
    ...timeoutProblems(input.timeouts),
  ];
}

/** Everything that is wrong with a decision, as far as the declaration tells. */
export function decisionProblems(input: DecisionInput): Problem[] {
  return [
    ...requiredChoiceProblems("decision", input.decision, Decision),
    ...placeProblems(input),
    ...optionalTextProblems("justification", input.justification),
  ];
}

/** The request by its id, or by who asked for which role. */
function placeProblems({ requestId, requester, role }: DecisionInput): Problem[] {
  const byId = requestId !== undefined;
  const byRole = requester !== undefined || role !== undefined;
  if (byId === byRole)
    return [{ path: "", expected: "exactly one of requestId, and requester with role" }];
  if (byId) {
    return textProblems("requestId", requestId, "the id of a request");
  }
  if (requester === undefined)
    return [{ path: "requester", expected: "who asked, beside the role" }];
  if (role === undefined)
    return [{ path: "role", expected: "for which role, beside the requester" }];
  return [
    ...under("requester", [...principalProblems(requester), ...personProblems(requester)]),
    ...under("role", roleProblems(role, "assignment")),
  ];
}

/** Nobody but a person activates, so nobody else asks. */
function personProblems(requester: PrincipalInput): Problem[] {
  const kind = principalKind(requester);
  return kind === undefined || kind === "user"
    ? []
    : [{ path: "", got: requester, expected: "a user: only a person asks" }];
}

function lengthProblems(duration: unknown): Problem[] {
  if (isUnknown(duration)) return [];
  const ms = typeof duration === "string" ? parseDuration(duration) : undefined;
  if (ms !== undefined && ms >= SHORTEST_MS && ms <= LONGEST_MS) return [];
  const fix = durationFix(duration);
  return [
    {
      path: "duration",
      got: duration,
      expected: 'an ISO 8601 duration from "PT30M" to what the role allows, at most "PT24H"',
      ...(fix === undefined ? {} : { fix }),
    },
  ];
}

function startProblems(
  startsAt: string | undefined,
  { now, startIsNew }: { now?: number; startIsNew?: boolean },
): Problem[] {
  if (startsAt === undefined) return [];
  const problems = instantProblems("startsAt", startsAt);
  if (problems.length > 0 || now === undefined || startIsNew !== true) return problems;
  const start = parseInstant(startsAt);
  if (start === undefined || start > now) return [];
  return [
    {
      path: "startsAt",
      got: startsAt,
      expected: "an instant to come",
      fix: "leave it out to begin at once",
    },
  ];
}
