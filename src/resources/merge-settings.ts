import type { Problem } from "../model/problem";
import type { ObjectShape, Shape } from "./arg-shapes";
import { SETTINGS_SHAPE } from "./arg-shapes";
import { refuseProblems } from "./new-refusal";
import { readArgs } from "./read-args";
import type { SettingsArgs } from "./settings-args";

/**
 * Settings with others laid over them, value by value: what the override declares wins, what it leaves out stays. Lists
 * (approvers, recipients) are replaced, never joined. Values may be Outputs; an object or list that is one is refused,
 * because its properties could not be seen and would be lost.
 *
 * @throws an error that names the property of the base or the override which is not plain
 * @example
 * pim.mergeSettings(pim.preset("microsoft", "high"), { activation: { maximumDuration: "PT1H" } })
 */
export function mergeSettings(base: SettingsArgs, override: SettingsArgs): SettingsArgs {
  const below = readArgs(base, SETTINGS_SHAPE);
  const above = readArgs(override, SETTINGS_SHAPE);
  refuseProblems("mergeSettings", [
    ...at("base", below.problems),
    ...at("override", above.problems),
  ]);
  return withContextRule(
    below.sent,
    above.sent,
    mergeObjects(SETTINGS_SHAPE, below.sent, above.sent),
  );
}

function mergeObjects(shape: ObjectShape, base: Values, override: Values): Values {
  const merged = { ...base };
  for (const [name, value] of Object.entries(override)) {
    merged[name] = mergeValues(shape.properties[name], base[name], value);
  }
  return merged;
}

function mergeValues(shape: Shape | undefined, base: unknown, override: unknown): unknown {
  if (shape?.is !== "object" || base === undefined) return override;
  return mergeObjects(shape, base as Values, override as Values);
}

/**
 * MFA and an authentication context exclude each other, so an override that chooses one of them takes the other away
 * from the base. Without this a profile that asks for MFA could never be given a context.
 */
function withContextRule(base: Values, override: Values, merged: Values): Values {
  const chosen = activation(override);
  if (!isContext(chosen["authenticationContext"]) || "requireMfa" in chosen) {
    if (chosen["requireMfa"] !== true || !isContext(activation(base)["authenticationContext"]))
      return merged;
    if ("authenticationContext" in chosen) return merged;
    return { ...merged, activation: { ...activation(merged), authenticationContext: "" } };
  }
  const { requireMfa: _takenByContext, ...rest } = activation(merged);
  return { ...merged, activation: rest };
}

function isContext(value: unknown): boolean {
  return value !== undefined && value !== "";
}

function activation(settings: Values): Values {
  return (settings["activation"] ?? {}) as Values;
}

function at(side: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({
    ...problem,
    path: problem.path === "" ? side : `${side}.${problem.path}`,
  }));
}

type Values = Record<string, unknown>;
