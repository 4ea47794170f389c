import { builtInRoleId } from "../model/access-role-names";
import { isGuid, Profile, Tier } from "../model/constants";
import { nearestNames } from "../model/nearest";
import { formatProblem, type Problem } from "../model/problem";
import schema from "./config.schema.json";
import { SEVERITIES, type Severity } from "./finding";
import { GUARDRAIL_PROFILES, type GuardrailProfile, type Thresholds } from "./profiles";
import { readWaivers, type Waiver } from "./waivers";

/** The guard rails as configured. */
export interface GuardrailConfig {
  profile: Profile;
  settings: GuardrailProfile;
  thresholds: Thresholds;
  /** Emergency accounts: names and ids in lower case. */
  breakGlass: readonly string[];
  /** Tiers by role or group, id in lower case; names stand as they were written. */
  tiers: Readonly<Record<string, Tier>>;
  rules: Readonly<Record<string, Severity | "off">>;
  waivers: readonly Waiver[];
}

/** The configuration cannot be used; the message lists every problem. */
export class GuardrailConfigError extends Error {
  override name = "GuardrailConfigError" as const;
}

/** Published as a JSON Schema file; its property names are what a typing error is compared with. */
export const CONFIG_SCHEMA: object = schema;

/**
 * Reads the content of `entra-pim.config.json`. Nothing is guessed: an unknown key is refused, naming the nearest one.
 *
 * @throws GuardrailConfigError
 */
export function readGuardrailConfig(
  content: unknown = {},
  ruleIds: readonly string[] = [],
): GuardrailConfig {
  const problems: Problem[] = [];
  const bag = object(content, "", problems);
  problems.push(...unknownKeys(bag, Object.keys(schema.properties), ""));
  const profile =
    choice(bag["profile"], "profile", Object.values(Profile), problems) ?? "microsoft";
  const settings = GUARDRAIL_PROFILES[profile];
  const config: GuardrailConfig = {
    profile,
    settings,
    thresholds: thresholdsIn(bag["thresholds"], settings.thresholds, problems),
    breakGlass: texts(bag["breakGlass"], "breakGlass", problems).map((text) => text.toLowerCase()),
    tiers: tiersIn(bag["tiers"], problems),
    rules: rulesIn(bag["rules"], ruleIds, problems),
    waivers: readWaivers(bag["waivers"], ruleIds, problems),
  };
  if (problems.length > 0) {
    throw new GuardrailConfigError(problems.map(formatProblem).join("\n"));
  }
  return config;
}

/** Keys that nobody knows, each with the one it was probably meant to be. */
function unknownKeys(bag: object, known: readonly string[], path: string): Problem[] {
  return Object.keys(bag)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const [nearest] = nearestNames(key, known);
      const fix =
        nearest === undefined
          ? `known keys: ${known.join(", ")}`
          : `did you mean ${JSON.stringify(nearest)}?`;
      return { path: path === "" ? key : `${path}.${key}`, expected: "a known key", fix };
    });
}

/** An object, or a problem and nothing. */
function object(value: unknown, path: string, problems: Problem[]): Record<string, unknown> {
  if (value === undefined) return {};
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  problems.push({ path, got: value, expected: "an object" });
  return {};
}

/** One of a list of words, or a problem that names the nearest. */
function choice<Word extends string>(
  value: unknown,
  path: string,
  words: readonly Word[],
  problems: Problem[],
): Word | undefined {
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const [nearest] = typeof value === "string" ? nearestNames(value, words) : [];
  problems.push({
    path,
    got: value,
    expected: words.join(", "),
    ...(nearest === undefined ? {} : { fix: `did you mean ${JSON.stringify(nearest)}?` }),
  });
  return undefined;
}

function thresholdsIn(value: unknown, defaults: Thresholds, problems: Problem[]): Thresholds {
  const bag = object(value, "thresholds", problems);
  problems.push(
    ...unknownKeys(bag, Object.keys(schema.properties.thresholds.properties), "thresholds"),
  );
  const hours = object(bag["maxActivationHours"], "thresholds.maxActivationHours", problems);
  problems.push(...unknownKeys(hours, Object.values(Tier), "thresholds.maxActivationHours"));
  const { maxActivationHours: _hours, ...numbers } = bag;
  for (const [name, number] of [...Object.entries(numbers), ...Object.entries(hours)]) {
    if (typeof number !== "number" || !Number.isFinite(number) || number < 0) {
      problems.push({
        path: `thresholds.${name}`,
        got: number,
        expected: "a number of at least 0",
      });
    }
  }
  return {
    ...defaults,
    ...(numbers as Partial<Thresholds>),
    maxActivationHours: {
      ...defaults.maxActivationHours,
      ...(hours as Partial<Record<Tier, number>>),
    },
  };
}

function tiersIn(value: unknown, problems: Problem[]): Record<string, Tier> {
  const tiers: Record<string, Tier> = {};
  for (const [role, word] of Object.entries(object(value, "tiers", problems))) {
    const tier = choice(word, `tiers[${JSON.stringify(role)}]`, Object.values(Tier), problems);
    const id = isGuid(role) ? role : (builtInRoleId(role) ?? role);
    if (tier !== undefined) tiers[id.trim().toLowerCase()] = tier;
  }
  return tiers;
}

function rulesIn(
  value: unknown,
  ruleIds: readonly string[],
  problems: Problem[],
): Record<string, Severity | "off"> {
  const bag = object(value, "rules", problems);
  if (ruleIds.length > 0) problems.push(...unknownKeys(bag, ruleIds, "rules"));
  const rules: Record<string, Severity | "off"> = {};
  for (const [id, word] of Object.entries(bag)) {
    const severity = choice(word, `rules.${id}`, [...SEVERITIES, "off"] as const, problems);
    if (severity !== undefined) rules[id] = severity;
  }
  return rules;
}

function texts(value: unknown, path: string, problems: Problem[]): string[] {
  if (value === undefined) return [];
  if (
    Array.isArray(value) &&
    value.every((entry) => typeof entry === "string" && entry.trim() !== "")
  ) {
    return value.map((entry: string) => entry.trim());
  }
  problems.push({ path, got: value, expected: "a list of names or object ids" });
  return [];
}
