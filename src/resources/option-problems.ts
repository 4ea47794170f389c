import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../model/problem";

/** Options that a dynamic resource cannot honour. They are refused, because Pulumi would drop them without a word. */
export function optionProblems(opts: pulumi.CustomResourceOptions | undefined): Problem[] {
  const problems: Problem[] = [];
  if (opts?.import !== undefined) {
    problems.push({
      path: "opts.import",
      expected: "no import option",
      fix: "what is in the tenant already is taken over when it is declared; whole tenants: pulumi import -f FILE",
    });
  }
  if (opts?.customTimeouts !== undefined) {
    problems.push({
      path: "opts.customTimeouts",
      expected: "no customTimeouts option",
      fix: 'it never reaches a dynamic resource: give the argument timeouts, as { create: "PT20M" }',
    });
  }
  return problems;
}
