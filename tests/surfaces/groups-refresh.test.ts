import assert from "node:assert/strict";
import type { AssignmentKey } from "../../src/model/identity";
import { groups } from "../../src/surfaces/groups/groups";
import { RULE_IDS, RULE_KEYS } from "../../src/surfaces/pim-wire/rule-ids";
import { Snapshot } from "../../src/tenant/snapshot";
import { FakeGraph } from "./fake-graph";

const GROUPS = 100;
const PER_GROUP = 10;
/** Reads that the engine sends side by side. */
const PARALLEL = 8;

type Read = (snapshot: Snapshot) => Promise<unknown>;

describe("refresh of 100 groups with settings and 1,000 assignments", () => {
  const ids = Array.from({ length: GROUPS }, (_, index) => guid("a", index));

  /** A tenant that has these groups among others; `listings` says which of the two it answers. */
  const tenant = (listings: { managed?: string[]; roleAssignable?: string[]; shared?: string[] }) =>
    new FakeGraph(({ path }) => {
      const decoded = decodeURIComponent(path);
      const groupId = /(?:groupId|scopeId) eq '([^']+)'/.exec(decoded)?.[1] ?? "";
      if (decoded.includes("/group/resources")) return listed(listings.managed);
      if (decoded.startsWith("/groups?")) return listed(listings.roleAssignable);
      if (decoded.startsWith("/policies")) return { value: policiesOf() };
      if (decoded.includes("?$filter=principalId")) return { value: rowsIn(listings.shared ?? []) };
      return { value: decoded.includes("eligibility") ? schedulesOf(groupId) : [] };
    });

  const settings = (groupId: string): Read[] =>
    (["member", "owner"] as const).map(
      (access) => (snapshot) => found(snapshot.policies.of({ surface: "groups", groupId, access })),
    );
  const assignments = (groupId: string): Read[] =>
    Array.from({ length: PER_GROUP }, (_, index) => (snapshot) => {
      const key = keyOf(groupId, index);
      return index % 2 === 0
        ? found(snapshot.assignment(key))
        : snapshot.assignment({ ...key, kind: "active" });
    });

  const byGroup = ids.flatMap((id) => [...settings(id), ...assignments(id)]);
  const byKind = [...ids.flatMap(settings), ...ids.flatMap(assignments)];
  const others = (count: number) => Array.from({ length: count }, (_, index) => guid("b", index));

  const cases: {
    name: string;
    listings: Parameters<typeof tenant>[0];
    reads: Read[];
    most: number;
  }[] = [
    {
      name: "group by group, PIM lists its groups",
      listings: { managed: ids },
      reads: byGroup,
      most: 30,
    },
    {
      name: "settings first, PIM lists its groups",
      listings: { managed: ids },
      reads: byKind,
      most: 30,
    },
    {
      name: "group by group, only role-assignable groups are listed",
      listings: { roleAssignable: [...ids].reverse() },
      reads: byGroup,
      most: 30,
    },
    {
      name: "group by group, listed in no order",
      listings: { managed: shuffled(ids) },
      reads: byGroup,
      most: 60,
    },
    {
      name: "group by group, three times as many groups are in PIM",
      listings: { managed: [...others(100), ...ids, ...others(100)] },
      reads: byGroup,
      most: 60,
    },
    { name: "settings first, nothing is listed", listings: {}, reads: byKind, most: 60 },
    {
      name: "settings first, nothing is listed, the same people are in all",
      listings: { shared: ids },
      reads: byKind,
      most: 35,
    },
    {
      name: "settings only, nothing is listed",
      listings: {},
      reads: ids.flatMap(settings),
      most: 30,
    },
    { name: "group by group, nothing is listed", listings: {}, reads: byGroup, most: GROUPS + 10 },
    {
      name: "group by group, nothing is listed, the same people are in all",
      listings: { shared: ids },
      reads: byGroup,
      most: 45,
    },
    {
      name: "group by group, other groups are listed, the same people are in all",
      listings: { roleAssignable: others(50), shared: shuffled(ids) },
      reads: byGroup,
      most: 60,
    },
    {
      name: "group by group, 5,000 other groups are in PIM",
      listings: { managed: [...others(5_000), ...ids] },
      reads: byGroup,
      most: 60,
    },
  ];
  for (const { name, listings, reads, most } of cases) {
    it(`takes at most ${most} requests: ${name}`, async () => {
      const graph = tenant(listings);
      const snapshot = new Snapshot(groups(graph), Date);
      await inParallel(reads, snapshot);
      const { http, batchItems } = graph.counters;
      assert.ok(http <= most, `${http} requests (${batchItems} inside batches)`);
      assert.ok(batchItems <= 2 * 3 * GROUPS + 10, `${batchItems} requests inside batches`);
    });
  }
});

async function inParallel(reads: readonly Read[], snapshot: Snapshot): Promise<void> {
  const left = [...reads];
  const worker = async () => {
    for (let read = left.shift(); read !== undefined; read = left.shift()) await read(snapshot);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** The same in an order that has nothing to do with the old one, but is the same each time. */
function shuffled(ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => hash(a) - hash(b));
}

function hash(text: string): number {
  return (
    ([...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7) * 7_919) %
    104_729
  );
}

async function found<T>(reading: Promise<T | undefined>): Promise<T> {
  const value = await reading;
  assert.ok(value !== undefined, "not found");
  return value;
}

function listed(ids: readonly string[] | undefined): { value: { id: string }[] } {
  if (ids === undefined) throw new Error("403");
  return { value: ids.map((id) => ({ id })) };
}

/** What a principal who is in all of these groups holds. */
function rowsIn(groupIds: readonly string[]) {
  return groupIds.flatMap((groupId) => schedulesOf(groupId).slice(0, 1));
}

function keyOf(groupId: string, index: number): AssignmentKey {
  const role = { surface: "groups", groupId, access: "member" } as const;
  return { role, kind: "eligible", principalId: guid("c", index) };
}

function schedulesOf(groupId: string) {
  return Array.from({ length: PER_GROUP }, (_, index) => ({
    id: `${groupId}_member_${guid("d", index)}`,
    groupId,
    accessId: "member",
    principalId: guid("c", index),
    memberType: "direct",
    status: "Provisioned",
    scheduleInfo: { startDateTime: "2026-01-01T00:00:00Z", expiration: { type: "noExpiration" } },
  }));
}

function policiesOf() {
  const rules = RULE_KEYS.map((key) => ({ id: RULE_IDS[key] }));
  return ["member", "owner"].map((roleDefinitionId) => ({
    policyId: `Group_x_${roleDefinitionId}`,
    roleDefinitionId,
    policy: { id: "x", rules },
  }));
}

function guid(first: string, index: number): string {
  return `${first.repeat(8)}-0000-4000-8000-${String(index).padStart(12, "0")}`;
}
