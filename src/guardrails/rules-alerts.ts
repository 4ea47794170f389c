import { type Conditions, effectiveLeaves } from "../model/access";
import { joinPhrases, ours, phrase } from "../model/access-phrase";
import type { RuleStage } from "../model/policy-rules";
import { aboutConditions, found, type GuardrailContext, type Rule } from "./rule";
import { judged } from "./rules-settings";
import { roleWords } from "./words";

const STAGES: readonly { stage: RuleStage; words: string }[] = [
  { stage: "eligibleAssignment", words: "somebody becomes eligible" },
  { stage: "activeAssignment", words: "somebody becomes active" },
  { stage: "activation", words: "somebody activates" },
];

export const ALERT_RECIPIENTS_RULE: Rule = {
  id: "PIM010",
  name: "no-alert-recipients",
  title: "a security mailbox is told of assignments and activations of privileged roles",
  controls: [
    "CISA MS.AAD.7.7",
    "CISA MS.AAD.7.8",
    "CISA MS.AAD.7.9",
    "ZTA 21818",
    "ZTA 21819",
    "ZTA 21820",
  ],
  place: "resource",
  evaluate: (context) =>
    found(
      judged(context, context.config.settings.missingRecipients).map(({ conditions, severity }) => {
        const silent = STAGES.filter(({ stage }) => isSilent(conditions, stage, context));
        if (silent.length === 0) return undefined;
        const occasions = joinPhrases(
          silent.map(({ words }) => ours(words)),
          ", or ",
        );
        return {
          ...aboutConditions(conditions),
          severity,
          message: phrase`nobody who watches is told when ${occasions} for ${roleWords(conditions.role)}`,
          fix: phrase`name a security mailbox in notifications.<occasion>.admin.additionalRecipients`,
        };
      }),
    ),
};

/** Whether the alert to administrators goes to nobody who counts; what is not known is not judged. */
function isSilent(conditions: Conditions, stage: RuleStage, { config }: GuardrailContext): boolean {
  const leaves = effectiveLeaves(conditions);
  const added = leaves[`notifications.${stage}.admin.additionalRecipients`];
  const usual = leaves[`notifications.${stage}.admin.defaultRecipients`];
  const level = leaves[`notifications.${stage}.admin.level`];
  if (level === "none") return true;
  if (!Array.isArray(added) || added.length > 0) return false;
  if (!config.settings.acceptsDefaultRecipients) return true;
  return usual === false;
}
