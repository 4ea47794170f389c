import assert from "node:assert/strict";
import { azureRoles } from "../../src/surfaces/azure-roles/azure-roles";
import { RULE_IDS, RULE_KEYS } from "../../src/surfaces/pim-wire/rule-ids";
import { Snapshot } from "../../src/tenant/snapshot";
import { FakeArm } from "./fake-arm";

const SCOPES = 50;
const ROLES = 4;
const PER_SCOPE = 20;
const MOST = 310;

describe("refresh of 50 scopes, 200 role settings and 1,000 Azure assignments", () => {
  it(`takes at most ${MOST} requests, none of them twice`, async () => {
    const arm = new FakeArm(({ path }) => answer(path));
    const snapshot = new Snapshot(
      azureRoles(arm, async () => undefined),
      Date,
    );
    const reads: (() => Promise<unknown>)[] = [];
    for (let scope = 0; scope < SCOPES; scope += 1) {
      for (let role = 0; role < ROLES; role += 1) {
        reads.push(() => snapshot.policies.of(roleKey(scope, role)));
      }
      for (let index = 0; index < PER_SCOPE; index += 1) {
        const kind = index % 2 === 0 ? "eligible" : "active";
        const key = {
          role: roleKey(scope, index % ROLES),
          kind,
          principalId: guid("c", index),
        } as const;
        reads.push(() => snapshot.assignment(key));
      }
    }
    const found = await inParallel(reads, 8);
    assert.equal(found.filter((value) => value === undefined).length, 0);
    assert.ok(arm.counters.http <= MOST, `${arm.counters.http} requests`);
    const paths = arm.sent.map(({ path }) => path.toLowerCase());
    assert.deepEqual(
      paths.filter((path, index) => paths.indexOf(path) !== index),
      [],
    );
  });
});

async function inParallel(
  reads: readonly (() => Promise<unknown>)[],
  width: number,
): Promise<unknown[]> {
  const left = [...reads];
  const found: unknown[] = [];
  const worker = async () => {
    for (let read = left.shift(); read !== undefined; read = left.shift()) found.push(await read());
  };
  await Promise.all(Array.from({ length: width }, worker));
  return found;
}

/** Every second resource of the program spells the scope's letter case otherwise. */
function roleKey(scope: number, role: number) {
  const id = `/subscriptions/${guid("a", 1)}/resourceGroups/RG-${scope}`;
  return {
    surface: "azureRoles",
    roleDefinitionId: guid("b", role),
    scope: role % 2 === 0 ? id : id.replace("RG-", "rg-"),
  } as const;
}

function answer(path: string): unknown {
  const scope = path.slice(0, path.indexOf("/providers/Microsoft.Authorization"));
  const roleId = (guid_: string) =>
    `/subscriptions/${guid("a", 1)}/providers/Microsoft.Authorization/roleDefinitions/${guid_}`;
  if (path.includes("/roleManagementPolicyAssignments")) {
    const role = /roleDefinitions\/([0-9a-f-]+)'/.exec(path)?.[1] ?? "";
    const properties = {
      scope,
      roleDefinitionId: roleId(role),
      policyId: `${scope}/providers/Microsoft.Authorization/roleManagementPolicies/x`,
      effectiveRules: RULE_KEYS.map((key) => ({ id: RULE_IDS[key] })),
    };
    return { value: [{ name: "x", properties }] };
  }
  const rows = Array.from({ length: PER_SCOPE }, (_, index) => ({
    name: guid("d", index),
    properties: {
      scope,
      roleDefinitionId: roleId(guid("b", index % ROLES)),
      principalId: guid("c", index),
      memberType: "Direct",
      status: "Provisioned",
      startDateTime: "2026-01-01T00:00:00Z",
    },
  }));
  return { value: rows };
}

function guid(first: string, index: number): string {
  return `${first.repeat(8)}-0000-4000-8000-${String(index).padStart(12, "0")}`;
}
