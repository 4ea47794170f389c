import * as pulumi from "@pulumi/pulumi";
import { Adopt, OnAssignmentDelete, OnRemoved } from "../model/constants";
import { GLOBAL_ADMINISTRATOR } from "../model/lockout";
import {
  type PrincipalInput,
  principalKind,
  principalProblems,
  principalReference,
  referenceKey,
} from "../model/principal";
import { type Problem, under } from "../model/problem";
import { isUnknown } from "../model/unknown";
import { ActiveAssignment } from "../resources/active-assignment";
import { BREAK_GLASS_SHAPE } from "../resources/arg-shapes";
import { emergencyProblems, noteAccount } from "../resources/emergency-accounts";
import { withHidden } from "../resources/hidden-inputs";
import { refuseProblems } from "../resources/new-refusal";
import type { PrincipalArgs } from "../resources/principal-args";
import { readArgs } from "../resources/read-args";
import type { BreakGlassArgs } from "./break-glass-args";
import { childOptions } from "./role-access";

/**
 * Keeps two or more emergency accounts as permanent, active Global Administrators. An account that holds the role
 * already, by PIM or not, is taken over as it is. Nothing here ever takes the role away: an account that leaves the
 * program keeps it until a person removes it, and a removal by somebody else is repaired. The first update names the
 * restricted management administrative units that an account is in: only their administrators can change it.
 *
 * @example
 * new pim.BreakGlass("emergency", {
 *   accounts: { one: { user: "bg1@contoso.onmicrosoft.com" }, two: { user: "bg2@contoso.onmicrosoft.com" } },
 * });
 */
export class BreakGlass extends pulumi.ComponentResource {
  /** Object ids of the accounts, by key. */
  public readonly accountIds: pulumi.Output<Record<string, string>>;
  /** Ids of the assignments, by `active/<key>`. */
  public readonly assignmentIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: BreakGlassArgs, opts?: pulumi.ComponentResourceOptions) {
    // The children's inputs say it all: arguments sent here too would be stored, and shown, twice.
    super("pulumi-entra-pim:index:BreakGlass", name, {}, opts);
    const accounts = checked(name, args);
    const assignments = createAssignments(name, accounts, childOptions(this, opts?.dependsOn));
    this.accountIds = pulumi.output(byKey(assignments, ({ principalId }) => principalId));
    this.assignmentIds = pulumi.output(byKey(assignments, ({ id }) => id, "active/"));
    this.registerOutputs({ accountIds: this.accountIds, assignmentIds: this.assignmentIds });
  }
}

/** Everything that can be said of emergency accounts without asking the directory. */
export function breakGlassProblems(args: BreakGlassArgs): Problem[] {
  const { plain, sent, problems } = readArgs<{ accounts?: Record<string, PrincipalInput> }>(
    args,
    BREAK_GLASS_SHAPE,
  );
  const accounts = isUnknown(plain.accounts) ? undefined : Object.entries(plain.accounts ?? {});
  const principals = (sent["accounts"] ?? {}) as Record<string, PrincipalArgs>;
  return [
    ...problems,
    ...(accounts === undefined
      ? []
      : [...countProblems(accounts), ...accounts.flatMap(accountProblems)]),
    ...Object.entries(principals).flatMap(([key, principal]) =>
      emergencyProblems(principal, `accounts.${key}`, true),
    ),
  ];
}

function checked(name: string, args: BreakGlassArgs): Record<string, PrincipalArgs> {
  refuseProblems(`BreakGlass "${name}"`, breakGlassProblems(args));
  for (const [key, account] of Object.entries(args.accounts)) {
    noteAccount(account, `BreakGlass "${name}" (accounts.${key})`, true);
  }
  return args.accounts;
}

/** Two accounts under one name are one account. */
function countProblems(accounts: readonly [string, PrincipalInput][]): Problem[] {
  const known = accounts
    .flatMap(([, account]) => principalReference(account) ?? [])
    .map(referenceKey);
  const distinct = accounts.length - (known.length - new Set(known).size);
  if (distinct >= 2) return [];
  return [
    {
      path: "accounts",
      ...(accounts.length === 0 ? {} : { got: distinct }),
      expected: "two or more different accounts",
      fix: "with a single one, losing it locks the tenant",
    },
  ];
}

function accountProblems([key, account]: [string, PrincipalInput]): Problem[] {
  const path = `accounts.${key}`;
  if (isUnknown(account)) return [];
  const problems = under(path, principalProblems(account));
  const kind = principalKind(account);
  if (kind !== undefined && kind !== "user") {
    problems.push({
      path,
      got: account,
      expected: "a user: an emergency account is one that a person signs in with",
    });
  }
  if (typeof account.user === "string" && /#EXT#/i.test(account.user)) {
    problems.push({
      path: `${path}.user`,
      got: account.user,
      expected: "a member of this tenant, not a guest",
      fix: "a guest signs in elsewhere, which may be what failed",
    });
  }
  return problems;
}

function createAssignments(
  name: string,
  accounts: Record<string, PrincipalArgs>,
  opts: pulumi.CustomResourceOptions,
): [string, ActiveAssignment][] {
  return Object.entries(accounts).map(([key, principal]) => {
    const args = {
      directoryRole: { role: GLOBAL_ADMINISTRATOR },
      principal,
      expiration: { permanent: true },
      justification: "emergency access account",
      adopt: Adopt.Always,
      onRemoved: OnRemoved.Restore,
      onDelete: OnAssignmentDelete.Keep,
    };
    const child = withHidden(args, { emergency: true });
    return [key, new ActiveAssignment(`${name}/active/${key}`, child, opts)];
  });
}

function byKey<To>(
  assignments: readonly [string, ActiveAssignment][],
  map: (assignment: ActiveAssignment) => To,
  prefix = "",
): Record<string, To> {
  return Object.fromEntries(
    assignments.map(([key, assignment]) => [`${prefix}${key}`, map(assignment)]),
  );
}
