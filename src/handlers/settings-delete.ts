import { OnSettingsDelete } from "../model/constants";
import { defaultSettings } from "../model/default-settings";
import { type RoleKey, settingsId } from "../model/identity";
import type { RoleSettingsOutputs } from "../model/kinds";
import { isWeaker } from "../model/leaf-strength";
import type { NamedPrincipal } from "../model/policy-rules";
import { formatProblem } from "../model/problem";
import {
  declaredPaths,
  differingLeaves,
  type LeafPath,
  type Leaves,
  omitLeaves,
  pickLeaves,
  readLeaves,
  sameLeaf,
} from "../model/settings-leaves";
import { stateLeaves } from "../model/state-leaves";
import { isForbidden } from "../tenant/errors";
import type { Tenant } from "../tenant/tenant";
import { sayGroupStays } from "./group-stays";
import { describeOwner, heirOf } from "./ownership";
import { sayMovedNames } from "./resolution";
import { settingsLockout } from "./settings-lockout";
import { foundLeaves, lookAtPimOnlyMode } from "./settings-state";
import { describeLeaf, describeSettings, describeValue } from "./settings-words";
import { writeLive } from "./settings-write";

/** Gives back what was found, leaf by leaf, wherever the live value is still the one that we wrote. */
export async function deleteSettings(
  tenant: Tenant,
  role: RoleKey,
  outputs: RoleSettingsOutputs,
): Promise<void> {
  const what = describeSettings(outputs);
  sayMovedNames(tenant, what, outputs);
  const heir = await heirOf(tenant, settingsId(tenant.tenantId, role), outputs.owner, what);
  if (heir !== undefined) {
    tenant.voice(
      `${what}: stay, now declared by ${describeOwner(heir)}${sayWhatIsForgotten(outputs)}`,
    );
    return;
  }
  if (outputs.onDelete === OnSettingsDelete.Keep) {
    tenant.voice(`${what}: stay, because onDelete is "keep"`);
    return;
  }
  lookAtPimOnlyMode(tenant, role, outputs.written);
  const policy = await tenant.unseen(role.surface).policy(role, outputs.changedAt);
  if (policy === undefined) return;
  const live = readLeaves(policy.rules);
  const written = stateLeaves(outputs.written);
  const ours = declaredPaths(written).filter((path) => sameLeaf(path, written[path], live[path]));
  sayWhatIsLeft(tenant, what, written, live, ours);
  const back = pickLeaves(await targetOf(tenant, role, outputs, what), ours);
  const different = pickLeaves(back, differingLeaves(back, live));
  const changes = await withoutLockout(tenant, role, live, different, what);
  sayWhatIsGivenBack(tenant, what, live, changes);
  await writeLive(tenant, policy, changes);
  await sayGroupStays(tenant, role, outputs);
}

/** What was found travels with an alias only; a resource of another name met what we had written. */
function sayWhatIsForgotten(outputs: RoleSettingsOutputs): string {
  const found = foundLeaves(outputs) ?? {};
  const lost = differingLeaves(found, stateLeaves(outputs.written));
  if (lost.length === 0) return "";
  const list = lost.map((path) => describeLeaf(path, found[path])).join(", ");
  return `, which gives back its own first sight of them; forgotten is what was found before: ${list}; an alias would have kept it`;
}

/** A weaker condition that comes back is worth a mark: the destroy made the tenant less safe than the program did. */
function sayWhatIsGivenBack(tenant: Tenant, what: string, live: Leaves, changes: Leaves): void {
  const list = declaredPaths(changes).map((path) => {
    const mark = isWeaker(path, live[path], changes[path]) ? " (weaker)" : "";
    return `${describeLeaf(path, live[path])} -> ${describeValue(changes[path])}${mark}`;
  });
  if (list.length > 0) tenant.voice(`${what}: given back as found: ${list.join("; ")}`);
}

async function targetOf(
  tenant: Tenant,
  role: RoleKey,
  outputs: RoleSettingsOutputs,
  what: string,
): Promise<Leaves> {
  if (outputs.onDelete === OnSettingsDelete.Defaults) return defaultSettings(role.surface) ?? {};
  const found = await withLivingExcluded(tenant, foundLeaves(outputs) ?? {});
  return withLivingApprovers(tenant, found, what);
}

/** Somebody who was deleted since needs no exclusion. */
async function withLivingExcluded(tenant: Tenant, found: Leaves): Promise<Leaves> {
  const path = "pimOnlyMode.excludedPrincipals";
  const excluded = found[path] as NamedPrincipal[] | undefined;
  return excluded === undefined ? found : { ...found, [path]: await living(tenant, excluded) };
}

/** Approvers may have been deleted since: those are dropped, and a rule that would be left without any is kept as it is. */
async function withLivingApprovers(tenant: Tenant, found: Leaves, what: string): Promise<Leaves> {
  const approvers = found["activation.approvers"] as NamedPrincipal[] | undefined;
  if (approvers === undefined || approvers.length === 0) return found;
  const left = await living(tenant, approvers);
  if (left.length === approvers.length) return found;
  const asksNobody = found["activation.requireApproval"] === false;
  if (left.length > 0 || asksNobody) return { ...found, "activation.approvers": left };
  tenant.voice(
    `${what}: the approvers that were found do not exist any more; approval stays as it is`,
  );
  const {
    "activation.approvers": _gone,
    "activation.requireApproval": _required,
    ...others
  } = found;
  return others;
}

async function living(
  tenant: Tenant,
  principals: readonly NamedPrincipal[],
): Promise<NamedPrincipal[]> {
  const exist = await Promise.all(principals.map((principal) => exists(tenant, principal)));
  return principals.filter((_, index) => exist[index]);
}

/** Leaves that decide together whether somebody can activate the role. */
const DECIDING = {
  "activation.requireApproval": ["activation.requireApproval", "activation.approvers"],
  "activation.authenticationContext": ["activation.authenticationContext", "activation.requireMfa"],
} as const;

/** What was found may lock the role by now: nobody could give the approval any more, or the context is gone. */
async function withoutLockout(
  tenant: Tenant,
  role: RoleKey,
  live: Leaves,
  changes: Leaves,
  what: string,
): Promise<Leaves> {
  const problems = await settingsLockout(tenant, role, changes, { ...live, ...changes });
  let safe = changes;
  for (const { fix: _declaring, ...problem } of problems) {
    tenant.voice(
      `${what}: left as they are, because what was found would lock the role now: ${formatProblem(problem)}`,
    );
    safe = omitLeaves(safe, [...DECIDING[problem.path as keyof typeof DECIDING]]);
  }
  return safe;
}

async function exists(tenant: Tenant, { kind, id }: NamedPrincipal): Promise<boolean> {
  if (kind === "other") return true;
  try {
    return (await tenant.principals.read(kind, id)) !== undefined;
  } catch (error) {
    if (isForbidden(error)) return true;
    throw error;
  }
}

function sayWhatIsLeft(
  tenant: Tenant,
  what: string,
  written: Leaves,
  live: Leaves,
  ours: readonly LeafPath[],
): void {
  const left = declaredPaths(written).filter((path) => !ours.includes(path));
  if (left.length === 0) return;
  const list = left.map((path) => describeLeaf(path, live[path])).join(", ");
  tenant.voice(`${what}: left as they are, because somebody changed them since: ${list}`);
}
