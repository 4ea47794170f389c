// What the engine keeps of us and shows of us is a contract with every state and every tool that reads previews: it is
// compared with what the first release wrote. ENTRA_PIM_WRITE_FIXTURES=1 writes it anew, which only a new schema version may.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FROZEN, FROZEN_PROGRAM, frozenTenant } from "../fixtures/v1/tenant";
import { repositoryRoot } from "./harness/repository";
import { Scenario } from "./harness/scenario";

const folder = join(repositoryRoot, "tests", "fixtures", "v1");
const isWriting = process.env.ENTRA_PIM_WRITE_FIXTURES === "1";

describe("what release 1 writes", function () {
  this.timeout(300_000);
  let on: Scenario;

  before(async () => {
    on = await Scenario.start({ emulator: FROZEN.emulator });
    frozenTenant(on.tenant);
    on.project.setVariable("ENTRA_PIM_CLOCK_OFFSET", offsetTo(on.tenant.now()));
  });
  after(() => on.close());

  it("a preview of what is to be made", async () => {
    on.program(FROZEN_PROGRAM);
    const { document } = await on.project.preview();
    compare("preview-create.json", {
      steps: inOrder(document.steps),
      changeSummary: document.changeSummary,
    });
  });

  it("the state of what was made", async () => {
    await on.up();
    const { resources = [] } = await on.project.state();
    const ours = resources.filter(({ type }) => type.includes("entra-pim"));
    compare("state.json", { resources: inOrder(ours) });
  });

  it("a preview of drift and of edits", async () => {
    await on.tenant.changeRule(FROZEN.role, "Expiration_EndUser_Assignment", {
      maximumDuration: "PT8H",
    });
    await on.tenant.request("eligible", "adminRemove", FROZEN.people.ann, FROZEN.role);
    on.program(FROZEN_PROGRAM.replace('"P30D"', '"P15D"').replace("// later:", ""));
    const { document } = await on.project.preview({ refresh: true });
    const steps = document.steps.filter(({ op }) => op !== "refresh");
    compare("preview-change.json", {
      steps: inOrder(steps),
      changeSummary: document.changeSummary,
    });
  });
});

/** How far the tenant's clock is from ours, as the host takes it. */
function offsetTo(now: number): string {
  const seconds = Math.round((now - Date.now()) / 1000);
  return `${seconds < 0 ? "-" : ""}PT${Math.abs(seconds)}S`;
}

/** The fixtures are written with real values, so that today's code can be run on them; what differs from run to run does not count. */
function compare(name: string, met: unknown): void {
  const file = join(folder, name);
  const text = `${JSON.stringify(met, null, 2)}\n`;
  if (isWriting) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  assert.deepEqual(stable(text), stable(readFileSync(file, "utf8")));
}

function stable(text: string): unknown {
  return JSON.parse(
    text
      .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"<instant>"')
      // Ids that the service draws; those of people, roles and the tenant are fixed.
      .replace(/"scheduleId": "[^"]+"/g, '"scheduleId": "<id>"')
      .replace(/"(DirectoryRole_[0-9a-f-]{36})_[0-9a-f-]{36}"/g, '"$1_<policy>"'),
  );
}

/** The engine works on several resources at a time, in an order that differs from run to run. */
function inOrder(entries: readonly { urn: string }[]): object[] {
  return [...entries].sort((a, b) => a.urn.localeCompare(b.urn)).map(withoutNoise);
}

/** Paths, positions and times that are of one machine and one run. */
function withoutNoise(value: object): object {
  const dropped = [
    "sourcePosition",
    "created",
    "modified",
    "stackTrace",
    "provider",
    "seqnum",
    "modifiedAt",
  ];
  return JSON.parse(
    JSON.stringify(value, (key, inner) => {
      if (key === "propertyDependencies") return withoutHints(inner);
      return dropped.includes(key) ? undefined : inner;
    }),
  ) as object;
}

/** What the program says to the host beside the arguments: the engine names it, and no inputs or outputs may hold it. */
function withoutHints({ beside: _names, ...dependencies }: Record<string, unknown>): object {
  return dependencies;
}
