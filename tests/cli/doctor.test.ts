import assert from "node:assert/strict";
import { PeopleTenant } from "../people/person";

interface Finding {
  check: string;
  ok: boolean | null;
  detail: string;
  fix?: string;
}

describe("entra-pim doctor", () => {
  let people: PeopleTenant;

  before(async () => {
    people = await PeopleTenant.start();
  });
  after(() => people.close());

  const examine = async (args: string[] = [], env: Record<string, string | undefined> = {}) => {
    const { json, exitCode } = await people.run("ann", ["doctor", "--json", ...args], { env });
    const findings = json.findings as Finding[];
    return {
      exitCode,
      find: (check: RegExp) => findings.filter((finding) => check.test(finding.check)),
      findings,
    };
  };

  it("tells a person who they are and what they may do", async () => {
    const { find } = await examine();
    assert.match(
      find(/identity for Graph/)[0]?.detail ?? "",
      /ann@contoso\.com \(person, .*with MFA/,
    );
    assert.deepEqual(
      find(/activate: /).map(({ ok }) => ok),
      [true, true],
    );
    assert.equal(find(/reach Microsoft Graph/)[0]?.ok, true);
    assert.equal(find(/^read Entra roles/)[0]?.ok, true);
    assert.equal(find(/licence/)[0]?.ok, null);
  });

  it("tells a pipeline what blocks it", async () => {
    const { clientId, clientSecret } = people.at.info;
    const env = {
      ENTRA_PIM_CLIENT_ID: undefined,
      ARM_CLIENT_ID: clientId,
      ARM_CLIENT_SECRET: clientSecret,
    };
    const before = await examine([], env);
    assert.match(before.find(/identity for Graph/)[0]?.detail ?? "", /\(application,/);
    assert.equal(before.find(/rules/)[0]?.ok, true);
    assert.equal(before.find(/licence/)[0]?.ok, true);
    await people.at.changeRule(
      "29232cdf-9323-42fd-ade2-1d097af3e4de",
      "Enablement_Admin_Assignment",
      {
        enabledRules: ["MultiFactorAuthentication", "Justification"],
      },
    );
    const { find, exitCode } = await examine([], env);
    assert.match(
      find(/rules/)[0]?.detail ?? "",
      /roles that ask for MFA when .*: Exchange Administrator/,
    );
    assert.equal(exitCode, 2);
    for (const command of [["activate", "x", "--reason", "r"], ["approve", "x"], ["eligible"]]) {
      const refused = await people.run("ann", command, { env });
      assert.equal(refused.exitCode, 2);
      assert.match(refused.err, /is an application .*only a person can/);
    }
  });

  it("tells who signed in through the Azure CLI why that serves Azure only", async () => {
    const { find } = await examine(["--client-id", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"]);
    assert.match(find(/^activate: Entra/)[0]?.detail ?? "", /lacks RoleAssignmentSchedule/);
    assert.equal(find(/^read Azure/)[0]?.ok, true);
  });

  it("says when nothing answers, and when no licence is there", async () => {
    const { find, exitCode } = await examine([], {
      ENTRA_PIM_GRAPH_ENDPOINT: "http://127.0.0.1:9",
    });
    assert.equal(find(/reach Microsoft Graph/)[0]?.ok, false);
    assert.equal(exitCode, 2);
  });
});
