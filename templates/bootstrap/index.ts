import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

const config = new pulumi.Config();

// The write identity can make anybody Global Administrator. A person deploys this stack, never the pipeline.
const pipeline = new pim.PipelineIdentity("pim", {
  github: {
    repository: config.require("repository"),
    environment: config.require("environment"),
  },
  // Add "azureRoles" together with azureScopes, and @pulumi/azure-native to package.json.
  surfaces: [pim.Surface.DirectoryRoles, pim.Surface.Groups],
});

export const { workflow } = pipeline;
