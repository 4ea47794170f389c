import { settingsId } from "../model/identity";
import type { RoleSettingsInputs, RoleSettingsOutputs } from "../model/kinds";
import { boundOf } from "./bound";
import { type Handler, isReplacement } from "./handler";
import { assertOurs } from "./ownership";
import { checkSettings } from "./settings-check";
import { deleteSettings } from "./settings-delete";
import { diffSettings } from "./settings-diff";
import { forgetAllFound, forgetFound } from "./settings-journal";
import { readSettings } from "./settings-read";
import { foundLeaves, settingsKeyOf } from "./settings-state";
import { writeSettings } from "./settings-write";

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
    const until = boundOf(tenant, inputs.timeouts, "create");
    const outputs = await writeSettings(tenant, inputs, undefined, until);
    const id = settingsId(tenant.tenantId, settingsKeyOf(inputs));
    tenant.ledger.hold(id);
    return { id, outputs };
  },
  async read(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    const outputs = bag as unknown as RoleSettingsOutputs;
    forgetFound(tenant, outputs, foundLeaves(outputs) ?? {});
    return readSettings(tenant, settingsKeyOf(outputs), outputs);
  },
  async update(tenant, id, olds, news) {
    assertOurs(tenant, id, olds);
    const inputs = news as unknown as RoleSettingsInputs;
    const until = boundOf(tenant, inputs.timeouts, "update");
    return writeSettings(tenant, inputs, olds as unknown as RoleSettingsOutputs, until);
  },
  async delete(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    const outputs = bag as unknown as RoleSettingsOutputs;
    forgetAllFound(tenant, outputs);
    await deleteSettings(tenant, settingsKeyOf(outputs), outputs);
  },
};
