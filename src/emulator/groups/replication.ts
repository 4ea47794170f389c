import { parseDuration } from "../clock";
import type { ObjectKind } from "../directory/directory";
import type { Tenant } from "../tenant";

/** The kind of a principal that PIM knows by now; a new one it does not know for a while. */
export function knownPrincipal(
  tenant: Tenant,
  id: string,
): Exclude<ObjectKind, "application" | "administrativeUnit"> | undefined {
  const kind = tenant.directory.kindOf(id);
  if (kind === undefined || kind === "application" || kind === "administrativeUnit")
    return undefined;
  const delay = parseDuration(tenant.settings.replicationDelay) ?? 0;
  const madeAt = tenant.directory.of(kind).madeAt(id) ?? 0;
  return madeAt > tenant.clock.now() - delay ? undefined : kind;
}
