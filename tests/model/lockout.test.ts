import assert from "node:assert/strict";
import {
  GLOBAL_ADMINISTRATOR as GLOBAL,
  type Holder,
  isSafeHolder,
  lockoutProblems,
  PRIVILEGED_ROLE_ADMINISTRATOR as PRIVILEGED,
} from "../../src/model/lockout";
import { formatProblem } from "../../src/model/problem";

function holder(change: Partial<Holder> = {}): Holder {
  return {
    principalId: "ann",
    roleDefinitionId: GLOBAL,
    name: "Ann",
    endsAt: null,
    active: true,
    isUser: true,
    enabled: true,
    cloudOnly: true,
    isMember: true,
    ...change,
  };
}

const end = (principalId: string, roleDefinitionId = GLOBAL) =>
  ({ type: "end", principalId, roleDefinitionId }) as const;

describe("isSafeHolder", () => {
  const unsafe: Partial<Holder>[] = [
    { roleDefinitionId: PRIVILEGED },
    { endsAt: "2027-01-01T00:00:00Z" },
    { active: false },
    { isUser: false },
    { enabled: false },
    { cloudOnly: false },
    { isMember: false },
  ];
  for (const change of unsafe) {
    it(`is not one with ${JSON.stringify(change)}`, () => assert.ok(!isSafeHolder(holder(change))));
  }
  it("is an enabled, cloud-only member with an unending active row", () =>
    assert.ok(isSafeHolder(holder())));
});

describe("lockoutProblems", () => {
  it("rejects ending the last safe holder", () => {
    const holders = [holder(), holder({ principalId: "bob", cloudOnly: false })];
    assert.deepEqual(lockoutProblems(end("ann"), holders).map(formatProblem), [
      'principal: got "Ann", expected another enabled, cloud-only member with a direct, unending, active Global Administrator assignment; this is the last account that can repair the tenant: declare a BreakGlass first',
    ]);
    assert.deepEqual(lockoutProblems(end("bob"), holders), []);
    assert.deepEqual(lockoutProblems(end("ann"), [...holders, holder({ principalId: "cid" })]), []);
    assert.deepEqual(lockoutProblems(end("nobody"), holders), []);
  });

  it("rejects ending the last Privileged Role Administrator only where no safe holder is left", () => {
    const last = holder({ roleDefinitionId: PRIVILEGED });
    assert.equal(lockoutProblems(end("ann", PRIVILEGED), [last]).length, 1);
    assert.equal(
      lockoutProblems(end("ann", PRIVILEGED), [last, holder({ principalId: "bob" })]).length,
      0,
    );
    assert.equal(
      lockoutProblems(end("ann", PRIVILEGED), [last, { ...last, principalId: "bob" }]).length,
      0,
    );
    assert.equal(
      lockoutProblems(end("ann", PRIVILEGED), [
        last,
        { ...last, principalId: "bob", active: false },
      ]).length,
      1,
    );
  });

  it("rejects an approval that nobody could give", () => {
    const change = (approverIds: string[], activeApproverIds: string[]) =>
      ({
        type: "requireApproval",
        roleDefinitionId: GLOBAL,
        approverIds,
        activeApproverIds,
      }) as const;
    const passing = holder({ endsAt: "2027-01-01T00:00:00Z" });
    assert.equal(lockoutProblems(change([], []), []).length, 1);
    assert.equal(lockoutProblems(change([], []), [passing]).length, 0);
    assert.equal(lockoutProblems(change(["g"], []), [passing]).length, 1);
    assert.equal(lockoutProblems(change(["g"], ["g"]), []).length, 0);
    assert.equal(lockoutProblems(change(["g"], []), [holder()]).length, 0);
    assert.deepEqual(lockoutProblems({ ...change(["g"], []), roleDefinitionId: "other" }, []), []);
  });

  it("rejects a context that the tenant does not have", () => {
    const change = (known: string[]) =>
      ({ type: "requireContext", roleDefinitionId: GLOBAL, context: "C2", known }) as const;
    assert.match(lockoutProblems(change([]), [])[0]?.expected ?? "", /which has none/);
    assert.match(lockoutProblems(change(["c1", "c3"]), [])[0]?.expected ?? "", /c1, c3/);
    assert.deepEqual(lockoutProblems(change(["c2"]), []), []);
  });
});
