import { type Operation, ok, type Reply } from "../../api";
import type { Json } from "../../schema";
import type { Tenant } from "../../tenant";
import { type ArmCall, propertiesOf } from "../arm-api";
import { resource } from "../wire";
import { REVIEW_ACTIONS, reviewOperation } from "./review-call";
import { type AzureReviewSettings, freshSettings, readSettings } from "./review-settings";

const PATH = "accessReviewScheduleSettings/default";

/** The settings that new reviews of a scope begin with. */
export const reviewSettingsOperations: readonly Operation[] = [
  reviewOperation("GET", PATH, REVIEW_ACTIONS.readSettings, answer),
  reviewOperation("PUT", PATH, REVIEW_ACTIONS.writeSettings, put),
];

/** The default settings of a scope, as they are. */
export function settingsAt(tenant: Tenant, scopeId: string): AzureReviewSettings {
  const known = tenant.arm.reviews.settings.get(scopeId.toLowerCase());
  return known ?? freshSettings(tenant.clock.now());
}

function put(arm: ArmCall): Reply {
  const { tenant } = arm.call;
  const properties = Object.fromEntries(propertiesOf(arm.call, true));
  const before = settingsAt(tenant, arm.scope.id);
  const settings = readSettings(properties, before, tenant.clock.now());
  tenant.arm.reviews.settings.set(arm.scope.id.toLowerCase(), settings);
  return answer(arm);
}

// The path says accessReviewScheduleSettings, the published answers accessReviewSettings.
function answer(arm: ArmCall): Reply {
  const settings: Json = { ...settingsAt(arm.call.tenant, arm.scope.id) };
  return ok(resource(arm.scope.id, "accessReviewSettings", "default", settings));
}
