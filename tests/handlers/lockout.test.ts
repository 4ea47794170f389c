import assert from "node:assert/strict";
import type { Tenant } from "../../src/tenant/tenant";
import { HostRun, inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const GLOBAL = ROLES.globalAdministrator;
const PRIVILEGED = ROLES.privilegedRoleAdministrator;

describe("what would lock the tenant", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;

  /** The only safe administrators are then those that the test declares. */
  beforeEach(async () => {
    at = await EmulatedTenant.start();
    at.control.seed({
      users: [
        {
          id: await at.user("admin"),
          displayName: "admin",
          userPrincipalName: "admin@contoso.com",
          onPremisesSyncEnabled: true,
        },
      ],
    });
  });
  afterEach(() => at.close());

  const holder = (name: string, role: string = GLOBAL, more: object = {}) =>
    new Life(
      "ActiveAssignment",
      {
        directoryRole: { role },
        principal: { user: `${name}@contoso.com` },
        expiration: { permanent: true },
        justification: "x",
        ...more,
      },
      name,
    );

  async function held(...lives: Life[]): Promise<void> {
    await inRun(at, async (run) => {
      for (const life of lives) await life.up(run);
    });
    at.advance("PT10M");
  }

  /** Two safe administrators removed at once; the messages of the removals that were refused. */
  async function removeBoth(run: HostRun): Promise<string[]> {
    const [ann, bob] = [holder("ann"), holder("bob")];
    await held(ann, bob);
    const ends = await Promise.allSettled([ann.delete(run), bob.delete(run)]);
    return ends.flatMap((end) =>
      end.status === "rejected" ? [String((end.reason as Error).message)] : [],
    );
  }

  it("is refused to exactly one of the two last safe administrators removed in parallel", async () => {
    let refused: string[] = [];
    await inRun(at, async (run) => {
      refused = await removeBoth(run);
    });
    assert.equal(refused.length, 1);
    assert.match(
      refused[0] ?? "",
      /^ActiveAssignment "(ann|bob)": .* active for Global Administrator: not removed: got "\1@contoso.com", expected another enabled, cloud-only member .*; this is the last account that can repair the tenant: declare a BreakGlass first; to do it all the same, add "[^"]+\|directoryRoles\|\/\|62e90394-[^"]+\|active" to entra-pim:allowLockout and run pulumi up once with it declared: a deletion goes by the configuration of the last up$/,
    );
    const left = await at.rows("active", GLOBAL);
    assert.equal(left.length, 2);
  });

  it("is refused to the last one also when somebody removed the other while the run went on", async () => {
    const [ann, bob] = [holder("ann"), holder("bob")];
    await held(ann, bob);
    await inRun(at, async (run) => {
      await ann.refresh(run);
      await at.request("active", "adminRemove", await at.user("bob"), GLOBAL);
      await assert.rejects(ann.delete(run), /this is the last account that can repair the tenant/);
    });
  });

  it("would happen without the guard: both of them would be removed", async () => {
    /** Decides with nothing locked and nothing remembered, as it would be without the guard. */
    class Unguarded extends HostRun {
      override async tenant(): Promise<Tenant> {
        const tenant = await super.tenant();
        const removed = { identities: new Set<string>(), add: async () => undefined };
        const guard = {
          alone: (work: (none: typeof removed) => Promise<unknown>) => work(removed),
        };
        return { ...tenant, guard: guard as unknown as Tenant["guard"] };
      }
    }
    const run = new Unguarded(at);
    assert.deepEqual(await removeBoth(run), []);
    run.end();
    assert.equal((await at.rows("active", GLOBAL)).length, 1);
  });

  it("is allowed for an assignment that the configuration names", async () => {
    const ann = holder("ann");
    await held(ann);
    await inRun(at, (run) => ann.delete(run), { allowLockout: [ann.id ?? ""] });
    assert.equal((await at.rows("active", GLOBAL)).length, 1);
  });

  for (const [what, unsafe] of [
    ["disabled", { accountEnabled: false }],
    ["synchronized", { onPremisesSyncEnabled: true }],
    ["a guest", { userType: "Guest" }],
  ] as const) {
    it(`is what ending the last safe administrator does, when the other one is ${what}`, async () => {
      const user = { displayName: "u", userPrincipalName: "u@contoso.com" };
      const id = String(at.control.seed({ users: [user] }).users[0]?.id);
      const [ann, other] = [holder("ann"), holder("u")];
      await held(ann, other);
      at.control.seed({ users: [{ ...user, id, ...unsafe }] });
      await assert.rejects(
        inRun(at, (run) => ann.delete(run)),
        /not removed: got "ann@contoso.com"/,
      );
      await inRun(at, (run) => other.delete(run));
    });
  }

  it("is what ending the last safe administrator does, when the others end, activated, hold through a group, or were deleted", async () => {
    const ann = holder("ann");
    const ending = holder("bob", GLOBAL, { expiration: { duration: "P30D" } });
    const ghost = holder("carla");
    await held(ann, ending, ghost);
    at.control.deletePrincipal(await at.user("carla"));
    at.plant({
      principalId: await at.user("david"),
      roleDefinitionId: GLOBAL,
      assignmentType: "Activated",
      endDateTime: "2035-01-01T00:00:00Z",
    });
    at.plant({ principalId: await at.user("eva"), roleDefinitionId: GLOBAL, memberType: "Group" });
    await assert.rejects(
      inRun(at, (run) => ann.delete(run)),
      /not removed/,
    );
    const frank = holder("frank");
    await held(frank);
    await inRun(at, (run) => ann.delete(run));
  });

  it("is the end of the last Privileged Role Administrator while nobody is safe", async () => {
    const [ann, bob] = [holder("ann", PRIVILEGED), holder("bob", PRIVILEGED)];
    await held(ann, bob);
    await inRun(at, (run) => ann.delete(run));
    await assert.rejects(
      inRun(at, (run) => bob.delete(run)),
      /expected another active Privileged Role Administrator, or a safe Global Administrator; after this nobody could manage roles/,
    );
    await held(holder("carla"));
    await inRun(at, (run) => bob.delete(run));
  });

  it("is not a shortened window of the last safe administrator either", async () => {
    const ann = holder("ann");
    await held(ann);
    ann.declared.expiration = { duration: "P30D" };
    await assert.rejects(
      inRun(at, (run) => ann.up(run)),
      /not changed: got "ann@contoso.com", expected another enabled, cloud-only member/,
    );
    await held(holder("bob"));
    await inRun(at, async (run) => assert.equal(await ann.up(run), "update"));
  });

  it("is not what taking over the last safe administrator may do to their window", async () => {
    const ann = await at.user("ann");
    await at.request("active", "adminAssign", ann, GLOBAL);
    at.advance("PT10M");
    await assert.rejects(
      inRun(at, (run) => holder("ann", GLOBAL, { expiration: { duration: "P30D" } }).up(run)),
      /not changed: got "ann@contoso.com"/,
    );
    assert.equal((await at.ends("active", GLOBAL))[ann], null);
  });

  it("is the end of what the person who deploys works by", async () => {
    class ByAnn extends HostRun {
      override async tenant(): Promise<Tenant> {
        const ids = [await at.user("ann")];
        return {
          ...(await super.tenant()),
          caller: async () => ({ ids, appOnly: false, name: "ann" }),
        };
      }
    }
    const ann = holder("ann", PRIVILEGED);
    await held(ann, holder("bob"), holder("carla", PRIVILEGED));
    const run = new ByAnn(at);
    await assert.rejects(
      ann.delete(run),
      /expected another account than the one that deploys; it works by this assignment: let somebody else deploy, or an application/,
    );
    run.end();
    await inRun(at, (other) => ann.delete(other));
  });

  it("is an approval on either role that nobody could give", async () => {
    for (const role of [GLOBAL, PRIVILEGED]) {
      const approvers = (given: object[]) =>
        new Life("RoleSettings", {
          directoryRole: { role },
          activation: { requireApproval: true, approvers: given },
        });
      const { groups } = at.control.seed({
        groups: [
          { displayName: `empty ${role}`, isAssignableToRole: true },
          {
            displayName: `full ${role}`,
            isAssignableToRole: true,
            members: [await at.user("ann")],
          },
        ],
      });
      const [empty, full] = groups;
      const refused =
        /activation.requireApproval: got true, expected an approver who can decide without activating this role first/;
      await assert.rejects(
        inRun(at, (run) => approvers([{ group: String(empty?.id) }]).up(run)),
        refused,
      );
      await inRun(at, (run) => approvers([{ group: String(full?.id) }]).up(run));
      // Who decides is not asked where nobody has to.
      await inRun(at, (run) =>
        new Life("RoleSettings", {
          directoryRole: { role },
          activation: { requireApproval: false, approvers: [{ group: String(empty?.id) }] },
        }).up(run),
      );
      // Without approvers in the program those decide who are there already.
      await assert.rejects(
        inRun(at, (run) =>
          new Life("RoleSettings", {
            directoryRole: { role },
            activation: { requireApproval: true },
          }).up(run),
        ),
        refused,
      );
    }
  });

  it("is an approval that only approvers who were deleted could give", async () => {
    const { groups, users } = at.control.seed({
      groups: [{ displayName: "gone", isAssignableToRole: true, members: [await at.user("ann")] }],
      users: [{ displayName: "gone", userPrincipalName: "gone@contoso.com" }],
    });
    const found = {
      group: { group: String(groups[0]?.id) },
      user: { user: String(users[0]?.id) },
    };
    for (const [kind, approver] of Object.entries(found)) {
      const settings = (activation: object) =>
        new Life("RoleSettings", { directoryRole: { role: GLOBAL }, activation });
      // Declared beside an approval that is off: then nobody is asked who decides.
      await inRun(at, (run) => settings({ requireApproval: false, approvers: [approver] }).up(run));
      at.control.deletePrincipal(Object.values(approver)[0] ?? "");
      await assert.rejects(
        inRun(at, (run) => settings({ requireApproval: true }).up(run)),
        /activation.requireApproval: got true, expected an approver who can decide/,
        kind,
      );
    }
  });

  it("is not what a destroy gives back: an approval that nobody could give any more, a context that is gone", async () => {
    const { groups } = at.control.seed({
      groups: [
        { displayName: "approvers", isAssignableToRole: true, members: [await at.user("ann")] },
      ],
    });
    const group = String(groups[0]?.id);
    const settings = (role: string, activation: object) =>
      new Life("RoleSettings", { directoryRole: { role }, activation }, role);
    const found = settings(GLOBAL, { requireApproval: true, approvers: [{ group }] });
    const context = settings(ROLES.exchangeAdministrator, { authenticationContext: "c1" });
    const off = settings(GLOBAL, { requireApproval: false, maximumDuration: "PT1H" });
    const mfa = settings(ROLES.exchangeAdministrator, {
      authenticationContext: "",
      requireMfa: true,
    });
    await inRun(at, async (run) => {
      await found.up(run);
      await context.up(run);
    });
    await inRun(at, async (run) => {
      await off.up(run);
      await mfa.up(run);
    });
    await at.graph("DELETE", `/groups/${group}/members/${await at.user("ann")}/$ref`);
    at.control.seed({ authenticationContexts: [{ id: "c1", isAvailable: false }] });
    const said = await inRun(at, async (run) => {
      await off.delete(run);
      await mfa.delete(run);
    });
    assert.deepEqual(
      said.map((line) => line.replace(/^.*?: settings of /, "")),
      [
        "Global Administrator: left as they are, because what was found would lock the role now: activation.requireApproval: got true, expected an approver who can decide without activating this role first",
        'Global Administrator: given back as found: activation.maximumDuration "PT1H" -> "PT8H" (weaker)',
        'Exchange Administrator: left as they are, because what was found would lock the role now: activation.authenticationContext: got "c1", expected an authentication context of the tenant, which has none',
      ],
    );
    const approval = (await at.rules(GLOBAL)).Approval_EndUser_Assignment;
    assert.equal(approval?.setting.isApprovalRequired, false);
    const rules = await at.rules(ROLES.exchangeAdministrator);
    assert.equal(rules.AuthenticationContext_EndUser_Assignment?.isEnabled, false);
    assert.ok(
      rules.Enablement_EndUser_Assignment?.enabledRules.includes("MultiFactorAuthentication"),
    );
  });

  it("is an authentication context that the tenant does not have, unless the configuration allows it", async () => {
    const life = () =>
      new Life("RoleSettings", {
        directoryRole: { role: ROLES.exchangeAdministrator },
        activation: { authenticationContext: "c7" },
      });
    await assert.rejects(
      inRun(at, (run) => life().up(run)),
      /activation.authenticationContext: got "c7", expected one of the tenant's authentication contexts: c1; .*; to declare it all the same, add "[^"]+\|settings" to entra-pim:allowLockout/,
    );
    const key = `${at.info.tenantId}|directoryRoles|/|${ROLES.exchangeAdministrator}|settings`;
    await inRun(at, (run) => life().up(run), { allowLockout: [key] });
  });
});
