// State that release 1 wrote, in the hands of today's code.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS, SCHEMA_VERSION, typeToken } from "../../src/model/kinds";
import { repositoryRoot } from "../e2e/harness/repository";
import { EmulatedTenant } from "../emulated/tenant";
import { FROZEN, frozenTenant } from "../fixtures/v1/tenant";
import { DynamicHost, frozenProvider, type Properties } from "./harness";

interface Resource {
  urn: string;
  type: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

const { resources } = JSON.parse(
  readFileSync(join(repositoryRoot, "tests/fixtures/v1/state.json"), "utf8"),
) as { resources: Resource[] };
const ours = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
const kindOf = ({ type }: Resource) => type.split(":").pop() ?? "";
const nameOf = ({ urn }: Resource) => urn.split("::").pop() ?? "";

describe("the state of release 1", function () {
  this.timeout(60_000);
  let at: EmulatedTenant;
  let host: DynamicHost;

  beforeEach(async () => {
    // A day later, when what release 1 wrote is visible for certain.
    at = await EmulatedTenant.start({ ...FROZEN.emulator, now: "2026-11-23T08:00:00Z" });
    frozenTenant(at);
    const offset = Math.round((at.now() - Date.now()) / 1000);
    host = await DynamicHost.start({
      config: Object.fromEntries(
        Object.entries(at.config).map(([key, value]) => [
          key,
          typeof value === "string" ? value : value.secret,
        ]),
      ),
      env: { ENTRA_PIM_CLOCK_OFFSET: `${offset < 0 ? "-" : ""}PT${Math.abs(offset)}S` },
    });
  });
  afterEach(async () => {
    await host.close();
    await at.close();
  });

  it("has the type tokens, the provider text, the names and the schema version that stay forever", () => {
    assert.deepEqual(
      ours
        .map(({ type }) => type)
        .filter((type, index, all) => all.indexOf(type) === index)
        .sort(),
      [
        "pulumi-nodejs:dynamic/entra-pim:ActiveAssignment",
        "pulumi-nodejs:dynamic/entra-pim:EligibleAssignment",
        "pulumi-nodejs:dynamic/entra-pim:RoleSettings",
      ],
    );
    assert.deepEqual(
      KINDS.map(typeToken).slice(0, 3).sort(),
      [...new Set(ours.map(({ type }) => type))].sort(),
    );
    assert.equal(
      resources.find(({ urn }) => urn.endsWith("::exchange"))?.type,
      "pulumi-entra-pim:index:DirectoryRole",
    );
    assert.deepEqual(ours.map(nameOf).sort(), [
      "berlin",
      "exchange/active/bob",
      "exchange/active/robot",
      "exchange/eligible/ann",
      "exchange/eligible/messaging",
      "exchange/settings",
      "helpdesk",
    ]);
    for (const resource of ours) {
      assert.equal(resource.inputs.__provider, frozenProvider(kindOf(resource)));
      assert.equal(resource.outputs.__provider, frozenProvider(kindOf(resource)));
      assert.equal(resource.inputs.schemaVersion, 1);
    }
    assert.ok(SCHEMA_VERSION >= 1);
  });

  for (const resource of ours) {
    const { id, inputs: frozenInputs, outputs: frozenOutputs } = resource;
    const { __provider: _in, ...inputs } = frozenInputs;
    const { __provider: _out, ...outputs } = frozenOutputs;
    const kind = kindOf(resource);

    it(`is checked to the same inputs, and differs in nothing: ${nameOf(resource)}`, async () => {
      const checked = await host.check(kind, asSent(inputs), inputs);
      assert.deepEqual(checked, { inputs, failures: [] });
      const { changes } = await host.diff(kind, id, outputs, checked.inputs);
      assert.ok(changes === "none" || changes === "unknown");
      assert.deepEqual(at.writes(), []);
    });

    it(`is read, made again, read as it was, and deleted: ${nameOf(resource)}`, async () => {
      // The tenant is a fresh one: nobody holds anything, and the settings are Microsoft's.
      const isAssignment = kind !== "RoleSettings";
      const changed = kind === "RoleSettings" ? undefined : "removed";
      const met = await host
        .read(kind, id, outputs)
        .catch((error: Error) => assert.fail(error.message));
      assert.equal(met.id, id);
      assert.equal(met.inputs?.live, changed);
      const again = await host.check(kind, asSent(inputs), met.inputs ?? {});
      assert.deepEqual(again.failures, []);
      const accepted = inputs.onRemoved === "keep";
      const { outs } = await host.update(kind, id, met.outs, again.inputs);
      assert.deepEqual(Object.keys(outs).sort(), Object.keys(outputs).sort());
      if (isAssignment) assert.equal(outs.endsAt === undefined, false);
      const read = await host.read(kind, id, outs);
      assert.deepEqual(read.inputs, accepted ? { ...inputs, live: "removed" } : inputs);
      if (!accepted)
        assert.equal((await host.diff(kind, id, read.outs, read.inputs ?? {})).changes, "none");
      if (kind !== "ActiveAssignment") await host.delete(kind, id, outs);
    });
  }

  it("is refused by name when it is of a newer version", async () => {
    const [resource] = ours;
    const outputs = { ...resource?.outputs, schemaVersion: SCHEMA_VERSION + 1 };
    await assert.rejects(
      host.read("EligibleAssignment", resource?.id ?? "", outputs),
      /it was written by a newer release of pulumi-entra-pim: install that release/,
    );
  });
});

/** What a program sends: without what only `check` adds. */
function asSent(inputs: Properties): Properties {
  const added = [
    "tenantId",
    "principalId",
    "principalName",
    "principalKind",
    "roleDefinitionId",
    "roleName",
    "approverIds",
    "found",
    "existing",
    "live",
  ];
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !added.includes(name)));
}
