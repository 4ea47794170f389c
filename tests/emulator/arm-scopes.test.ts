import assert from "node:assert/strict";
import { kindOfScope, normalScope, resourceType, ScopeTree } from "../../src/emulator/arm/scopes";

const TENANT = "11111111-1111-4111-8111-111111111111";
const SUBSCRIPTION = "/subscriptions/22222222-2222-4222-8222-222222222222";

describe("emulator: scopes of Azure", () => {
  const tree = new ScopeTree({ now: () => 0, delay: () => 0 }, TENANT);

  it("reads every spelling", () => {
    const guid = SUBSCRIPTION.split("/").at(-1);
    assert.equal(normalScope(""), "/");
    assert.equal(normalScope(`subscriptions/${guid}/`), SUBSCRIPTION);
    assert.equal(normalScope(`//subscriptions/${guid}`), SUBSCRIPTION);
    assert.equal(
      normalScope(`/providers/Microsoft.Subscription/subscriptions/${guid}`),
      SUBSCRIPTION,
    );
  });

  it("tells levels and types", () => {
    const vault = `${SUBSCRIPTION}/resourceGroups/a/providers/Microsoft.KeyVault/vaults/v`;
    assert.equal(kindOfScope("/"), "tenant");
    assert.equal(
      kindOfScope("/providers/Microsoft.Management/managementGroups/m"),
      "managementgroup",
    );
    assert.equal(kindOfScope(`${SUBSCRIPTION}/resourcegroups/a`), "resourcegroup");
    assert.equal(kindOfScope(`${vault}/secrets/s`), "resource");
    assert.equal(resourceType(`${vault}/secrets/s`), "Microsoft.KeyVault/vaults/secrets");
    assert.equal(kindOfScope("/elsewhere"), undefined);
    assert.equal(kindOfScope(`${vault}/secrets`), undefined);
  });

  it("knows what is above and below, makes what is missing, forgets what goes", () => {
    const group = `${SUBSCRIPTION}/resourceGroups/a`;
    tree.grow(`${group}/providers/Microsoft.Web/sites/s`);
    assert.equal(tree.relation(group, SUBSCRIPTION.toUpperCase()), "above");
    assert.equal(tree.relation(tree.rootGroup, group), "below");
    assert.equal(tree.relation(group, `${SUBSCRIPTION}/resourceGroups/ab`), "none");
    assert.deepEqual(
      tree.lineage(group),
      [group, SUBSCRIPTION, tree.rootGroup, "/"].map((id) => id.toLowerCase()),
    );
    tree.remove(group);
    assert.equal(tree.scopes.get(`${group}/providers/Microsoft.Web/sites/s`), undefined);
    assert.ok(tree.scopes.get(SUBSCRIPTION));
  });
});
