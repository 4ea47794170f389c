import { isDeepStrictEqual } from "node:util";
import { roleText, settingsId } from "../model/identity";
import type { RoleSettingsInputs, RoleSettingsOutputs } from "../model/kinds";
import { declaredPaths, differingLeaves, omitLeaves } from "../model/settings-leaves";
import { hasUnknown } from "../model/unknown";
import { settingsRole } from "../tenant/policies";
import { boundOf } from "./bound";
import { type Bag, type Difference, type Handler, isReplacement } from "./handler";
import { assertOurs } from "./ownership";
import { roleKeyOf } from "./resolution";
import { checkSettings } from "./settings-check";
import { deleteSettings } from "./settings-delete";
import { readSettings } from "./settings-read";
import { declaredIn, settingsKeyOf } from "./settings-state";
import { pastOf, writeSettings } from "./settings-write";

/** The life of a role's settings. They exist before us and after us: `create` takes them over, `delete` gives them back. */
export const roleSettingsHandler: Handler = {
  check: (tenant, olds, news) =>
    checkSettings(
      tenant,
      olds as RoleSettingsInputs | undefined,
      news as unknown as RoleSettingsInputs,
    ),
  async diff(tenant, id, olds, news) {
    assertOurs(tenant, id, olds);
    const difference = diffSettings(
      olds as unknown as RoleSettingsOutputs,
      news as unknown as RoleSettingsInputs,
    );
    if (!isReplacement(difference)) tenant.ledger.hold(id);
    return difference;
  },
  async create(tenant, bag) {
    const inputs = bag as unknown as RoleSettingsInputs;
    const role = settingsKeyOf(inputs);
    const until = boundOf(tenant, inputs.timeouts, "create");
    const declared = declaredIn(role.surface, inputs);
    const outputs = await writeSettings(
      tenant,
      role,
      inputs,
      declared,
      pastOf(inputs, undefined),
      until,
    );
    const id = settingsId(tenant.tenantId, role);
    tenant.ledger.hold(id);
    return { id, outputs };
  },
  async read(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    const outputs = bag as unknown as RoleSettingsOutputs;
    return readSettings(tenant, settingsKeyOf(outputs), outputs);
  },
  async update(tenant, id, bag, news) {
    assertOurs(tenant, id, bag);
    const inputs = news as unknown as RoleSettingsInputs;
    const olds = bag as unknown as RoleSettingsOutputs;
    const role = settingsKeyOf(inputs);
    const until = boundOf(tenant, inputs.timeouts, "update");
    return writeSettings(
      tenant,
      role,
      inputs,
      declaredIn(role.surface, inputs),
      pastOf(inputs, olds),
      until,
    );
  },
  async delete(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    const outputs = bag as unknown as RoleSettingsOutputs;
    await deleteSettings(tenant, settingsKeyOf(outputs), outputs);
  },
};

const LIFECYCLE = ["unspecified", "onDelete", "timeouts", "secretArgs"];
const LEAF_CONTAINERS = ["activation", "eligibleAssignment", "activeAssignment", "notifications"];

/** Whether the declaration differs in meaning from the recorded one. */
function diffSettings(olds: RoleSettingsOutputs, news: RoleSettingsInputs): Difference {
  const before = roleKeyOf(olds);
  const after = roleKeyOf(news);
  if (
    before === undefined ||
    after === undefined ||
    roleText(settingsRole(before)) !== roleText(settingsRole(after))
  ) {
    const names = ["directoryRole", "group", "azureRole", "roleDefinitionId", "groupId"];
    return { type: "inputs", replaces: changed(names, olds, news) };
  }
  const differs =
    LEAF_CONTAINERS.some((container) => hasUnknown((news as unknown as Bag)[container])) ||
    changed(LIFECYCLE, olds, news).length > 0 ||
    declarationDiffers(after.surface, olds, news);
  return differs ? { type: "inputs", replaces: [] } : { type: "same" };
}

/** A leaf that is declared otherwise, or that left the program. */
function declarationDiffers(
  surface: Parameters<typeof declaredIn>[0],
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

function changed(names: readonly string[], olds: object, news: object): string[] {
  const before = olds as Bag;
  const after = news as Bag;
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
