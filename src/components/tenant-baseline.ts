import * as pulumi from "@pulumi/pulumi";
import { type Problem, under } from "../model/problem";
import { TENANT_BASELINE_SHAPE } from "../resources/arg-shapes";
import { identityOf } from "../resources/input-identity";
import { refuseProblems } from "../resources/new-refusal";
import { readArgs } from "../resources/read-args";
import { type BaselineRole, baselineRoles, keepsPermanent, roleIdOf } from "./baseline-roles";
import { BreakGlass, breakGlassProblems } from "./break-glass";
import { principalsOf } from "./checked-access";
import { DirectoryRole } from "./directory-role";
import { readDirectoryRole } from "./read-role-access";
import type { RoleAccess } from "./role-access";
import type { BaselineRoleArgs, TenantBaselineArgs } from "./tenant-baseline-args";
import { baselineProblems, type PlainBaseline } from "./tenant-baseline-problems";

/**
 * Starts a tenant right: settings of a published recommendation on every built-in directory role, by how much harm it
 * can do; approvers and recipients of alerts; emergency accounts; and who holds which role. Global Administrator comes
 * first, then the emergency accounts, then the other roles.
 *
 * @example
 * new pim.TenantBaseline("baseline", {
 *   profile: "microsoft",
 *   breakGlass: { accounts: { one: { user: "bg1@contoso.onmicrosoft.com" }, two: { user: "bg2@contoso.onmicrosoft.com" } } },
 *   approvers: [{ group: approvers.groupId }],
 *   alertRecipients: ["soc@contoso.com"],
 *   roles: {
 *     exchange: {
 *       role: pim.EntraRole.ExchangeAdministrator,
 *       eligibleAssignments: { ann: { principal: { user: "ann@contoso.com" }, expiration: { duration: "P90D" } } },
 *     },
 *   },
 * });
 */
export class TenantBaseline extends pulumi.ComponentResource {
  /** Ids of the role definitions, by the keys of `roles`. */
  public readonly roleDefinitionIds: pulumi.Output<Record<string, string>>;
  /** Which assignments have reached their own end, as `<key>/eligible/<key>` and `<key>/active/<key>`. */
  public readonly expired: pulumi.Output<string[]>;

  constructor(name: string, args: TenantBaselineArgs, opts?: pulumi.ComponentResourceOptions) {
    // The children's inputs say it all: arguments sent here too would be stored, and shown, twice.
    super("pulumi-entra-pim:index:TenantBaseline", name, {}, opts);
    const roles = checked(name, args);
    const made = createRoles(this, name, args, roles);
    this.roleDefinitionIds = pulumi.output(byKey(made, ({ roleDefinitionId }) => roleDefinitionId));
    this.expired = pulumi.output(byKey(made, ({ expired }) => expired)).apply(expiredPlaces);
    this.registerOutputs({ roleDefinitionIds: this.roleDefinitionIds, expired: this.expired });
  }
}

function checked(name: string, args: TenantBaselineArgs): BaselineRole[] {
  const subject = `TenantBaseline "${name}"`;
  const { plain, sent, problems } = readArgs<PlainBaseline>(args, TENANT_BASELINE_SHAPE);
  const { breakGlass, roles: named = {} } = sent as Partial<TenantBaselineArgs>;
  const emergency =
    breakGlass === undefined ? [] : under("breakGlass", breakGlassProblems(breakGlass));
  const own = [...problems, ...baselineProblems(plain)];
  // What each role gets can only be worked out from a baseline that is right: until then a role is checked by itself.
  if (own.length > 0)
    refuseProblems(subject, [...own, ...emergency, ...Object.entries(named).flatMap(ownProblems)]);
  const roles = baselineRoles(args);
  refuseProblems(subject, [...emergency, ...roles.flatMap((role) => roleProblems(args, role))]);
  return roles;
}

function ownProblems([key, { tier: _checked, ...role }]: [string, BaselineRoleArgs]): Problem[] {
  const problems = readDirectoryRole({ settings: {}, ...role }).problems;
  // The baseline itself says what is wrong with the role's name.
  return under(
    `roles.${key}`,
    problems.filter(({ path }) => path !== "role"),
  );
}

function roleProblems(args: TenantBaselineArgs, role: BaselineRole): Problem[] {
  const at = role.place.replace("/", ".");
  const { access, problems, settings } = readDirectoryRole(role.args);
  problems.push(...emergencyAssignments(args, access));
  const forbids = settings["activeAssignment.allowPermanent"] === false;
  if (!keepsPermanent(args, roleIdOf(role.args.role as string)) || !forbids)
    return under(at, problems);
  return [
    ...under(at, problems),
    {
      path: `${at}.settings.activeAssignment.allowPermanent`,
      got: false,
      expected: "true on Global Administrator beside breakGlass",
      fix: "the emergency accounts hold it permanently: leave it out",
    },
  ];
}

/** The emergency accounts are declared by the baseline itself, so no role of it may touch them. */
function emergencyAssignments({ breakGlass }: TenantBaselineArgs, access: RoleAccess): Problem[] {
  const accounts = Object.values(breakGlass?.accounts ?? {}).map(({ user }) => identityOf(user));
  return principalsOf(access).flatMap(({ principal, path }) => {
    const identity = identityOf(principal?.user);
    if (identity === undefined || !accounts.includes(identity)) return [];
    return [
      {
        path,
        expected: "an account that breakGlass does not hold",
        fix: "an emergency account serves one purpose and is touched by one declaration",
      },
    ];
  });
}

/** Global Administrator's settings first, because they must allow what the emergency accounts hold; then those, then the rest. */
function createRoles(
  component: TenantBaseline,
  name: string,
  args: TenantBaselineArgs,
  roles: readonly BaselineRole[],
): [string, DirectoryRole][] {
  const first = roles.filter(({ isGlobalAdministrator }) => isGlobalAdministrator);
  const rest = roles.filter(({ isGlobalAdministrator }) => !isGlobalAdministrator);
  const made = first.map((role) => createRole(component, name, role, []));
  const before: pulumi.Resource[] = made.map(([, role]) => role);
  if (args.breakGlass !== undefined) {
    before.push(
      new BreakGlass(`${name}/break-glass`, args.breakGlass, {
        parent: component,
        dependsOn: [...before],
      }),
    );
    void pulumi.log.info(
      "Global Administrator keeps allowing permanent active assignments: the emergency accounts hold it so",
      component,
    );
  }
  return [...made, ...rest.map((role) => createRole(component, name, role, before))];
}

function createRole(
  component: TenantBaseline,
  name: string,
  { place, formerPlace, args }: BaselineRole,
  dependsOn: pulumi.Resource[],
): [string, DirectoryRole] {
  const aliases = formerPlace === undefined ? [] : [{ name: `${name}/${formerPlace}` }];
  return [
    place,
    new DirectoryRole(`${name}/${place}`, args, { parent: component, dependsOn, aliases }),
  ];
}

function byKey<To>(
  made: readonly [string, DirectoryRole][],
  map: (role: DirectoryRole) => To,
): Record<string, To> {
  const named = made.filter(([place]) => place.startsWith("roles/"));
  return Object.fromEntries(
    named.map(([place, role]) => [place.slice("roles/".length), map(role)]),
  );
}

function expiredPlaces(expired: Record<string, string[]>): string[] {
  return Object.entries(expired).flatMap(([key, places]) =>
    places.map((place) => `${key}/${place}`),
  );
}
