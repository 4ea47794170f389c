import * as pulumi from "@pulumi/pulumi";
import { formatProblems, type Problem } from "../model/problem";

/**
 * The error of a constructor that refuses its arguments: all problems at once, no stack. On older Node versions the
 * engine took 30 seconds to print a stack that leads through `node_modules`, so the stack is the message.
 */
export function newRefusal(subject: string, problems: readonly Problem[]): pulumi.RunError {
  const refusal = new pulumi.RunError(formatProblems(subject, problems));
  refusal.stack = refusal.message;
  return refusal;
}

/** Throws when there is anything to refuse. */
export function refuseProblems(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw newRefusal(subject, problems);
}
