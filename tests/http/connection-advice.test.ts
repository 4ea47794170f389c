import assert from "node:assert/strict";
import { Dropped } from "../../src/http/dropped";

const failed = (code: string) =>
  new Dropped(Object.assign(new Error("fetch"), { cause: { code } }));
const ca =
  "Node does not know who signed its certificate: set NODE_EXTRA_CA_CERTS to that CA's PEM file";
const look =
  "check the endpoint and the network; Node obeys HTTPS_PROXY only with NODE_USE_ENV_PROXY=1";

describe("a request without an answer", () => {
  const cases: [code: string, advice: string, sent: boolean, hopeless: boolean][] = [
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", ca, false, true],
    ["SELF_SIGNED_CERT_IN_CHAIN", ca, false, true],
    ["CERT_HAS_EXPIRED", "its certificate has ended: check this machine's clock", false, true],
    [
      "CERT_NOT_YET_VALID",
      "its certificate is not valid yet: check this machine's clock",
      false,
      true,
    ],
    [
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "its certificate is of another host: check the endpoint",
      false,
      true,
    ],
    ["ECONNREFUSED", "nothing listens there: check the endpoint", false, false],
    ["ENOTFOUND", look, false, false],
    ["UND_ERR_CONNECT_TIMEOUT", look, false, false],
  ];
  for (const [code, advice, sent, hopeless] of cases) {
    it(`says what to do about ${code}`, () => {
      const dropped = failed(code);
      assert.equal(dropped.message, `connection failed: ${code}; ${advice}`);
      assert.deepEqual([dropped.sent, dropped.hopeless], [sent, hopeless]);
    });
  }

  it("says no more than it knows of a connection that broke off", () => {
    const dropped = failed("ECONNRESET");
    assert.equal(dropped.message, "connection failed: ECONNRESET");
    assert.deepEqual([dropped.sent, dropped.hopeless], [true, false]);
  });
});
