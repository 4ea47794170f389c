import assert from "node:assert/strict";
import Module from "node:module";
import { join } from "node:path";
import { CLOUDS, parseCloud } from "../../src/http/clouds";
import * as pim from "../../src/index";
import { assertionAudience, cloudNamed } from "../../src/model/cloud-audience";
import { named, recordResources, resolvedValue } from "../resources/record-resources";

const SCOPE = "/subscriptions/11111111-1111-4111-8111-111111111111";
const github = { repository: "contoso/access", environment: "production" };
const ids = {
  call: (token: string) =>
    /getClientConfig/.test(token)
      ? { tenantId: "tenant", clientId: "person" }
      : { objectId: "graph" },
  answer: (type: string, name: string) =>
    /:Application$/.test(type)
      ? { clientId: `${name}-client` }
      : /ServicePrincipal/.test(type)
        ? { objectId: `${name}-object` }
        : {},
};

describe("PipelineIdentity", () => {
  const inCloud = async (cloud: pim.Cloud | undefined, config: Record<string, string>) => {
    let pipeline: pim.PipelineIdentity | undefined;
    const args = {
      github,
      surfaces: [pim.Surface.Groups],
      ...(cloud === undefined ? {} : { cloud }),
    };
    const recorded = await recordResources(
      () => {
        pipeline = new pim.PipelineIdentity("pim", args);
      },
      { ...ids, config },
    );
    assert.ok(pipeline);
    const { audiences } = named(recorded, "pim/write/credential").inputs;
    const workflow = await resolvedValue(pipeline.workflow);
    return [String(audiences), /ARM_ENVIRONMENT: (.+)/.exec(workflow)?.[1]];
  };

  it("trusts assertions for the tenant's cloud, and tells the workflow of it", async () => {
    const us = ["api://AzureADTokenExchangeUSGov", "usgovernment"];
    assert.deepEqual(await inCloud(undefined, { "azuread:environment": "usgovernment" }), us);
    assert.deepEqual(await inCloud("usgovernment", { "entra-pim:cloud": "china" }), us);
    assert.deepEqual(await inCloud(undefined, { "entra-pim:cloud": "china" }), [
      "api://AzureADTokenExchangeChina",
      "china",
    ]);
    assert.deepEqual(await inCloud(undefined, {}), ["api://AzureADTokenExchange", undefined]);
  });

  it("knows the clouds as the sign-in does", () => {
    for (const [cloud, { assertionAudience: audience }] of Object.entries(CLOUDS))
      assert.equal(assertionAudience(cloud as pim.Cloud), audience);
    const spelled = ["public", "AzureCloud", "global", "usgov", "usgovernmentl4", "usgovernmentl5"];
    const more = ["AzureUSGovernment", "AzureUSGovernmentCloud", "dod", "AzureChinaCloud", "China"];
    for (const text of [...spelled, ...more])
      assert.equal(cloudNamed(text), parseCloud(text), text);
  });

  it("refuses a cloud that there is not", async () => {
    await assert.rejects(
      inCloud("moon" as pim.Cloud, {}),
      /cloud: got "moon", expected "public" or/,
    );
  });

  it("makes a reader for pull requests and a writer for one environment", async () => {
    let pipeline: pim.PipelineIdentity | undefined;
    const recorded = await recordResources(() => {
      pipeline = new pim.PipelineIdentity("pim", { github, surfaces: ["groups"] });
    }, ids);
    const credential = (access: string) => named(recorded, `pim/${access}/credential`).inputs;
    assert.equal(credential("read")["subject"], "repo:contoso/access:pull_request");
    assert.equal(credential("write")["subject"], "repo:contoso/access:environment:production");
    assert.equal(credential("write")["issuer"], "https://token.actions.githubusercontent.com");
    assert.deepEqual(credential("write")["audiences"], ["api://AzureADTokenExchange"]);
    const permissions = (access: string) =>
      recorded
        .flatMap(({ name }) =>
          name.startsWith(`pim/${access}/permission/`) ? [name.split("/").pop()] : [],
        )
        .sort();
    assert.deepEqual(permissions("read"), [
      "Application.Read.All",
      "GroupMember.Read.All",
      "PrivilegedAssignmentSchedule.Read.AzureADGroup",
      "PrivilegedEligibilitySchedule.Read.AzureADGroup",
      "RoleManagementPolicy.Read.AzureADGroup",
      "User.ReadBasic.All",
    ]);
    assert.deepEqual(
      permissions("write").filter((value) => /ReadWrite/.test(value ?? "")),
      [
        "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
        "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
        "RoleManagementPolicy.ReadWrite.AzureADGroup",
      ],
    );
    assert.deepEqual(named(recorded, "pim/read/permission/User.ReadBasic.All").inputs, {
      appRoleId: "97235f07-e226-4f63-ace3-39588e11d3a1",
      principalObjectId: "pim/read/principal-object",
      resourceObjectId: "graph",
    });
    assert.ok(pipeline);
    assert.match(
      await resolvedValue(pipeline.workflow),
      /ARM_TENANT_ID: tenant\n {2}ARM_CLIENT_ID: pim\/read\/application-client/,
    );
  });

  it("gives each identity its Azure role at each scope", async () => {
    await withAzureNative(async () => {
      const recorded = await recordResources(
        () =>
          new pim.PipelineIdentity("pim", {
            github,
            surfaces: ["azureRoles"],
            azureScopes: [SCOPE],
          }),
        ids,
      );
      const { inputs } = named(recorded, "pim/write/azure/0");
      assert.deepEqual(inputs, {
        scope: SCOPE,
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${pim.AzureBuiltInRole.UserAccessAdministrator}`,
        principalId: "pim/write/principal-object",
        principalType: "ServicePrincipal",
      });
      assert.match(
        String(named(recorded, "pim/read/azure/0").inputs["roleDefinitionId"]),
        new RegExp(pim.AzureBuiltInRole.Reader),
      );
    });
  });

  it("trusts the service connections of Azure DevOps, or what their pages show", async () => {
    const azureDevOps = {
      organizationId: "org-id",
      organization: "contoso",
      project: "shop",
      serviceConnection: "pim",
    };
    const write = { issuer: "https://login.microsoftonline.com/t/v2.0", subject: "/eid1/x" };
    const recorded = await recordResources(
      () =>
        new pim.PipelineIdentity("pim", {
          azureDevOps: { ...azureDevOps, write },
          surfaces: ["groups"],
        }),
      ids,
    );
    const { issuer, subject } = named(recorded, "pim/read/credential").inputs;
    assert.deepEqual(
      { issuer, subject },
      { issuer: "https://vstoken.dev.azure.com/org-id", subject: "sc://contoso/shop/pim-read" },
    );
    assert.equal(named(recorded, "pim/write/credential").inputs["subject"], "/eid1/x");
  });

  it("rejects being deployed by the identity that it manages", async () => {
    let pipeline: pim.PipelineIdentity | undefined;
    await recordResources(
      () => {
        pipeline = new pim.PipelineIdentity("pim", { github, surfaces: ["groups"] });
        const later = (output: unknown) => (output as { promise(): Promise<string> }).promise();
        for (const output of [pipeline.writeClientId, pipeline.workflow, pipeline.readClientId]) {
          later(output).catch(() => undefined);
        }
      },
      { ...ids, call: () => ({ clientId: "pim/write/application-client", objectId: "graph" }) },
    ).catch(() => undefined);
    assert.ok(pipeline);
    await assert.rejects(
      (pipeline.writeClientId as unknown as { promise(): Promise<string> }).promise(),
      /expected a deployment by somebody else than the identity that is managed here; keep it in a stack of its own/,
    );
  });

  it("rejects everything at once, also a package that is missing", async () => {
    await withoutAzureNative(() =>
      recordResources(() => {
        assert.throws(
          () =>
            new pim.PipelineIdentity("pim", {
              github: { repository: "contoso", environment: "*" },
              surfaces: ["groups", "roles" as pim.Surface],
              azureScopes: [SCOPE],
            }),
          {
            message: [
              'PipelineIdentity "pim": 5 problems',
              '  - github.repository: got "contoso", expected "owner/repository"',
              '  - github.environment: got "*", expected the name of one environment; the write identity is for jobs of a protected environment only',
              '  - surfaces[1]: got "roles", expected "directoryRoles" or "groups" or "azureRoles"',
              `  - azureScopes: got ["${SCOPE}"], expected no scopes without the surface "azureRoles"`,
              "  - azureScopes: expected the package @pulumi/azure-native, which is not installed; npm install @pulumi/azure-native@^3",
            ].join("\n"),
          },
        );
        assert.throws(
          () => new pim.PipelineIdentity("pim", { surfaces: ["groups"] }),
          /expected exactly one of github and azureDevOps/,
        );
      }),
    );
  });
});

type Resolve = (request: string, ...rest: unknown[]) => string;
const resolver = Module as unknown as { _resolveFilename: Resolve };

/** azure-native is too big to be a development dependency: a stand-in with the one class that is used. */
function withAzureNative<T>(run: () => Promise<T>): Promise<T> {
  return resolving(() => join(__dirname, "azure-native-stand-in.ts"), run);
}

function withoutAzureNative<T>(run: () => Promise<T>): Promise<T> {
  return resolving(() => {
    throw Object.assign(new Error("not installed"), { code: "MODULE_NOT_FOUND" });
  }, run);
}

async function resolving<T>(answer: () => string, run: () => Promise<T>): Promise<T> {
  const original = resolver._resolveFilename;
  resolver._resolveFilename = (request, ...rest) =>
    request.startsWith("@pulumi/azure-native") ? answer() : original.call(Module, request, ...rest);
  try {
    return await run();
  } finally {
    resolver._resolveFilename = original;
  }
}
