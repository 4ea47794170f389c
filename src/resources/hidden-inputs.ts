import type { AssignmentLimits } from "../model/assignment-limits";

/** What a component tells a child beside its arguments, because it is no argument of the user's. */
export interface HiddenInputs {
  /** What the settings declared beside an assignment ask of it; the values may be Outputs. */
  limits?: AssignmentLimits;
  /** An emergency account, held by BreakGlass. */
  emergency?: true;
  /** The component makes the group that the child is about. */
  ownGroup?: true;
  /** The component, when it makes the group role-assignable. */
  newGroup?: string;
}

const HIDDEN = new WeakMap<object, HiddenInputs>();

/** Notes hidden inputs for the child that is made with these arguments. */
export function withHidden<Args extends object>(args: Args, hidden: HiddenInputs): Args {
  HIDDEN.set(args, hidden);
  return args;
}

/** The hidden inputs noted for these arguments. */
export function hiddenInputs(args: object): HiddenInputs {
  const { limits, ...rest } = HIDDEN.get(args) ?? {};
  return limits === undefined || Object.keys(limits).length === 0 ? rest : { limits, ...rest };
}
