// What the engine is told when something is wrong: one line, in the user's words, with what to do, and never a secret.

import assert from "node:assert/strict";
import { EmulatedTenant, ROLES } from "../emulated/tenant";
import { LocalServer } from "../http/local-server";
import { DynamicHost, type HostError, type Properties } from "./harness";

const declared = {
  schemaVersion: 1,
  owner: "test/dev/EligibleAssignment/ann",
  directoryRole: { role: ROLES.exchangeAdministrator },
  principal: { user: "ann@contoso.com" },
  expiration: { duration: "P90D" },
  justification: "CHG-1",
};

describe("what the host says", function () {
  this.timeout(60_000);
  let at: EmulatedTenant;
  let host: DynamicHost | undefined;

  before(async () => {
    at = await EmulatedTenant.start();
  });
  after(() => at.close());
  afterEach(async () => {
    await host?.close();
    host = undefined;
    at.control.clearFaults();
    at.control.settings({ licensed: true });
  });

  async function start(
    config: Record<string, string | undefined> = {},
    env: Record<string, string> = {},
  ): Promise<DynamicHost> {
    const plain = Object.entries(at.config).map(([key, value]): [string, string | undefined] => [
      key,
      typeof value === "string" ? value : value.secret,
    ]);
    const merged = Object.entries({ ...Object.fromEntries(plain), ...config });
    const given = Object.fromEntries(
      merged.filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    host = await DynamicHost.start({
      config: given,
      env: { AZURE_CONFIG_DIR: "/nonexistent", ...env },
    });
    return host;
  }

  async function message(work: Promise<unknown>): Promise<string> {
    try {
      await work;
    } catch (error) {
      const text = (error as HostError).message;
      assert.equal(text.trim().split("\n").length, 1, text);
      assert.ok(!text.includes(at.info.clientSecret), text);
      assert.ok(!/eyJ[\w-]{10,}\./.test(text), text);
      return text;
    }
    return assert.fail("it did not fail");
  }

  const configurations: [string, Record<string, string | undefined>, RegExp][] = [
    [
      "a malformed tenant id",
      { "entra-pim:tenantId": "contoso" },
      /checking EligibleAssignment "ann": entra-pim:tenantId: got "contoso", expected a GUID; the portal shows the tenant id under Overview, a domain name is none$/,
    ],
    [
      "a tenant id in braces",
      { "entra-pim:tenantId": "{7b1f9f6e-0000-4000-8000-0000000000ff}" },
      /entra-pim:tenantId: got "\{7b1f.*", expected a GUID; leave the braces out$/,
    ],
    [
      "a flag that is none",
      { "entra-pim:useOidc": "yes" },
      /entra-pim:useOidc: got "yes", expected true or false$/,
    ],
    [
      "a malformed client id",
      { "entra-pim:clientId": "me" },
      /entra-pim:clientId: got "me", expected a GUID/,
    ],
    [
      "an endpoint without TLS elsewhere",
      { "entra-pim:graphEndpoint": "http://graph.example.com" },
      /entra-pim:graphEndpoint: got "http:\/\/graph.example.com", expected (an )?https/,
    ],
    [
      "an unknown cloud",
      { "entra-pim:cloud": "mars" },
      /entra-pim:cloud: got "mars", expected public, /,
    ],
    [
      "a list that is none",
      { "entra-pim:allowLockout": "[one" },
      /entra-pim:allowLockout: got \[one, expected a JSON list of assignment keys/,
    ],
    [
      "no credentials",
      { "entra-pim:clientSecret": undefined, "entra-pim:clientId": undefined },
      /clientSecret: not set; .*set entra-pim:clientId and entra-pim:clientSecret/,
    ],
    ["a wrong secret", { "entra-pim:clientSecret": "wrong" }, /AADSTS7000215/],
    [
      "a tenant that is not there",
      { "entra-pim:tenantId": "7b1f9f6e-0000-4000-8000-0000000000ff" },
      /AADSTS90002|tenant/,
    ],
  ];
  for (const [what, config, expected] of configurations) {
    it(`of ${what}`, async () => {
      const running = await start(config);
      assert.match(await message(running.check("EligibleAssignment", declared)), expected);
    });
  }

  it("of all that is wrong with the configuration at once", async () => {
    const running = await start({ "entra-pim:tenantId": "contoso", "entra-pim:cloud": "mars" });
    assert.match(
      await message(running.check("EligibleAssignment", declared)),
      /tenantId.*; .*cloud/,
    );
  });

  async function checked(running: DynamicHost, more: Properties = {}): Promise<Properties> {
    const { inputs, failures } = await running.check("EligibleAssignment", {
      ...declared,
      ...more,
    });
    assert.deepEqual(failures, []);
    return inputs;
  }

  it("of a token that is refused", async () => {
    const running = await start();
    at.control.fault({
      path: "roleEligibilitySchedules",
      status: 401,
      code: "InvalidAuthenticationToken",
      message: "Access token is empty.",
    });
    assert.match(
      await message(checked(running)),
      /checking EligibleAssignment "ann": .*401 InvalidAuthenticationToken.*; the sign-in was refused: check the credentials, their tenant and their expiry, and this machine's clock/,
    );
    // The engine shows the error at the resource; what the host prints beside it would be the same once more.
    assert.equal(running.output.trim(), "entra-pim: failed, see the error:");
  });

  it("of a secret that has run out", async () => {
    const running = await start();
    at.control.fault({
      path: "token",
      status: 401,
      code: "invalid_client",
      message: "AADSTS7000222: The provided client secret keys for app 'x' are expired.",
    });
    assert.match(
      await message(checked(running)),
      /checking EligibleAssignment "ann": no token for Microsoft Graph of tenant .* as client .* \(client secret from entra-pim:clientSecret\): .*401 invalid_client: AADSTS7000222: The provided client secret keys for app 'x' are expired/,
    );
  });

  it("of a page that a proxy answers in the service's place", async () => {
    for (const [status, expected] of [
      [
        200,
        /answered 200 with an HTML page, not JSON; a proxy or a sign-in page answered in the service's place$/,
      ],
      [
        403,
        /answered 403: an HTML page; a proxy or a sign-in page answered in the service's place: check the network and the endpoints$/,
      ],
    ] as const) {
      const proxy = await LocalServer.start(() => ({ status, text: "<html>blocked</html>" }));
      const running = await start({ "entra-pim:graphEndpoint": proxy.url });
      assert.match(await message(running.check("EligibleAssignment", declared)), expected);
      await running.close();
      await proxy.stop();
    }
  });

  it("of an address where nothing listens", async () => {
    const closed = await LocalServer.start(() => ({}));
    await closed.stop();
    const running = await start({ "entra-pim:graphEndpoint": closed.url });
    assert.match(
      await message(running.check("EligibleAssignment", declared)),
      /got no answer \(connection failed: ECONNREFUSED; nothing listens there: check the endpoint\)$/,
    );
  });

  it("of a certificate that nobody vouches for", async () => {
    const tls = await EmulatedTenant.start({ tls: true });
    const { graph, authority } = tls.info;
    const ca =
      /connection failed: UNABLE_TO_VERIFY_LEAF_SIGNATURE; Node does not know who signed its certificate: set NODE_EXTRA_CA_CERTS to that CA's PEM file\)?$/;
    for (const config of [
      { "entra-pim:graphEndpoint": graph },
      { "entra-pim:authorityHost": authority },
    ]) {
      const running = await start(config);
      assert.match(await message(running.check("EligibleAssignment", declared)), ca);
      await running.close();
    }
    await tls.close();
  });

  it("of a permission that is missing, and who grants it", async () => {
    const [weak] = at.control.seed({
      applications: [
        {
          displayName: "weak",
          permissions: ["RoleEligibilitySchedule.Read.Directory", "User.Read.All"],
          secret: "weak~secret",
        },
      ],
    }).applications;
    const running = await start({
      "entra-pim:clientId": String(weak?.appId),
      "entra-pim:clientSecret": "weak~secret",
    });
    const inputs = await checked(running);
    const text = await message(running.create("EligibleAssignment", inputs));
    assert.match(
      text,
      /^creating EligibleAssignment "ann": .*403 PermissionScopeNotGranted.*; grant this identity RoleEligibilitySchedule.ReadWrite.Directory( \(or .*\))? and have a Privileged Role Administrator or Global Administrator consent$/,
    );
    assert.match(
      await message(
        running.check("RoleSettings", {
          schemaVersion: 1,
          owner: "test/dev/RoleSettings/s",
          directoryRole: declared.directoryRole,
          activation: { requireMfa: true },
        }),
      ),
      /checking RoleSettings "s": .*403 Authorization_RequestDenied.*; grant this identity RoleManagement.Read.Directory and have a Privileged Role Administrator/,
    );
  });

  it("of a tenant without licences", async () => {
    const running = await start();
    const inputs = await checked(running);
    at.control.settings({ licensed: false });
    assert.match(
      await message(running.create("EligibleAssignment", inputs)),
      /AadPremiumLicenseRequired.*; buy and assign Entra ID P2 or Entra ID Governance licences: PIM needs one of them/,
    );
  });

  it("of an engine that has ended: nothing more is written", async () => {
    const running = await start();
    const inputs = await checked(running);
    await running.killEngine();
    at.forgetRequests();
    assert.match(
      await message(running.create("EligibleAssignment", inputs)),
      /the Pulumi engine of this run has ended; nothing more is written/,
    );
    assert.deepEqual(at.writes(), []);
  });

  it("of a listing that breaks off: an error, never that all is gone", async () => {
    const running = await start();
    const inputs = await checked(running);
    const { id, outs } = await running.create("EligibleAssignment", inputs);
    await running.close();
    for (const fault of [{ status: 503 }, { status: 500 }, { drop: "before" as const }]) {
      const next = await start();
      at.control.fault({
        path: "roleEligibilitySchedules",
        ...fault,
        ...(fault.status === undefined ? {} : { retryAfter: 0 }),
      });
      await message(
        Promise.race([
          next.read("EligibleAssignment", id, outs),
          new Promise((_resolve, reject) =>
            setTimeout(() => reject(new Error("still trying")), 4000),
          ),
        ]),
      );
      at.control.clearFaults();
      await next.close();
    }
    const last = await start();
    assert.equal((await last.read("EligibleAssignment", id, outs)).outs.status, "provisioned");
    await last.delete("EligibleAssignment", id, outs);
  });

  it("of a state that no release wrote, and of a protocol that it does not know", async () => {
    const running = await start();
    assert.match(
      await message(
        running.read("EligibleAssignment", `${at.info.tenantId}|x`, { schemaVersion: 1 }),
      ),
      /the state names no role or no principal: it was not written by pulumi-entra-pim/,
    );
    assert.match(
      await message(running.read("AccessPackage", "x", {})),
      /this state needs protocol 1 and kind AccessPackage, which this release of pulumi-entra-pim does not have; install the release that wrote it/,
    );
  });
});
