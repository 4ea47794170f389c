import type { Problem } from "../model/problem";
import { type InputIdentity, identityOf } from "./input-identity";
import { perRun } from "./per-run";
import type { PrincipalArgs } from "./principal-args";

/** Who declares what about which user, by account: emergency accounts may be touched by nothing else. */
interface Accounts {
  emergency: Map<InputIdentity, string>;
  others: Map<InputIdentity, string>;
}

const accounts = perRun<Accounts>(() => ({ emergency: new Map(), others: new Map() }));

/** Notes that `by` assigns something to a user. */
export function noteAccount(
  principal: PrincipalArgs | undefined,
  by: string,
  isEmergency: boolean,
): void {
  const identity = identityOf(principal?.user);
  if (identity === undefined) return;
  const { emergency, others } = accounts();
  const map = isEmergency ? emergency : others;
  if (!map.has(identity)) map.set(identity, by);
}

/** An account that BreakGlass holds and that something else touches too. */
export function emergencyProblems(
  principal: PrincipalArgs | undefined,
  path: string,
  isEmergency: boolean,
): Problem[] {
  const identity = identityOf(principal?.user);
  if (identity === undefined) return [];
  const { emergency, others } = accounts();
  const rival = emergency.get(identity) ?? (isEmergency ? others.get(identity) : undefined);
  if (rival === undefined) return [];
  return [
    {
      path,
      ...(typeof identity === "string" ? { got: identity } : {}),
      expected: `an account that ${rival} does not hold`,
      fix: "an emergency account serves one purpose and is touched by one declaration",
    },
  ];
}
