import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf } from "./emulator-client";

const NOBODY = "00000000-0000-4000-8000-000000000000";

describe("emulator: control API", () => {
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.close());

  const control = async (method: string, name: string, body?: unknown) => {
    const response = await fetch(`${emulator.info.url}/_emulator/${name}`, {
      method,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: raw answers of every shape, read by tests only
    return { status: response.status, body: (await response.json()) as any };
  };
  const refuses = async (name: string, body: unknown, wanted: RegExp) => {
    const answer = await control("POST", name, body);
    assert.equal(answer.status, 400, `${name} ${JSON.stringify(body)}`);
    assert.match(answer.body.error, wanted);
  };

  for (const [name, body, wanted] of [
    ["token", { usr: "ann@contoso.com" }, /unknown property: usr; known are user, clientId/],
    ["token", { user: "nobody@contoso.com" }, /unknown user: nobody@contoso.com/],
    ["token", { clientId: NOBODY }, /unknown application/],
    ["token", { user: "ann@contoso.com", scopes: "User.Read" }, /scopes: expected a list of texts/],
    ["token", { user: "ann@contoso.com", mfa: "yes" }, /mfa: expected true or false, got "yes"/],
    ["clock", {}, /missing property: set or advance/],
    ["clock", { advance: "1 hour" }, /advance: expected an ISO 8601 duration/],
    ["clock", { set: "tomorrow" }, /set: expected an RFC 3339 instant/],
    ["faults", { path: "/users" }, /missing property: faults\[0\]\.status/],
    ["faults", [{ status: 503 }, { status: 5 }], /faults\[1\]\.status: expected an HTTP status/],
    ["faults", { status: 503, probability: 2 }, /probability: expected a number from 0 to 1/],
    ["faults", { status: 503, drop: "later" }, /drop: expected one of before, after/],
    ["faults", { faults: "all" }, /faults: expected a list of objects/],
    ["settings", { licenced: false }, /unknown property: licenced/],
    ["settings", { throttle: { writes: -1 } }, /throttle\.writes: expected a whole number/],
    ["generate", { users: "many" }, /users: expected a whole number/],
    ["sign-in", { mfa: true }, /missing property: user/],
    ["plant-schedule", { principalId: NOBODY, kind: "both" }, /kind: expected one of/],
    ["delete-principal", {}, /missing property: id/],
    ["reset", { user: 5 }, /unknown property: user; known are .*users/],
    ["seed", { people: [] }, /unknown property: people/],
    ["seed", { users: {} }, /users: expected a list of objects/],
    ["seed", { users: [{ nothing: 1 }] }, /users\[0\]: The property 'nothing' does not exist/],
    ["seed", { users: [{ accountEnabled: "no" }] }, /users\[0\]: .*'accountEnabled'/],
    ["seed", { groups: [{ members: [NOBODY] }] }, /groups\[0\]\.members: no user/],
    ["seed", { azureRoles: [{}] }, /missing property: azureRoles\[0\]\.roleName/],
    ["clock", "{", /the body is no JSON/],
  ] as const) {
    it(`refuses ${name} ${JSON.stringify(body)}`, () => refuses(name, body, wanted));
  }

  it("refuses a name that is taken, and enters nothing of such a seed", async () => {
    const send = await clientOf(emulator);
    const eventual = { ConsistencyLevel: "eventual" };
    const count = async () =>
      Number((await send("GET", "/v1.0/users/$count", undefined, eventual)).body);
    const before = await count();
    const fresh = { displayName: "Fresh", userPrincipalName: "fresh@contoso.com" };
    await refuses(
      "seed",
      { users: [fresh, { userPrincipalName: "ANN@contoso.com" }] },
      /users\[1\]\.userPrincipalName: 'ANN@contoso.com' is in use already/,
    );
    await refuses("seed", { users: [fresh, fresh] }, /users\[1\]\.userPrincipalName/);
    await refuses(
      "seed",
      { applications: [{ appId: emulator.info.clientId }] },
      /applications\[0\]\.appId/,
    );
    const scope = "/subscriptions/00000000-0000-4000-8000-00000000abcd/resourceGroups/rg";
    const denial = {
      scope,
      denyAssignmentName: "denied",
      permissions: [{ actions: ["*"] }],
      principals: [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
    };
    for (const [denyAssignments, why] of [
      [[denial], /denyAssignments\[0\]\.scope: there is no/],
      [
        [{ ...denial, permissions: [{ actions: "*" }] }],
        /permissions\[0\]\.actions: expected a list/,
      ],
      [[{ ...denial, principals: [{ type: "User" }] }], /missing property: .*principals\[0\]\.id/],
    ] as const)
      await refuses("seed", { users: [fresh], denyAssignments }, why);
    assert.equal(await count(), before);
    const below = { id: `${scope}/providers/Microsoft.Storage/storageAccounts/a` };
    const entered = { scopes: [below], denyAssignments: [denial] };
    assert.equal((await control("POST", "seed", entered)).status, 200);
    const made = await control("POST", "seed", { users: [fresh] });
    const again = await control("POST", "seed", {
      users: [{ ...made.body.users[0], accountEnabled: false }],
    });
    assert.equal(again.body.users[0].accountEnabled, false);
    assert.equal(await count(), before + 1);
    const moved = { ...made.body.users[0], userPrincipalName: "old@contoso.com" };
    const { body } = await control("POST", "seed", { users: [moved, fresh] });
    assert.notEqual(body.users[1].id, moved.id);
    assert.equal(await count(), before + 2);
  });

  it("takes references as Graph writes them", async () => {
    const { users } = (
      await control("POST", "seed", { users: [{ displayName: "M", userPrincipalName: "m@x.com" }] })
    ).body;
    const url = `https://graph.microsoft.com/v1.0/users/${users[0].id}`;
    const { groups } = (
      await control("POST", "seed", {
        groups: [{ displayName: "Bound", "members@odata.bind": [url], "owners@odata.bind": [url] }],
      })
    ).body;
    const send = await clientOf(emulator);
    for (const side of ["members", "owners"]) {
      const { body } = await send("GET", `/v1.0/groups/${groups[0].id}/${side}`);
      assert.equal(body.value[0].id, users[0].id, side);
    }
  });

  it("says which operations it has", async () => {
    const answer = await control("POST", "nothing", {});
    assert.equal(answer.status, 404);
    assert.match(answer.body.error, /unknown control operation: POST nothing/);
    assert.ok(answer.body.known.includes("POST seed"));
  });
});
