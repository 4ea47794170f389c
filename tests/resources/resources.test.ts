import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SETTINGS } from "../../src/http/credential-sources";
import * as pim from "../../src/index";
import { PROVIDER_SHAPE } from "../../src/resources/arg-shapes";
import { providerText } from "../../src/resources/provider-text";
import { named, recordResources, resolvedValue } from "./record-resources";

const ANN = "11111111-1111-4111-8111-111111111111";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("providerText", () => {
  it("is frozen, byte for byte", () => {
    assert.equal(
      providerText("EligibleAssignment"),
      'exports.handler=function(){var m;try{m=require("pulumi-entra-pim/host")}catch(e){if(e.code!=="MODULE_NOT_FOUND")throw e;var x=new Error("pulumi-entra-pim must be a direct dependency of this Pulumi project");x.stack="";throw x}return m.provider(1,"EligibleAssignment")}',
    );
  });
});

describe("EligibleAssignment", () => {
  it("sends what was declared, the version, the owner and the frozen text", async () => {
    const recorded = await recordResources(() => {
      new pim.EligibleAssignment("messaging", {
        directoryRole: { role: pim.EntraRole.ExchangeAdministrator },
        principal: { group: pulumi.output(ANN) },
        expiration: { duration: "P90D" },
        ticket: { number: "CHG-1042" },
      });
    });
    const { type, inputs } = named(recorded, "messaging");
    assert.equal(type, "pulumi-nodejs:dynamic/entra-pim:EligibleAssignment");
    assert.deepEqual(inputs, {
      directoryRole: { role: "29232cdf-9323-42fd-ade2-1d097af3e4de" },
      principal: { group: ANN },
      expiration: { duration: "P90D" },
      ticket: { number: "CHG-1042" },
      schemaVersion: 1,
      owner: "shop/prod/EligibleAssignment/messaging",
      __provider: providerText("EligibleAssignment"),
    });
  });

  it("answers its outputs, and is told from other resources by its type", async () => {
    let assignment: pim.EligibleAssignment | undefined;
    await recordResources(
      () => {
        assignment = new pim.EligibleAssignment("a", {
          group: { group: ANN, access: pim.GroupAccess.Member },
          principal: { user: ANN },
          expiration: { permanent: true },
        });
      },
      {
        answer: () => ({
          principalId: ANN,
          groupId: ANN,
          endsAt: null,
          status: "provisioned",
          adopted: true,
        }),
      },
    );
    assert.ok(assignment);
    assert.equal(await resolvedValue(assignment.principalId), ANN);
    assert.equal(await resolvedValue(assignment.endsAt), null);
    assert.equal(await resolvedValue(assignment.adopted), true);
    assert.ok(pim.EligibleAssignment.isInstance(assignment));
    assert.ok(!pim.ActiveAssignment.isInstance(assignment));
    assert.ok(!pim.EligibleAssignment.isInstance(undefined));
    assert.equal(
      pim.EligibleAssignment.__pulumiType,
      "pulumi-nodejs:dynamic/entra-pim:EligibleAssignment",
    );
  });

  it("has an owner of its own under each parent", async () => {
    const recorded = await recordResources(() => {
      for (const team of ["TeamA", "TeamB"]) {
        const parent = new pulumi.ComponentResource(`acme:index:${team}`, team, {}, {});
        new pim.EligibleAssignment(
          "a",
          {
            directoryRole: { role: "x" },
            principal: { user: ANN },
            expiration: { permanent: true },
          },
          { parent },
        );
        parent["registerOutputs"]();
      }
    });
    const owners = recorded.filter(({ name }) => name === "a").map(({ inputs }) => inputs["owner"]);
    assert.deepEqual(owners.sort(), [
      "shop/prod/TeamA$EligibleAssignment/a",
      "shop/prod/TeamB$EligibleAssignment/a",
    ]);
  });
});

describe("RoleSettings", () => {
  it("gives all settings as effective: defaults, observed, declared, in this order", async () => {
    let settings: pim.RoleSettings | undefined;
    await recordResources(
      () => {
        settings = new pim.RoleSettings("s", {
          directoryRole: { role: "x" },
          activation: {
            authenticationContext: pulumi.output("c1"),
            requireApproval: true,
            approvers: [{ group: "Approvers" }, { user: ANN }],
          },
        });
      },
      {
        answer: () => ({
          approverIds: { "group:approvers": "33333333-3333-4333-8333-333333333333" },
          observed: {
            activation: { maximumDuration: "PT8H", requireMfa: true },
            activeAssignment: { requireMfa: false },
          },
        }),
      },
    );
    assert.ok(settings);
    const { notifications, ...rest } = await resolvedValue(settings.effective);
    assert.equal(
      notifications?.activation?.admin?.level,
      "all",
      "mails that are as delivered are not in the state",
    );
    assert.deepEqual(rest, {
      activation: {
        maximumDuration: "PT8H",
        requireMfa: false,
        authenticationContext: "c1",
        requireApproval: true,
        approvers: [
          { kind: "group", id: "33333333-3333-4333-8333-333333333333" },
          { kind: "user", id: ANN },
        ],
      },
      activeAssignment: { requireMfa: false },
    });
  });

  it("stores nothing for its outputs and stays small with every setting declared", async () => {
    const recorded = await recordResources(() => {
      new pim.RoleSettings("s", {
        directoryRole: { role: "x" },
        ...pim.preset("strict", "critical"),
      });
    });
    const { __provider, ...inputs } = named(recorded, "s").inputs;
    assert.ok(__provider);
    const size = JSON.stringify(inputs).length;
    assert.ok(size <= 1300, `${size} bytes of inputs, which the state holds twice`);
  });
});

describe("Provider", () => {
  const config = {
    "entra-pim:tenantId": "default.com",
    "entra-pim:allowLockout": '["x"]',
    "entra-pim:clientSecret": "s1",
    "azuread:clientId": "configured",
    "azuread:clientSecret": "s2",
    "azuread:environment": "usgovernment",
    "azuread:oidcToken": "short-lived",
    "azuread:metadataHost": "hidden",
    "azure-native:clientId": "other",
  };

  it("completes its arguments by the stack's configuration, credentials as secrets", async () => {
    const recorded = await recordResources(
      () =>
        new pim.Provider("fabrikam", {
          tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27",
          useOidc: true,
        }),
      {
        config,
        secretKeys: ["azuread:metadataHost"],
      },
    );
    const { type, inputs } = named(recorded, "fabrikam");
    assert.equal(type, "pulumi:providers:pulumi-nodejs");
    assert.deepEqual(inputs, {
      "entra-pim:tenantId": "d6050d51-0433-4b02-9494-4aab43a79c27",
      "entra-pim:useOidc": "true",
      "entra-pim:allowLockout": '["x"]',
      "entra-pim:clientSecret": { ...SECRET, value: "s1" },
      "azuread:clientId": "configured",
      "azuread:clientSecret": { ...SECRET, value: "s2" },
      "azuread:environment": "usgovernment",
      "azuread:metadataHost": { ...SECRET, value: "hidden" },
    });
  });

  it("takes by its arguments whatever the configuration takes, but what ends within minutes", () => {
    const shortLived = ["oidcToken", "oidcRequestUrl", "oidcRequestToken"];
    assert.deepEqual(
      [...Object.keys(PROVIDER_SHAPE.properties), ...shortLived].sort(),
      [...SETTINGS, "allowLockout"].sort(),
    );
  });

  it("hands every argument on as text, passwords as secrets", async () => {
    const recorded = await recordResources(() => {
      new pim.Provider("p", {
        tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27",
        useBrowser: true,
        useCli: pulumi.output(true),
        metadataHost: "localhost:8443",
        clientCertificatePassword: "pw",
      });
    });
    assert.deepEqual(named(recorded, "p").inputs, {
      "entra-pim:tenantId": "d6050d51-0433-4b02-9494-4aab43a79c27",
      "entra-pim:useBrowser": "true",
      "entra-pim:useCli": "true",
      "entra-pim:metadataHost": "localhost:8443",
      "entra-pim:clientCertificatePassword": { ...SECRET, value: "pw" },
    });
  });

  it("signs in as its arguments say, not as a flag of the configuration does", async () => {
    const recorded = await recordResources(
      () => {
        new pim.Provider("own", {
          tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27",
          clientCertificatePath: "own.pem",
        });
        new pim.Provider("other", { tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27" });
      },
      { config: { "entra-pim:useDeviceCode": "true", "azuread:useMsi": "true" } },
    );
    assert.deepEqual(Object.keys(named(recorded, "own").inputs).sort(), [
      "entra-pim:clientCertificatePath",
      "entra-pim:tenantId",
    ]);
    assert.deepEqual(Object.keys(named(recorded, "other").inputs).sort(), [
      "azuread:useMsi",
      "entra-pim:tenantId",
      "entra-pim:useDeviceCode",
    ]);
  });

  it("never gives one client another client's secret", async () => {
    const recorded = await recordResources(
      () =>
        new pim.Provider("p", {
          tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27",
          clientId: "9d0b6a9e-3f2e-4a68-9e39-0d3a6f0f3c11",
          cloud: "public",
          allowLockout: ["a", "b"],
        }),
      {
        config: {
          "azuread:clientId": "configured",
          "azuread:clientSecret": "s2",
          "azuread:environment": "china",
        },
      },
    );
    assert.deepEqual(named(recorded, "p").inputs, {
      "entra-pim:tenantId": "d6050d51-0433-4b02-9494-4aab43a79c27",
      "entra-pim:clientId": "9d0b6a9e-3f2e-4a68-9e39-0d3a6f0f3c11",
      "entra-pim:cloud": "public",
      "entra-pim:allowLockout": '["a","b"]',
    });
  });

  it("marks a secret of its own, and serves our resources and no others", async () => {
    const recorded = await recordResources(() => {
      const provider = new pim.Provider("p", {
        tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27",
        clientSecret: "s",
      });
      assert.ok(pim.Provider.isInstance(provider));
      new pim.DirectoryRole("r", { role: "x", settings: {} }, { provider });
    });
    assert.deepEqual(named(recorded, "p").inputs["entra-pim:clientSecret"], {
      ...SECRET,
      value: "s",
    });
    assert.match(named(recorded, "r/settings").provider, /pulumi:providers:pulumi-nodejs::p::/);
  });
});
