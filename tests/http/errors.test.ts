import assert from "node:assert/strict";
import {
  isAlreadyExists,
  isAuthenticationContextNeeded,
  isNotFound,
  isPolicyViolation,
  type ServiceError,
  serviceError,
} from "../../src/http/errors";

const call = { method: "POST", path: "/roleManagement/directory/x?$skiptoken=secret&$top=5" };

function errorOf(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ServiceError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return serviceError(call, { status, headers, text }, 0);
}

describe("serviceError", () => {
  it("reads the plain encoding", () => {
    const error = errorOf(400, {
      error: {
        code: "RoleAssignmentExists",
        message: "The Role assignment already exists.",
        innerError: { "request-id": "r1", "client-request-id": "c1" },
      },
    });
    assert.ok(isAlreadyExists(error));
    assert.equal(error.requestId, "r1");
    assert.equal(error.clientRequestId, "c1");
    assert.equal(
      error.message,
      "POST /roleManagement/directory/x?$top=5 answered 400 RoleAssignmentExists: The Role assignment already exists (request id r1)",
    );
  });

  it("unwraps an UnknownError and lists the permissions", () => {
    const message = JSON.stringify({
      errorCode: "PermissionScopeNotGranted",
      message: "Authorization failed due to missing permission scope A.Read.All,B.ReadWrite.All.",
      instanceAnnotations: [],
    });
    const error = errorOf(403, { error: { code: "UnknownError", message } });
    assert.equal(error.code, "PermissionScopeNotGranted");
    assert.deepEqual(error.permissions, ["A.Read.All", "B.ReadWrite.All"]);
  });

  it("unwraps an empty code", () => {
    const message = JSON.stringify({ errorCode: "PermissionScopeNotGranted", message: "No." });
    assert.equal(errorOf(403, { error: { code: "", message } }).code, "PermissionScopeNotGranted");
    assert.equal(errorOf(403, { error: { code: "", message: "No." } }).serviceMessage, "No.");
  });

  it("names the failing rules of both spellings", () => {
    const rulesIn = (message: string) =>
      errorOf(400, { error: { code: "RoleAssignmentRequestPolicyValidationFailed", message } });
    const one = rulesIn(
      "The following policy rules failed: ExpirationRule - The policy does not allow permanent assignment",
    );
    assert.ok(isPolicyViolation(one));
    assert.deepEqual(one.rule, ["ExpirationRule"]);
    const several = 'The following policy rules failed: ["EligibilityRule","ExpirationRule"]';
    assert.deepEqual(rulesIn(several).rule, ["EligibilityRule", "ExpirationRule"]);
  });

  it("decodes claims from the message and from a challenge", () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const message = `AcrsValidationFailed &claims=${encodeURIComponent(claims)}`;
    const error = errorOf(400, {
      error: { code: "RoleAssignmentRequestAcrsValidationFailed", message },
    });
    assert.ok(isAuthenticationContextNeeded(error));
    assert.equal(error.claims, claims);
    assert.doesNotMatch(error.message, /access_token/);
    const header = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString("base64")}"`;
    assert.equal(errorOf(401, "", { "www-authenticate": header }).claims, claims);
  });

  it("reads ARM's nested details, bare messages and request ids", () => {
    const nested = errorOf(
      400,
      {
        error: {
          code: "InvalidPolicy",
          message: "Bad.",
          details: [{ message: "Rule A.", details: [{ message: "Deep." }] }],
        },
      },
      { "x-ms-request-id": "arm-1" },
    );
    assert.equal(nested.serviceMessage, "Bad.; Rule A.; Deep.");
    assert.equal(nested.requestId, "arm-1");
    assert.equal(errorOf(405, { message: "no DELETE" }).serviceMessage, "no DELETE");
  });

  it("describes text, HTML, XML and empty bodies without quoting documents", () => {
    assert.equal(errorOf(500, "upstream timed out\nstack").serviceMessage, "upstream timed out");
    assert.equal(errorOf(502, "<html><body>token</body>").serviceMessage, "an HTML page");
    assert.equal(errorOf(400, "<?xml version='1.0'?><e/>").serviceMessage, "an XML document");
    assert.equal(errorOf(404, "").serviceMessage, "");
    assert.ok(isNotFound(errorOf(404, "")));
  });

  it("begins with the purpose and keeps the pause", () => {
    const facts = { ...call, purpose: "reading the settings of Owner" };
    const reply = { status: 429, headers: { "retry-after": "3" }, text: "" };
    const error = serviceError(facts, reply, 0);
    assert.match(error.message, /^reading the settings of Owner: POST /);
    assert.equal(error.retryAfterMs, 3000);
  });
});
