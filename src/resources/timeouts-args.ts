import type { Input } from "@pulumi/pulumi";

/**
 * How long an operation may take before it gives up, as ISO 8601 durations; what was not settled in time is kept and
 * finished by the next update. Pulumi's own `customTimeouts` never reach a dynamic resource and are refused.
 */
export interface TimeoutsArgs {
  /** @default "PT10M" */
  create?: Input<string>;
  /** @default "PT10M" */
  update?: Input<string>;
  /** The service refuses to end an assignment in its first five minutes: this includes waiting them out. @default "PT10M" */
  delete?: Input<string>;
}
