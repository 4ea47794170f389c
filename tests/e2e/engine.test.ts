import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./harness/project";
import { repositoryRoot } from "./harness/repository";

/** A policy pack without a library: an analyzer that refuses every resource of one type. */
const policyPack = {
  "pack/PulumiPolicy.yaml": "runtime: nodejs\n",
  "pack/package.json": JSON.stringify({ name: "pack", version: "1.0.0" }),
  "pack/index.js": `
    const { createRequire } = require("node:module");
    const fromSdk = createRequire(require.resolve("@pulumi/pulumi"));
    const grpc = fromSdk("@grpc/grpc-js");
    const proto = fromSdk("./proto/analyzer_pb.js");
    const answer = (make) => (call, callback) => callback(null, make(call.request));
    const server = new grpc.Server();
    server.addService(fromSdk("./proto/analyzer_grpc_pb.js").AnalyzerService, {
      handshake: answer(() => new proto.AnalyzerHandshakeResponse()),
      getPluginInfo: answer(() => new (fromSdk("./proto/plugin_pb.js").PluginInfo)()),
      getAnalyzerInfo: answer(() => {
        const policy = new proto.PolicyInfo();
        policy.setName("no-components");
        policy.setEnforcementlevel(proto.EnforcementLevel.MANDATORY);
        const info = new proto.AnalyzerInfo();
        info.setName("pack");
        info.setVersion("1.0.0");
        info.addPolicies(policy);
        return info;
      }),
      configure: answer(() => new (fromSdk("google-protobuf/google/protobuf/empty_pb.js").Empty)()),
      analyzeStack: answer(() => new proto.AnalyzeResponse()),
      analyze: answer((request) => {
        const response = new proto.AnalyzeResponse();
        if (request.getType() === "test:index:Thing") {
          const diagnostic = new proto.AnalyzeDiagnostic();
          diagnostic.setPolicyname("no-components");
          diagnostic.setPolicypackname("pack");
          diagnostic.setPolicypackversion("1.0.0");
          diagnostic.setMessage("things are not allowed");
          diagnostic.setEnforcementlevel(proto.EnforcementLevel.MANDATORY);
          response.addDiagnostics(diagnostic);
        }
        return response;
      }),
    });
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => console.log(port));
  `,
};

describe("the engine of tools/engine", function () {
  this.timeout(120_000);

  it("runs policy packs, whose mandatory policies stop a preview", async () => {
    const project = await Project.create({
      program: {
        ...policyPack,
        "index.js": `
          const pulumi = require("@pulumi/pulumi");
          new pulumi.ComponentResource("test:index:Thing", "thing");`,
      },
    });
    const refused = await project.previewText({
      args: ["--policy-pack", "pack"],
      expectFailure: true,
    });
    assert.match(refused.stdout, /things are not allowed/);
    await project.previewText();
    project.remove();
  });

  it("starts dynamic providers by the script that Pulumi ships", () => {
    const name = "pulumi-resource-pulumi-nodejs";
    const shipped = join(repositoryRoot, "node_modules", "@pulumi", "pulumi", name);
    assert.equal(
      readFileSync(join(repositoryRoot, "tools", "engine", name), "utf8"),
      readFileSync(shipped, "utf8"),
    );
  });
});
