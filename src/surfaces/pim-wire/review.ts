import { Decision } from "../../model/constants";
import type { Review } from "../people";
import { readInstant } from "./schedule-window";

/** A part of an approval: a step or a stage. */
export interface WirePart {
  id: string;
  status?: string | null;
  assignedToMe?: boolean | null;
  reviewResult?: string | null;
  justification?: string | null;
  reviewedDateTime?: string | null;
  reviewedBy?: WireReviewer | null;
}

/** Graph calls the reviewer's name `displayName`, ARM `principalName`. */
interface WireReviewer {
  userPrincipalName?: string | null;
  displayName?: string | null;
  principalName?: string | null;
}

/** What the parts of an approval say together: the one that was decided, else the one that waits for the person. */
export function readReview(parts: readonly WirePart[]): Review {
  const decided = parts.find((part) => decisionIn(part) !== null);
  const open = parts.find(({ assignedToMe }) => assignedToMe === true) ?? parts[0];
  const part = decided ?? open;
  const by = part?.reviewedBy;
  return {
    decision: part === undefined ? null : decisionIn(part),
    by: by?.userPrincipalName ?? by?.displayName ?? by?.principalName ?? null,
    at: readInstant(part?.reviewedDateTime),
    justification: part?.justification || null,
    partId: open?.id ?? null,
  };
}

/** Pages say Approved and Denied, captures Approve and Deny. */
function decisionIn({ reviewResult }: WirePart): Decision | null {
  const text = (reviewResult ?? "").toLowerCase();
  if (text.startsWith("approve")) return Decision.Approve;
  return text.startsWith("den") ? Decision.Deny : null;
}
