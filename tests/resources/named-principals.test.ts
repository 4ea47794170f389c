import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";
import { named, recordResources } from "./record-resources";

const ID = "11111111-1111-4111-8111-111111111111";
const TENANT = "22222222-2222-4222-8222-222222222222";
const rest = { expiration: { duration: "P9D" }, justification: "x" };
const directoryRole = { role: pim.EntraRole.ExchangeAdministrator };

describe("the names that go beside a principal's", () => {
  const eligible = (
    name: string,
    principal: pim.PrincipalArgs,
    opts?: pulumi.CustomResourceOptions,
  ) => new pim.EligibleAssignment(name, { directoryRole, principal, ...rest }, opts);

  it("are those of the whole program, also of resources that are made later and in components", async () => {
    const recorded = await recordResources(() => {
      eligible("ann", { user: "ann@contoso.com" });
      new pim.DirectoryRole("role", {
        ...directoryRole,
        eligibleAssignments: { team: { principal: { group: "Team" }, ...rest } },
      });
      new pim.ActiveAssignment("robot", {
        directoryRole,
        principal: { servicePrincipal: "robot" },
        ...rest,
      });
    });
    const beside = "user:ann@contoso.com\ngroup:Team\nservicePrincipal:robot";
    for (const name of ["ann", "role/eligible/team", "robot"])
      assert.equal(named(recorded, name).inputs["beside"], beside, name);
  });

  it("are left out where there is no other, or nothing to look up", async () => {
    const recorded = await recordResources(() => {
      eligible("a", { user: "ann@contoso.com" });
      eligible("b", { user: "ann@contoso.com" });
      eligible("c", { user: ID });
      eligible("d", { group: `/groups/${ID}` });
      eligible("e", { group: pulumi.output("Team") });
    });
    for (const { name, inputs } of recorded) assert.ok(!("beside" in inputs), name);
  });

  it("are of the same tenant", async () => {
    const recorded = await recordResources(() => {
      const provider = new pim.Provider("other", { tenantId: TENANT });
      const parent = new pulumi.ComponentResource("t:t:T", "parent", {}, { provider });
      eligible("a", { user: "a@contoso.com" });
      eligible("b", { user: "b@contoso.com" });
      eligible("c", { user: "c@fabrikam.com" }, { provider });
      eligible("d", { user: "d@fabrikam.com" }, { parent });
    });
    assert.equal(named(recorded, "a").inputs["beside"], "user:a@contoso.com\nuser:b@contoso.com");
    for (const name of ["c", "d"])
      assert.equal(
        named(recorded, name).inputs["beside"],
        "user:c@fabrikam.com\nuser:d@fabrikam.com",
      );
  });

  it("are no more than one batch takes", async () => {
    const names = Array.from({ length: 45 }, (_, index) => `p${index}@contoso.com`);
    const recorded = await recordResources(() => {
      for (const user of names) eligible(user, { user });
    });
    const counts = names.map(
      (name) => String(named(recorded, name).inputs["beside"]).split("\n").length,
    );
    assert.deepEqual([...new Set(counts)], [20, 5]);
    for (const name of names)
      assert.ok(String(named(recorded, name).inputs["beside"]).includes(`user:${name}`));
  });
});
