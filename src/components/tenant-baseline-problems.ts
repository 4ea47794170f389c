import { choiceProblems } from "../model/assignment-rules";
import { OtherRoles, Profile, Surface, Tier } from "../model/constants";
import type { PrincipalInput } from "../model/principal";
import { type Problem, under } from "../model/problem";
import {
  addressProblems,
  approverListProblems,
  type SettingsInput,
  settingsProblems,
} from "../model/settings-rules";
import { textProblems } from "../model/text-rules";
import { isUnknown } from "../model/unknown";
import { roleIdOf } from "./baseline-roles";

/** A baseline in plain values, as far as its shape is concerned. */
export interface PlainBaseline {
  profile?: string;
  approvers?: PrincipalInput[];
  alertRecipients?: string[];
  tiers?: Record<string, SettingsInput>;
  roles?: Record<string, { role?: string; tier?: string }>;
  otherRoles?: string;
}

/** What is wrong with a baseline before its roles can be worked out. */
export function baselineProblems(plain: PlainBaseline): Problem[] {
  return [
    ...plainProblems("profile", plain.profile, Profile, true),
    ...plainProblems("otherRoles", plain.otherRoles, OtherRoles, false),
    ...approverProblems(plain.approvers),
    ...recipientProblems(plain.alertRecipients),
    ...tierProblems(plain.tiers),
    ...roleProblems(plain.roles),
  ];
}

/** A choice that decides which resources there are cannot be an Output. */
function plainProblems(
  path: string,
  got: unknown,
  allowed: Record<string, string>,
  isRequired: boolean,
): Problem[] {
  const expected = Object.values(allowed)
    .map((value) => `"${value}"`)
    .join(" or ");
  if (isUnknown(got))
    return [{ path, expected: `${expected}, not an Output`, fix: "it decides what is made" }];
  if (got === undefined && isRequired) return [{ path, expected }];
  return choiceProblems(path, got, allowed);
}

function approverProblems(approvers: PrincipalInput[] | undefined): Problem[] {
  if (isUnknown(approvers)) return [];
  if (!Array.isArray(approvers) || approvers.length === 0) {
    return [{ path: "approvers", got: approvers, expected: "at least one approver" }];
  }
  return approverListProblems("approvers", approvers);
}

function recipientProblems(recipients: unknown): Problem[] {
  const path = "alertRecipients";
  return recipients === undefined
    ? [{ path, expected: "a list of mail addresses", fix: "give [] to tell nobody" }]
    : addressProblems(path, recipients);
}

/** Said once for the tier, not for each of its roles. */
function tierProblems(tiers: PlainBaseline["tiers"]): Problem[] {
  if (tiers === undefined || isUnknown(tiers)) return [];
  return Object.entries(tiers).flatMap(([tier, settings]) => {
    const names = choiceProblems(`tiers.${tier}`, tier, Tier);
    const [name] = names;
    if (name !== undefined)
      return [{ path: name.path, expected: `one of the tiers ${name.expected}` }];
    return isUnknown(settings)
      ? []
      : under(`tiers.${tier}`, settingsProblems(Surface.DirectoryRoles, settings));
  });
}

/** The roles must be told apart while the program runs: by id or by name, each once. */
function roleProblems(roles: PlainBaseline["roles"]): Problem[] {
  if (isUnknown(roles)) return [];
  if (roles === undefined) {
    const expected = "an object whose keys are names of your own";
    return [{ path: "roles", expected, fix: "give {} to name no role" }];
  }
  const seen = new Map<string, string>();
  return Object.entries(roles).flatMap(([key, args]) => {
    const path = `roles.${key}.role`;
    if (isUnknown(args)) return [];
    const { role, tier } = args;
    const problems = plainProblems(`roles.${key}.tier`, tier, Tier, false);
    if (isUnknown(role)) {
      const fix = "its settings follow from it: give its id or name";
      return [...problems, { path, expected: "a plain role, not an Output", fix }];
    }
    const wrong = textProblems(path, role, "a role definition id or a display name");
    if (wrong.length > 0 || role === undefined) return [...problems, ...wrong];
    const identity = roleIdOf(role) ?? role.trim().toLowerCase();
    const first = seen.get(identity);
    if (first !== undefined)
      problems.push({ path, got: role, expected: `another role than roles.${first}` });
    else seen.set(identity, key);
    return problems;
  });
}
