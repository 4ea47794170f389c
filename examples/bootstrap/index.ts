import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

const config = new pulumi.Config();

const pipeline = new pim.PipelineIdentity("pim", {
  github: config.requireObject<pim.GitHubIdentityArgs>("github"),
  surfaces: config.requireObject<pim.Surface[]>("surfaces"),
  azureScopes: config.getObject<string[]>("azureScopes"),
});

export const { workflow, readClientId, writeClientId } = pipeline;
