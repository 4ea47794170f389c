// A mocha reporter that also notes the outcome in the file that `tools/test/jobs.mjs` reads.
"use strict";

const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const outcome = { passed: 0, failed: [], skipped: [] };
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } =
      Runner.constants;
    runner.on(EVENT_TEST_PASS, () => {
      outcome.passed += 1;
    });
    runner.on(EVENT_TEST_FAIL, (test) => outcome.failed.push(test.fullTitle()));
    runner.on(EVENT_TEST_PENDING, (test) => outcome.skipped.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => {
      writeFileSync(process.env.ENTRA_PIM_TEST_REPORT, JSON.stringify(outcome));
    });
  }
};
