import type { Approver, PolicyRules, RuleKey } from "../../model/policy-rules";
import { differingLeaves, LEAVES, pickLeaves, readLeaves } from "../../model/settings-leaves";
import { type Json, text } from "../pim-wire/json";
import { COMMON_RULE_KEYS, RULE_IDS, RULE_KEYS } from "../pim-wire/rule-ids";
import {
  type RuleDialect,
  readRules as readRulesIn,
  type WireRule,
  writeRules as writeRulesIn,
} from "../pim-wire/rules-codec";

/** The rules of the keys in our words; a rule that is not asked for is left aside. */
export function readRules(
  wire: readonly WireRule[],
  keys: readonly RuleKey[] = COMMON_RULE_KEYS,
): PolicyRules {
  return readRulesIn(ARM, wire, keys);
}

/**
 * All rules of a policy, those that `rules` changes written in place, or after the others where the policy has none
 * yet: the service takes part of them and has been seen to ignore it.
 */
export function writeAllRules(
  wire: readonly WireRule[],
  before: PolicyRules,
  rules: PolicyRules,
): WireRule[] {
  const changed = RULE_KEYS.filter((key) => rules[key] !== before[key]);
  const written = new Map(writeRulesIn(ARM, wire, rules, changed).map((rule) => [rule.id, rule]));
  const met = new Set(wire.map(({ id }) => id));
  const added = [...written.values()].filter(({ id }) => !met.has(id));
  return [...wire.map((rule) => written.get(rule.id) ?? rule), ...added];
}

/** Microsoft's ids of the rules that hold a change which was asked for and is not there. */
export function ignoredRules(
  before: PolicyRules,
  asked: PolicyRules,
  found: PolicyRules,
): string[] {
  const wanted = readLeaves(asked);
  const changes = pickLeaves(wanted, differingLeaves(wanted, readLeaves(before)));
  const ignored = differingLeaves(changes, readLeaves(found));
  return [...new Set(ignored.map((path) => RULE_IDS[LEAVES[path].rule]))];
}

const ARM: RuleDialect = { readApprover, writeApprover, sendable: (rule) => rule };

function readApprover(wire: Json): Approver {
  const type = text(wire.userType).toLowerCase();
  const id = text(wire.id).toLowerCase();
  return type === "user" || type === "group" ? { kind: type, id } : { kind: "other", id };
}

/** An approver that is there already is sent back as it was met. */
function writeApprover(approver: Approver, live: readonly Json[]): Json {
  const met = live.find((wire) => {
    const { kind, id } = readApprover(wire);
    return kind === approver.kind && id === approver.id;
  });
  if (met !== undefined) return met;
  const userType = approver.kind === "group" ? "Group" : "User";
  return { id: approver.id, description: null, isBackup: false, userType };
}
