import assert from "node:assert/strict";
import { ROLES } from "../emulated/tenant";
import { changesOf, Scenario, saidIn } from "./harness/scenario";

const role = ROLES.exchangeAdministrator;
const DAY_MS = 86_400_000;

describe("windows of assignments on the engine", function () {
  this.timeout(300_000);
  let on: Scenario;
  const ids: Record<string, string> = {};
  const NAMES = ["ann", "bob", "carla", "david", "eva", "frank", "grace", "henri"];

  before(async () => {
    on = await Scenario.start();
    for (const name of NAMES) ids[name] = await on.tenant.user(name);
  });
  after(() => on.close());

  const assignment = (name: string, expiration: object, more: object = {}) =>
    `new pim.EligibleAssignment("${name}", { ...at, principal: user("${name}"), justification, expiration: ${JSON.stringify(expiration)}, ...${JSON.stringify(more)} });`;
  const days = async () => {
    const ends = await on.tenant.ends("eligible", role);
    return Object.fromEntries(
      NAMES.flatMap((name) => {
        const end = ends[ids[name] ?? ""];
        return end === undefined
          ? []
          : [
              [
                name,
                end === null ? null : Math.round((Date.parse(end) - on.tenant.now()) / DAY_MS),
              ],
            ];
      }),
    );
  };
  const by = (
    name: string,
    action: "adminAssign" | "adminUpdate" | "adminRemove",
    duration?: string,
  ) =>
    on.tenant.request(
      "eligible",
      action,
      ids[name] ?? "",
      role,
      duration === undefined ? {} : { expiration: { type: "afterDuration", duration } },
    );

  it("are taken over, and previewed so, without moving an end later", async () => {
    await by("grace", "adminAssign", "P20D");
    await by("henri", "adminAssign", "P20D");
    const startsAt = new Date(on.tenant.now() + 40 * DAY_MS).toISOString();
    on.program(
      [
        assignment("ann", { duration: "P10D" }),
        assignment("bob", { duration: "P10D" }, { onExpired: "renew" }),
        assignment("carla", { duration: "P90D" }),
        assignment("david", { duration: "P90D" }, { onRemoved: "keep" }),
        assignment("eva", { duration: "P90D" }),
        assignment("frank", { duration: "P5D" }, { startsAt }),
        assignment("grace", { duration: "P90D" }),
        assignment("henri", { permanent: true }),
      ].join("\n"),
    );
    const { document } = await on.project.preview();
    const existing = Object.fromEntries(
      document.steps.map(({ urn, newState }) => [
        urn.split("::").at(-1),
        newState?.inputs?.existing,
      ]),
    );
    assert.equal(existing.ann, undefined);
    for (const name of ["grace", "henri"]) {
      const window = existing[name] as { startsAt: string; endsAt: string };
      assert.equal(Math.round((Date.parse(window.endsAt) - on.tenant.now()) / DAY_MS), 20);
    }
    on.tenant.forgetRequests();
    const { changes } = await on.up();
    assert.equal(changes.create, 9);
    assert.deepEqual(await days(), {
      ann: 10,
      bob: 10,
      carla: 90,
      david: 90,
      eva: 90,
      frank: 45,
      grace: 20,
      henri: null,
    });
    assert.equal(on.tenant.writes().length, 7, "one for each but grace");
    assert.equal((await on.project.resource("frank")).outputs?.status, "scheduled");
    assert.deepEqual(await on.plan(), {});
  });

  it("show what somebody did to them by property, and are repaired to their recorded ends", async () => {
    on.advance("P2D");
    await by("carla", "adminRemove");
    await by("david", "adminRemove");
    await by("eva", "adminUpdate", "P3D");
    assert.deepEqual(await on.plan(), { carla: "update live", eva: "update expiration" });
    const shown = await on.project.previewText({ args: ["--refresh", "--diff"] });
    assert.match(shown.stdout, /live\s*: "removed" => "held"/);
    assert.match(shown.stdout, /- endsAt\s*: "/);
    assert.match(shown.stdout, /\+ duration\s*: "P90D"/);
    const repaired = await on.up(["--refresh"]);
    assert.deepEqual(changesOf(repaired), ["update carla", "update eva"]);
    assert.deepEqual(await days(), {
      ann: 8,
      bob: 8,
      carla: 88,
      eva: 88,
      frank: 43,
      grace: 18,
      henri: null,
    });
    assert.deepEqual(saidIn(repaired), []);
    assert.deepEqual(await on.plan(), {});
  });

  it("end without an error, begin anew where they shall, and are granted anew when they are edited", async () => {
    on.advance("P20D");
    assert.deepEqual(await on.plan([]), { bob: "update" });
    const { outputs: ann } = await on.project.resource("ann");
    const renewed = await on.up();
    assert.deepEqual(changesOf(renewed), ["update bob"]);
    assert.equal((await days()).bob, 10);
    assert.deepEqual(await on.plan(), {});
    await on.project.refresh();
    assert.equal((await on.project.resource("ann")).outputs?.status, "expired");
    assert.equal((await on.project.resource("ann")).outputs?.endsAt, ann?.endsAt);
    on.project.write({
      "index.js": (await readProgram(on)).replace(
        '"duration":"P10D"}, ...{} ',
        '"duration":"P7D"}, ...{} ',
      ),
    });
    assert.deepEqual(await on.plan(), { ann: "update expiration" });
    await on.up();
    assert.equal((await days()).ann, 7);
  });

  it("mean the same after the requests are purged, and under another schedule", async () => {
    on.tenant.control.purgeRequests();
    const { endDateTime } =
      (await on.tenant.rows("eligible", role)).find(({ principalId }) => principalId === ids.carla)
        ?.scheduleInfo?.expiration ?? {};
    await by("carla", "adminRemove");
    await on.tenant.request("eligible", "adminAssign", ids.carla ?? "", role, {
      expiration: { type: "afterDateTime", endDateTime },
    });
    assert.deepEqual(await on.plan(), {});
    on.tenant.forgetRequests();
    await on.destroy();
    assert.deepEqual(await days(), {});
  });
});

async function readProgram({ project }: Scenario): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return readFile(`${project.directory}/index.js`, "utf8");
}
