import type { LeafPath } from "./settings-leaves";

const STAGES: Readonly<Record<string, string>> = {
  activation: "activation",
  eligibleAssignment: "eligible assignment",
  activeAssignment: "active assignment",
  pimOnlyMode: "PIM-only mode",
};

const KNOBS: Readonly<Record<string, string>> = {
  maximumDuration: "longest",
  requireMfa: "MFA",
  authenticationContext: "authentication context",
  requireJustification: "justification",
  requireTicket: "ticket",
  requireApproval: "approval",
  approvers: "approvers",
  allowPermanent: "permanent",
  mode: "mode",
  excludedPrincipals: "excluded principals",
  excludedAssignmentTypes: "excluded assignments",
};

const MAILS: Readonly<Record<string, string>> = {
  level: "mails",
  defaultRecipients: "default recipients",
  additionalRecipients: "more recipients",
};

/** The leaf as the portal's reader knows it: "activation: approval". */
export function leafLabel(path: LeafPath): string {
  const [first = "", second = "", third = "", last = ""] = path.split(".");
  if (first !== "notifications") return `${STAGES[first] ?? first}: ${KNOBS[second] ?? second}`;
  return `mail to ${third}, ${STAGES[second] ?? second}: ${MAILS[last] ?? last}`;
}
