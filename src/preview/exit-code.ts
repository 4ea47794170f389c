import type { Report } from "./report";

/** From where on a report stops the pipeline. */
export const FAIL_ON = ["block", "warn", "broadening", "never"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** 0 nothing at the threshold, 2 something is, 3 something cannot be judged before the update, 4 the preview failed. */
export function exitCode(
  { verdict, policies }: Report,
  failOn: FailOn,
  failOnUnknown: boolean,
): number {
  if (verdict.failed) return 4;
  if (
    reaches(
      verdict,
      policies.some(({ level }) => level === "mandatory"),
      failOn,
    )
  )
    return 2;
  return failOnUnknown && verdict.hasUnknown ? 3 : 0;
}

function reaches(verdict: Report["verdict"], hasMandatory: boolean, failOn: FailOn): boolean {
  switch (failOn) {
    case "never":
      return false;
    case "block":
      return verdict.block > 0 || hasMandatory;
    case "warn":
      return verdict.block + verdict.warn > 0 || hasMandatory;
    case "broadening":
      return verdict.direction === "broadening" || verdict.block > 0 || hasMandatory;
  }
}
