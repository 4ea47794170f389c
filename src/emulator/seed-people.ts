import { userFrom } from "./directory/users";
import type { Tenant } from "./tenant";

/** Enters numbered users, after those that are there. */
export function personRows(tenant: Tenant, count: number): void {
  const at = new Date(tenant.clock.now()).toISOString();
  let number = 1;
  for (let made = 0; made < count; number += 1) {
    const userPrincipalName = `person${number}@${tenant.domain}`;
    if (![...tenant.directory.users.by("userPrincipalName", userPrincipalName)].every(() => false))
      continue;
    tenant.directory.users.put(
      userFrom({ displayName: `Person ${number}`, userPrincipalName }, tenant.newId(), at),
      true,
    );
    made += 1;
  }
}
