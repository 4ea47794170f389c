import type { Surface } from "../model/constants";
import { callerIn } from "./caller";
import { type Finding, reasonOf } from "./doctor-words";
import type { Tenant } from "./tenant";

const MOST_BLOCKING_NAMES = 5;

/** Rules of settings that this identity can never meet: an application has no MFA. */
export async function examineRules(
  tenant: Tenant,
  surfaces: readonly Surface[],
): Promise<Finding[]> {
  if (!surfaces.includes("directoryRoles")) return [];
  const check = "rules that block this identity";
  try {
    if (!callerIn(await tenant.claims("directoryRoles")).appOnly)
      return [{ check, ok: true, detail: "none: a person can meet them all" }];
    const { surface } = tenant.snapshot("directoryRoles");
    const entries = (await surface.listPolicies(["/"])).get("/") ?? [];
    const blocking = entries.flatMap(({ role, policy }) =>
      !(policy instanceof Error) && policy.rules["activeAssignment.enablement"].mfa ? [role] : [],
    );
    if (blocking.length === 0)
      return [{ check, ok: true, detail: "no role asks for MFA when it is assigned actively" }];
    const names = await Promise.all(
      blocking.slice(0, MOST_BLOCKING_NAMES).map(async (role) => {
        const id = role.surface === "groups" ? role.groupId : role.roleDefinitionId;
        const [found] = await surface.findRoles({
          surface: "directoryRoles",
          role: id,
          scope: "/",
        });
        return found?.name ?? id;
      }),
    );
    const more = blocking.length - names.length;
    return [
      {
        check,
        ok: false,
        detail: `roles that ask for MFA when they are assigned actively: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
        fix: "set activeAssignment.requireMfa to false for the roles that a pipeline assigns, or assign them as eligible",
      },
    ];
  } catch (error) {
    return [{ check, ok: undefined, detail: `settings cannot be read (${reasonOf(error)})` }];
  }
}
