import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../model/problem";

/** Packages that some components need; they are optional, so they are loaded only where they are used. */
export type NativePackage = "@pulumi/azuread" | "@pulumi/azure-native";

const MAJORS: Record<NativePackage, number> = { "@pulumi/azuread": 6, "@pulumi/azure-native": 3 };

/** Only this part of azure-native: all of it takes a second to load. */
const MODULES: Record<NativePackage, string> = {
  "@pulumi/azuread": "@pulumi/azuread",
  "@pulumi/azure-native": "@pulumi/azure-native/authorization",
};

/** What stands in the way of using a native package under a component. */
export function nativeProblems(
  component: pulumi.ComponentResource,
  name: NativePackage,
  path: string,
): Problem[] {
  if (resolved(name) === undefined) {
    return [
      {
        path,
        expected: `the package ${name}, which is not installed`,
        fix: `npm install ${name}@^${MAJORS[name]}`,
      },
    ];
  }
  const provider = name.replace("@pulumi/", "");
  const isExplicit = component.getProvider("pulumi-nodejs:dynamic:Resource") !== undefined;
  if (!isExplicit || component.getProvider(`${provider}:index:Resource`) !== undefined) return [];
  return [
    {
      path,
      expected: `an explicit ${provider} provider beside the explicit provider of this package`,
      fix: `it would be made in the default tenant: give both, as { providers: [tenant, ${provider.replace("-n", "N")}] }`,
    },
  ];
}

/** The loaded package; only called where nothing stands in the way. */
export function nativePackage<Module>(name: NativePackage): Module {
  return require(resolved(name) ?? MODULES[name]) as Module;
}

/** The program's own copy goes first; a linked package would otherwise find another one, or none. */
function resolved(name: NativePackage): string | undefined {
  try {
    return require.resolve(MODULES[name], { paths: [process.cwd(), __dirname] });
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "MODULE_NOT_FOUND")
      return undefined;
    throw error;
  }
}
