import { type Call, noContent, type Operation, objectBody, type Reply } from "../../api";
import { refuse } from "../../errors";
import { type EntitySet, entity } from "../../respond";
import { readAs } from "../../schema";
import { REVIEW_PERMISSIONS } from "./permissions";
import { REVIEWS_PATH } from "./review-sets";

const { policyRead, policyWrite } = REVIEW_PERMISSIONS;

/** The tenant's policy of access reviews, under both of its paths: beta only. */
export const policyOperations: readonly Operation[] = [
  "/policies/accessReviewPolicy",
  `/${REVIEWS_PATH}/policy`,
].flatMap((path): Operation[] => [
  {
    method: "GET",
    path,
    versions: ["beta"],
    permission: policyRead,
    run: (call) => get(call, path),
  },
  { method: "PATCH", path, versions: ["beta"], permission: policyWrite, run: change },
]);

function get(call: Call, path: string): Reply {
  const set: EntitySet<boolean> = {
    context: path.slice(1),
    type: "accessReviewPolicy",
    service: "directory",
    typed: true,
    toWire: (isGroupOwnerManagementEnabled) => ({
      id: "accessReviewPolicy",
      displayName: "Access Review Policy",
      description: "Policy contains directory-level access review settings.",
      isGroupOwnerManagementEnabled,
    }),
    filter: {},
  };
  return entity(call, set, call.tenant.reviews.isGroupOwnerManagementEnabled);
}

function change(call: Call): Reply {
  const body = readAs(call.version, "accessReviewPolicy", objectBody(call));
  const { isGroupOwnerManagementEnabled } = body;
  if (typeof isGroupOwnerManagementEnabled !== "boolean")
    throw refuse.missingProperty("isGroupOwnerManagementEnabled");
  call.tenant.reviews.isGroupOwnerManagementEnabled = isGroupOwnerManagementEnabled;
  return noContent();
}
