import type { TimeoutsInput } from "./assignment-input";
import { choiceProblems, timeoutProblems } from "./assignment-rules";
import {
  ExcludedAssignmentType,
  MailLevel,
  OnSettingsDelete,
  PimOnlyMode,
  type Surface,
  Unspecified,
} from "./constants";
import { DAY_MS, durationFix, HOUR_MS, MINUTE_MS, parseDuration } from "./duration";
import type { MailRecipient, RuleStage } from "./policy-rules";
import {
  type PrincipalInput,
  principalKind,
  principalProblems,
  repeatedPrincipalProblems,
} from "./principal";
import { type Problem, under } from "./problem";
import { type SettingsTree, valueAt } from "./settings-tree";
import { SURFACE_FEATURES } from "./surface-features";
import { flagProblems } from "./text-rules";
import { isUnknown } from "./unknown";

/** Settings as declared, plain: leaves may be the unknown text. */
export interface SettingsInput extends SettingsTree {
  unspecified?: string;
  onDelete?: string;
  timeouts?: TimeoutsInput;
}

/** Everything the service would refuse about declared settings, known from the declaration alone. */
export function settingsProblems(surface: Surface, input: SettingsInput): Problem[] {
  return [
    ...activationDurationProblems(input),
    ...assignmentDurationProblems(input, "eligibleAssignment"),
    ...assignmentDurationProblems(input, "activeAssignment"),
    ...declaredFlagProblems(input),
    ...contextProblems(input),
    ...approverProblems(surface, input),
    ...mailProblems(input),
    ...pimOnlyModeProblems(surface, input),
    ...surfaceProblems(surface, input),
    ...timeoutProblems(input.timeouts),
  ];
}

function activationDurationProblems(input: SettingsInput): Problem[] {
  const path = "activation.maximumDuration";
  const text = known(input, path);
  if (text === undefined) return [];
  const ms = typeof text === "string" ? parseDuration(text) : undefined;
  const isHalfHours = ms !== undefined && ms % (30 * MINUTE_MS) === 0;
  if (isHalfHours && ms >= 30 * MINUTE_MS && ms <= 24 * HOUR_MS) return [];
  const expected = "PT30M to PT24H in steps of 30 minutes";
  return [{ path, got: text, expected, ...fixOf(text) }];
}

function assignmentDurationProblems(
  input: SettingsInput,
  stage: "eligibleAssignment" | "activeAssignment",
): Problem[] {
  const path = `${stage}.maximumDuration`;
  const text = known(input, path);
  if (text === undefined) return [];
  const ms = typeof text === "string" ? parseDuration(text) : undefined;
  if (ms !== undefined && ms >= DAY_MS && ms % DAY_MS === 0) return [];
  return [
    {
      path,
      got: text,
      expected: "a whole number of days, such as P15D, P30D, P90D, P180D or P365D",
      ...fixOf(text),
    },
  ];
}

function fixOf(text: unknown): { fix?: string } {
  const fix = durationFix(text);
  return fix === undefined ? {} : { fix };
}

const FLAGS = [
  "activation.requireMfa",
  "activation.requireJustification",
  "activation.requireTicket",
  "activation.requireApproval",
  "eligibleAssignment.allowPermanent",
  "eligibleAssignment.requireMfa",
  "eligibleAssignment.requireJustification",
  "activeAssignment.allowPermanent",
  "activeAssignment.requireMfa",
  "activeAssignment.requireJustification",
];

function declaredFlagProblems(input: SettingsInput): Problem[] {
  const problems = FLAGS.flatMap((path) => flagProblems(path, valueAt(input, path)));
  for (const stage of ["eligibleAssignment", "activeAssignment"]) {
    if (valueAt(input, `${stage}.requireTicket`) !== undefined) {
      problems.push({
        path: `${stage}.requireTicket`,
        got: valueAt(input, `${stage}.requireTicket`),
        expected: "nothing: a ticket can be asked for on activation only",
        fix: "declare activation.requireTicket",
      });
    }
  }
  return problems;
}

function contextProblems(input: SettingsInput): Problem[] {
  const path = "activation.authenticationContext";
  const context = known(input, path);
  if (context === undefined || context === "") return [];
  if (typeof context !== "string" || !/^c[1-9]\d?$/i.test(context)) {
    return [{ path, got: context, expected: '"c1" to "c99", or "" for none' }];
  }
  if (known(input, "activation.requireMfa") !== true) return [];
  return [
    {
      path,
      got: context,
      expected: "not both activation.requireMfa and an authentication context",
      fix: "leave requireMfa out: the conditional access policy behind the context asks for MFA",
    },
  ];
}

function approverProblems(surface: Surface, input: SettingsInput): Problem[] {
  const path = "activation.approvers";
  const approvers = known(input, path);
  const required = valueAt(input, "activation.requireApproval");
  if (approvers === undefined) return [];
  if (!Array.isArray(approvers))
    return [{ path, got: approvers, expected: "a list of principals" }];
  const problems = approverListProblems(path, approvers);
  if (required === undefined) {
    problems.push({
      path,
      expected: "activation.requireApproval beside it",
      fix: "declare activation.requireApproval: true",
    });
  }
  if (
    required === true &&
    approvers.length === 0 &&
    !SURFACE_FEATURES[surface].hasDefaultApprovers
  ) {
    problems.push({
      path,
      got: approvers,
      expected: "at least one approver: nobody else could decide",
    });
  }
  return problems;
}

/** What is wrong with those who are to decide, by themselves. */
export function approverListProblems(
  path: string,
  approvers: readonly PrincipalInput[],
): Problem[] {
  const problems = approvers.flatMap((approver, index) => {
    const at = `${path}[${index}]`;
    const wrong = under(at, principalProblems(approver));
    if (principalKind(approver) !== "servicePrincipal") return wrong;
    return [
      ...wrong,
      { path: at, got: approver, expected: "a user or a group: only a person can approve" },
    ];
  });
  return [...problems, ...repeatedPrincipalProblems(path, approvers)];
}

function mailProblems(input: SettingsInput): Problem[] {
  const stages: RuleStage[] = ["eligibleAssignment", "activeAssignment", "activation"];
  const recipients: MailRecipient[] = ["admin", "assignee", "approver"];
  return stages.flatMap((stage) =>
    recipients.flatMap((recipient) => {
      const at = `notifications.${stage}.${recipient}`;
      return [
        ...choiceProblems(`${at}.level`, valueAt(input, `${at}.level`), MailLevel),
        ...flagProblems(`${at}.defaultRecipients`, valueAt(input, `${at}.defaultRecipients`)),
        ...addressProblems(
          `${at}.additionalRecipients`,
          valueAt(input, `${at}.additionalRecipients`),
        ),
      ];
    }),
  );
}

const ADDRESS = /^[^@\s<>,;:"]+@[^@\s<>,;:".]+(?:\.[^@\s<>,;:".]+)+$/;

/** What is wrong with a list of mail addresses. */
export function addressProblems(path: string, addresses: unknown): Problem[] {
  if (addresses === undefined || isUnknown(addresses)) return [];
  if (!Array.isArray(addresses))
    return [{ path, got: addresses, expected: "a list of mail addresses" }];
  return addresses.flatMap((address: unknown, index) =>
    isUnknown(address) || (typeof address === "string" && ADDRESS.test(address.trim()))
      ? []
      : [{ path: `${path}[${index}]`, got: address, expected: "a mail address" }],
  );
}

function pimOnlyModeProblems(surface: Surface, input: SettingsInput): Problem[] {
  const declared = valueAt(input, "pimOnlyMode");
  if (declared === undefined) return [];
  if (!SURFACE_FEATURES[surface].hasPimOnlyMode) {
    const { noun } = SURFACE_FEATURES[surface];
    const expected = `nothing on a ${noun}: PIM-only mode is a setting of Azure roles`;
    return [{ path: "pimOnlyMode", got: declared, expected, fix: "remove it" }];
  }
  const excluded = known(input, "pimOnlyMode.excludedPrincipals");
  const types = known(input, "pimOnlyMode.excludedAssignmentTypes");
  return [
    ...choiceProblems("pimOnlyMode.mode", valueAt(input, "pimOnlyMode.mode"), PimOnlyMode),
    ...listProblems(
      "pimOnlyMode.excludedPrincipals",
      excluded,
      "principals",
      principalListProblems,
    ),
    ...listProblems("pimOnlyMode.excludedAssignmentTypes", types, "assignment types", typeProblems),
  ];
}

function listProblems<Entry>(
  path: string,
  list: unknown,
  noun: string,
  problemsOf: (path: string, entries: readonly Entry[]) => Problem[],
): Problem[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return [{ path, got: list, expected: `a list of ${noun}` }];
  return problemsOf(path, list as Entry[]);
}

function principalListProblems(path: string, principals: readonly PrincipalInput[]): Problem[] {
  return [
    ...principals.flatMap((one, index) => under(`${path}[${index}]`, principalProblems(one))),
    ...repeatedPrincipalProblems(path, principals),
  ];
}

function typeProblems(path: string, types: readonly unknown[]): Problem[] {
  return types.flatMap((type, index) =>
    choiceProblems(`${path}[${index}]`, type, ExcludedAssignmentType),
  );
}

function surfaceProblems(surface: Surface, input: SettingsInput): Problem[] {
  const problems = [
    ...choiceProblems("unspecified", input.unspecified, Unspecified),
    ...choiceProblems("onDelete", input.onDelete, OnSettingsDelete),
  ];
  if (SURFACE_FEATURES[surface].hasDefaults) return problems;
  for (const property of ["unspecified", "onDelete"] as const) {
    if (input[property] === "defaults") {
      problems.push({
        path: property,
        got: "defaults",
        expected: property === "unspecified" ? '"observe"' : '"restore" or "keep"',
        fix: "Azure roles have no documented defaults that hold for every tenant and scope",
      });
    }
  }
  return problems;
}

/** The value at a path when it is there and known. */
function known(input: SettingsInput, path: string): unknown {
  const value = valueAt(input, path);
  return isUnknown(value) ? undefined : value;
}
