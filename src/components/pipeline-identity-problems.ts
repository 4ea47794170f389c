import { choiceProblems } from "../model/assignment-rules";
import { Cloud, Surface } from "../model/constants";
import type { Problem } from "../model/problem";
import { armScopeProblems } from "../model/role-target";
import { isUnknown } from "../model/unknown";

/** A pipeline identity in plain values. */
export interface PlainPipelineIdentity {
  github?: { repository?: string; environment?: string };
  azureDevOps?: Record<string, unknown> & { read?: object; write?: object };
  surfaces?: string[];
  azureScopes?: string[];
  cloud?: string;
}

/** What is wrong with a pipeline identity's arguments. */
export function pipelineProblems(plain: PlainPipelineIdentity): Problem[] {
  const { github, azureDevOps } = plain;
  const isOne = (github === undefined) !== (azureDevOps === undefined);
  return [
    ...(isOne ? [] : [{ path: "", expected: "exactly one of github and azureDevOps" }]),
    ...(github === undefined ? [] : githubProblems(github)),
    ...(azureDevOps === undefined ? [] : azureDevOpsProblems(azureDevOps)),
    ...surfaceProblems(plain.surfaces),
    ...choiceProblems("cloud", plain.cloud, Cloud),
    ...scopeProblems(plain),
  ];
}

/** A subject that is broader than one environment would let any branch write to the tenant. */
function githubProblems({
  repository,
  environment,
}: {
  repository?: string;
  environment?: string;
}): Problem[] {
  const problems: Problem[] = [];
  if (!isUnknown(repository) && !/^[\w.-]+\/[\w.-]+$/.test(repository ?? "")) {
    problems.push({ path: "github.repository", got: repository, expected: '"owner/repository"' });
  }
  if (!isUnknown(environment) && !/^[^*:/]+$/.test((environment ?? "").trim())) {
    problems.push({
      path: "github.environment",
      got: environment,
      expected: "the name of one environment",
      fix: "the write identity is for jobs of a protected environment only",
    });
  }
  return problems;
}

function azureDevOpsProblems(
  args: Record<string, unknown> & { read?: object; write?: object },
): Problem[] {
  const required = ["organizationId", "project", "serviceConnection"];
  if (args.read === undefined || args.write === undefined) required.push("organization");
  return required.flatMap((name) => {
    const value = args[name];
    if (isUnknown(value) || (typeof value === "string" && value.trim() !== "")) return [];
    return [{ path: `azureDevOps.${name}`, got: value, expected: "a text" }];
  });
}

function surfaceProblems(surfaces: string[] | undefined): Problem[] {
  if (isUnknown(surfaces)) return [];
  if (surfaces === undefined || surfaces.length === 0) {
    return [{ path: "surfaces", got: surfaces, expected: "at least one surface" }];
  }
  return surfaces.flatMap((surface, index) => {
    const path = `surfaces[${index}]`;
    const first = surfaces.indexOf(surface);
    if (first < index) return [{ path, got: surface, expected: `another than surfaces[${first}]` }];
    if (isUnknown(surface))
      return [
        { path, expected: "a plain value, not an Output", fix: "permissions follow from it" },
      ];
    return choiceProblems(path, surface, Surface);
  });
}

function scopeProblems({ surfaces = [], azureScopes }: PlainPipelineIdentity): Problem[] {
  if (isUnknown(surfaces) || isUnknown(azureScopes)) return [];
  const isManaged = surfaces.includes(Surface.AzureRoles);
  const isGiven = azureScopes !== undefined && azureScopes.length > 0;
  const problems = (azureScopes ?? []).flatMap((scope, index) =>
    armScopeProblems(`azureScopes[${index}]`, scope),
  );
  if (isManaged === isGiven) return problems;
  return [
    ...problems,
    isManaged
      ? { path: "azureScopes", expected: 'at least one scope beside the surface "azureRoles"' }
      : {
          path: "azureScopes",
          got: azureScopes,
          expected: 'no scopes without the surface "azureRoles"',
        },
  ];
}
