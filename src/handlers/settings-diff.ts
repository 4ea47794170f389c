import type { Surface } from "../model/constants";
import { roleText } from "../model/identity";
import type { RoleSettingsInputs, RoleSettingsOutputs } from "../model/kinds";
import { declaredPaths, differingLeaves, omitLeaves } from "../model/settings-leaves";
import { hasUnknown } from "../model/unknown";
import { settingsRole } from "../tenant/policies";
import { differing, ROLE_INPUTS } from "./differences";
import type { Difference } from "./handler";
import { roleKeyOf } from "./resolution";
import { CONTAINERS, declaredIn } from "./settings-state";

/** Properties that only say how the settings are looked after: a change of them is an update without a request. */
const LIFECYCLE = ["unspecified", "onDelete", "timeouts", "secretArgs"];

/** Whether the declaration differs in meaning from the recorded one. */
export function diffSettings(olds: RoleSettingsOutputs, news: RoleSettingsInputs): Difference {
  const before = roleKeyOf(olds);
  const after = roleKeyOf(news);
  const isSameRole =
    before !== undefined &&
    after !== undefined &&
    roleText(settingsRole(before)) === roleText(settingsRole(after));
  if (!isSameRole) return { type: "inputs", replaces: differing(ROLE_INPUTS, olds, news) };
  const differs =
    CONTAINERS.some((container) => hasUnknown(news[container])) ||
    differing(LIFECYCLE, olds, news).length > 0 ||
    declarationDiffers(after.surface, olds, news);
  return differs ? { type: "inputs", replaces: [] } : { type: "same" };
}

/** A leaf that is declared otherwise, or that left the program. */
function declarationDiffers(
  surface: Surface,
  olds: RoleSettingsOutputs,
  news: RoleSettingsInputs,
): boolean {
  const before = declaredIn(surface, olds);
  const after = declaredIn(surface, news);
  return (
    differingLeaves(after, before).length > 0 ||
    declaredPaths(omitLeaves(before, declaredPaths(after))).length > 0
  );
}
