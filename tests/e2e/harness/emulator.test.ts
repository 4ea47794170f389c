import assert from "node:assert/strict";
import { startTestTenant } from "./emulator";
import { Project } from "./project";

const program = `
  const pulumi = require("@pulumi/pulumi");
  const config = new pulumi.Config("entra-pim");
  const tokenType = async (secret) => {
    const url = config.require("authorityHost") + "/" + config.require("tenantId") + "/oauth2/v2.0/token";
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: config.require("clientId"),
      client_secret: secret, scope: config.require("graphEndpoint") + "/.default" });
    return (await (await fetch(url, { method: "POST", body })).json()).token_type;
  };
  exports.tokenType = config.requireSecret("clientSecret").apply(tokenType);`;

describe("startTestTenant", function () {
  this.timeout(60_000);

  for (const tls of [false, true]) {
    it(`gives a stack all it needs to reach the tenant over ${tls ? "HTTPS" : "HTTP"}`, async () => {
      const tenant = await startTestTenant({ tls });
      const { config, env } = tenant;
      const project = await Project.create({ config, env, program });
      try {
        await project.up({ args: ["--skip-preview"] });
        assert.deepEqual(await project.outputs(), { tokenType: "Bearer" });
      } finally {
        await tenant.close();
        project.remove();
      }
    });
  }
});
