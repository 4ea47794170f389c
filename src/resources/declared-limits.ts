import type { AssignmentLimits } from "../model/assignment-limits";

const LIMITS = new WeakMap<object, AssignmentLimits>();

/**
 * Notes what the settings declared beside an assignment ask of it. It travels beside the arguments, because it is no
 * argument of the user's; its values may be Outputs.
 */
export function declareLimits<Args extends object>(args: Args, limits: AssignmentLimits): Args {
  if (Object.keys(limits).length > 0) LIMITS.set(args, limits);
  return args;
}

/** The limits noted for these arguments. */
export function declaredLimits(args: object): AssignmentLimits | undefined {
  return LIMITS.get(args);
}
