import assert from "node:assert/strict";
import { settingsText } from "../../src/model/access-reading";
import { printBaseline, readBaseline } from "../../src/preview/baseline";
import { planQuestions } from "../../src/preview/plan-questions";
import { readPlan } from "../../src/preview/read-plan";
import {
  type Bag,
  documentOf,
  GLOBAL_ADMINISTRATOR,
  reportOf,
  settings,
  step,
  TENANT,
} from "./plan-builder";

const OTHER = "22222222-0000-4000-8000-000000000002";
const GLOBAL = {
  directoryRole: { role: GLOBAL_ADMINISTRATOR },
  roleDefinitionId: GLOBAL_ADMINISTRATOR,
};
const role = {
  surface: "directoryRoles",
  roleDefinitionId: GLOBAL_ADMINISTRATOR,
  scope: "/",
} as const;

describe("what one tenant says", () => {
  const create = (tenantId: string): Bag =>
    step("create", "RoleSettings", tenantId.slice(0, 4), undefined, {
      inputs: settings({ activation: { requireMfa: false } }, { ...GLOBAL, tenantId }),
    });
  const facts = { settings: { [settingsText(role)]: { "activation.requireMfa": false } } };
  const foundAs = (tenantId: string, asked: object) =>
    reportOf([create(tenantId)], { facts: { ...facts, ...asked } }).conditions.map(
      (row) => row.before,
    );

  it("is no word about the same role in another", () => {
    assert.deepEqual(foundAs(TENANT, { tenantId: TENANT.toUpperCase() }), []);
    assert.deepEqual(foundAs(TENANT, {}), []);
    assert.deepEqual(foundAs(OTHER, { tenantId: TENANT }), [["(not known)"]]);
  });

  it("is asked about its own part of a plan, and kept with its name", () => {
    const plan = readPlan(documentOf([create(TENANT), create(OTHER)]));
    assert.equal(planQuestions(plan, TENANT).settings.length, 1);
    const third = "33333333-0000-4000-8000-000000000003";
    assert.deepEqual(planQuestions(plan, third).roles, []);
    const read = readBaseline(printBaseline({ tenantId: TENANT, ...facts }), "b.json");
    assert.equal(read.tenantId, TENANT);
  });
});
