import type { Approver, PolicyRules, RuleKey } from "../../model/policy-rules";
import { type Json, object, text } from "../pim-wire/json";
import { COMMON_RULE_KEYS } from "../pim-wire/rule-ids";
import {
  type RuleDialect,
  readRules as readRulesIn,
  type WireRule,
  writeRules as writeRulesIn,
} from "../pim-wire/rules-codec";

/** The rules in our words; a missing rule is an error, because a default in its place would be a guess. */
export function readRules(wire: readonly WireRule[]): PolicyRules {
  return readRulesIn(GRAPH, wire, COMMON_RULE_KEYS);
}

/** The wire rules of the keys, changed in place to what the rules say. */
export function writeRules(
  wire: readonly WireRule[],
  rules: PolicyRules,
  keys: readonly RuleKey[],
): WireRule[] {
  return writeRulesIn(GRAPH, wire, rules, keys);
}

const GRAPH: RuleDialect = { readApprover, writeApprover, sendable };

/** v1.0 names the object `userId` or `groupId`, beta and older pages `id`; both are met on v1.0. */
function readApprover(wire: Json): Approver {
  const type = text(wire["@odata.type"]).toLowerCase();
  if (type.endsWith("singleuser"))
    return { kind: "user", id: text(wire.userId ?? wire.id).toLowerCase() };
  if (type.endsWith("groupmembers"))
    return { kind: "group", id: text(wire.groupId ?? wire.id).toLowerCase() };
  return { kind: "other", id: text(wire["@odata.type"]) };
}

function writeApprover(approver: Approver, live: readonly Json[]): Json {
  if (approver.kind === "user")
    return { "@odata.type": "#microsoft.graph.singleUser", userId: approver.id };
  if (approver.kind === "group")
    return { "@odata.type": "#microsoft.graph.groupMembers", groupId: approver.id };
  return live.find((wire) => wire["@odata.type"] === approver.id) ?? { "@odata.type": approver.id };
}

/** Reads carry annotations such as `targetObjects@odata.context` that a write must not repeat. */
function sendable(rule: WireRule): WireRule {
  const sent: WireRule = { ...withoutAnnotations(rule), id: rule.id };
  if ("target" in sent) sent.target = withoutAnnotations(object(sent.target));
  if ("setting" in sent) sent.setting = withoutAnnotations(object(sent.setting));
  return sent;
}

function withoutAnnotations(wire: Json): Json {
  return Object.fromEntries(
    Object.entries(wire).filter(([key]) => key === "@odata.type" || !key.includes("@odata.")),
  );
}
