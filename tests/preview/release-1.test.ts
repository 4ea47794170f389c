// Whoever reviews a change has its preview and nothing else: it must say who gets what, where, how and until when.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

// biome-ignore lint/suspicious/noExplicitAny: properties of every shape, read by tests only
type Bag = Record<string, any>;

interface Step {
  op: string;
  urn: string;
  newState?: { type: string; inputs?: Bag; outputs?: Bag };
  oldState?: { type: string; inputs?: Bag; outputs?: Bag };
  diffReasons?: string[];
}

const load = (name: string): Step[] =>
  (JSON.parse(readFileSync(join(__dirname, "../fixtures/v1", name), "utf8")) as { steps: Step[] })
    .steps;

/** Who, how, which role, where, until when: read from one step of a preview. */
function answer({ newState, oldState }: Step): string | undefined {
  const state = newState ?? oldState;
  const how = /dynamic\/entra-pim:(Eligible|Active)Assignment$/
    .exec(state?.type ?? "")?.[1]
    ?.toLowerCase();
  const {
    principalName,
    principalId,
    roleName,
    roleDefinitionId,
    directoryRole,
    expiration,
    startsAt,
  } = state?.inputs ?? {};
  if (how === undefined) return undefined;
  const granted = oldState?.outputs?.granted;
  const isSame =
    granted !== undefined &&
    JSON.stringify(granted.declared.expiration) === JSON.stringify(expiration);
  const until = isSame
    ? (granted.endsAt ?? "ever")
    : expiration.permanent === true
      ? "ever"
      : (expiration.endsAt ?? `${expiration.duration} from ${startsAt ?? "the start"}`);
  return `${principalName ?? principalId} ${how} ${roleName ?? roleDefinitionId} at ${directoryRole.scope ?? "/"} until ${until}`;
}

describe("the previews of release 1", () => {
  it("say who, role, scope, how and until when of what is to be made", () => {
    assert.deepEqual(
      load("preview-create.json")
        .flatMap((step) => answer(step) ?? [])
        .sort(),
      [
        "aaaaaaaa-0000-4000-8000-000000000030 active Exchange Administrator at / until ever",
        "ann@contoso.com eligible Exchange Administrator at / until P90D from the start",
        "bob@contoso.com active Exchange Administrator at / until P30D from the start",
        "carla@contoso.com eligible Helpdesk Administrator at /administrativeUnits/aaaaaaaa-0000-4000-8000-000000000020 until P10D from 2026-12-01T08:00:00Z",
        "messaging eligible Exchange Administrator at / until 2027-01-31T00:00:00Z",
      ],
    );
  });

  it("say it of what changes, with the property, and what was before", () => {
    const steps = load("preview-change.json").filter(({ op }) => op !== "same");
    const said = steps.map(
      (step) =>
        `${step.op} ${(step.diffReasons ?? []).join()} ${answer(step)?.replace(/\d\d-\d\dT.*/, "…") ?? "settings"}`,
    );
    assert.deepEqual(said.sort(), [
      "create  carla@contoso.com active Exchange Administrator at / until P1D from the start",
      "update activation settings",
      "update expiration bob@contoso.com active Exchange Administrator at / until P15D from the start",
      "update live ann@contoso.com eligible Exchange Administrator at / until 2027-…",
    ]);
    const settings = steps.find(({ diffReasons }) => diffReasons?.includes("activation"));
    assert.equal(settings?.oldState?.inputs?.activation.maximumDuration, "PT8H");
    assert.equal(settings?.newState?.inputs?.activation.maximumDuration, "PT2H");
    assert.equal(settings?.newState?.inputs?.found.activation.maximumDuration, "PT8H");
  });
});
