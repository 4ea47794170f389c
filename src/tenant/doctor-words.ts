import { isForbidden } from "../http/errors";

/** One thing that was looked at. */
export interface Finding {
  /** What: `identity`, `licence`, … */
  check: string;
  /** Undefined where it could not be found out. */
  ok: boolean | undefined;
  detail: string;
  /** What to do about it. */
  fix?: string;
}

/** Why something could not be read, in one phrase. */
export function reasonOf(error: unknown): string {
  if (isForbidden(error)) return "not permitted";
  return messageOf(error);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
