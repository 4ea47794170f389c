import assert from "node:assert/strict";
import type { ServiceError } from "../../src/emulator/errors";
import { type Fault, Faults } from "../../src/emulator/faults";
import { Throttle } from "../../src/emulator/throttle";

describe("Faults", () => {
  const hits = (fault: Fault, method: string, path: string, isBatchItem = false): boolean => {
    const faults = new Faults();
    faults.add({ status: 500, ...fault });
    return faults.strike(method, path, isBatchItem) !== undefined;
  };

  const cases: [Fault, string, string, boolean][] = [
    [{}, "GET", "/v1.0/users", true],
    [{ method: "post" }, "POST", "/v1.0/users", true],
    [{ method: "POST" }, "GET", "/v1.0/users", false],
    [{ path: "/users" }, "GET", "/v1.0/users?$top=1", true],
    [
      { path: "/roleManagement/*Requests" },
      "POST",
      "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests",
      true,
    ],
    [
      { path: "/roleManagement/*Requests" },
      "GET",
      "/v1.0/roleManagement/directory/roleDefinitions",
      false,
    ],
    [{ path: "/users$/" }, "GET", "/v1.0/users", true],
    [{ path: "/users$/" }, "GET", "/v1.0/users/ann", false],
    [{ path: "role(Eligibility)" }, "GET", "/x/role(Eligibility)", true],
  ];
  for (const [fault, method, path, expected] of cases) {
    it(`${expected ? "hits" : "passes"} ${method} ${path} with ${JSON.stringify(fault)}`, () => {
      assert.equal(hits(fault, method, path), expected);
    });
  }

  it("tells batch items from requests", () => {
    assert.deepEqual(
      [hits({ in: "batch" }, "GET", "/x"), hits({ in: "batch" }, "GET", "/x", true)],
      [false, true],
    );
  });

  it("skips the first, hits so many, then lets pass", () => {
    const faults = new Faults();
    faults.add({ status: 500, skip: 1, times: 2 });
    const struck = Array.from({ length: 5 }, () => faults.strike("GET", "/", false) !== undefined);
    assert.deepEqual(struck, [false, true, true, false, false]);
  });
});

describe("Throttle", () => {
  it("admits again when the oldest leaves the window, and says when", () => {
    const throttle = new Throttle();
    const admit = (now: number) => throttle.admit({ writes: 2, seconds: 10 }, "POST", now);
    admit(0);
    admit(4000);
    assert.throws(
      () => admit(5500),
      (error: ServiceError) => error.headers["retry-after"] === "5",
    );
    admit(10_000);
    assert.throws(() => admit(10_001), { code: "TooManyRequests" });
  });
});
