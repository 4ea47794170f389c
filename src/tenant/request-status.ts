/** What a request's status means for whoever waits for it. The service's list is open: an unknown status is unfinished. */
export type Progress = "done" | "waiting" | "failed";

const DONE = ["provisioned", "granted", "schedulecreated", "revoked"];
const FAILED = [
  "failed",
  "failedasresourceislocked",
  "denied",
  "admindenied",
  "canceled",
  "invalid",
  "timedout",
];

export function progressOf(status: string): Progress {
  const text = status.toLowerCase();
  if (DONE.includes(text)) return "done";
  return FAILED.includes(text) ? "failed" : "waiting";
}
