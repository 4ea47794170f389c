import type { AssignmentKind } from "../model/constants";
import { assignmentId } from "../model/identity";
import type { AssignmentInputs, AssignmentOutputs } from "../model/kinds";
import { unlessScopeIsGone } from "../tenant/gone";
import { checkAssignment } from "./assignment-check";
import { createAssignment } from "./assignment-create";
import { deleteAssignment } from "./assignment-delete";
import { diffAssignment } from "./assignment-diff";
import { noteRecorded } from "./assignment-origin";
import { readAssignment } from "./assignment-read";
import { keyOf } from "./assignment-state";
import { assertEditAhead, updateAssignment } from "./assignment-update";
import { boundOf } from "./bound";
import { sayShielded } from "./emergency";
import { type Handler, isReplacement } from "./handler";
import { assertOurs } from "./ownership";

/** The life of an eligible or active assignment. */
export function assignmentHandler(kind: AssignmentKind): Handler {
  return {
    check: (tenant, olds, news) =>
      checkAssignment(
        kind,
        tenant,
        olds as AssignmentInputs | undefined,
        news as unknown as AssignmentInputs,
      ),
    async diff(tenant, id, olds, news) {
      assertOurs(tenant, id, olds);
      const outputs = olds as unknown as AssignmentOutputs;
      const inputs = news as unknown as AssignmentInputs;
      const now = tenant.clock.now();
      const difference = diffAssignment(kind, outputs, inputs, now);
      if (isReplacement(difference)) return difference;
      tenant.ledger.hold(id);
      assertEditAhead({ key: keyOf(kind, outputs), inputs }, outputs, now);
      return difference;
    },
    async create(tenant, bag) {
      const inputs = bag as unknown as AssignmentInputs;
      const key = keyOf(kind, inputs);
      const until = boundOf(tenant, inputs.timeouts, "create");
      const outputs = await createAssignment({ tenant, key, inputs, until });
      await sayShielded(tenant, key, inputs);
      const id = assignmentId(tenant.tenantId, key);
      tenant.ledger.hold(id);
      return { id, outputs };
    },
    async read(tenant, id, bag) {
      assertOurs(tenant, id, bag);
      const outputs = bag as unknown as AssignmentOutputs;
      const key = keyOf(kind, outputs);
      noteRecorded(tenant, id);
      return readAssignment(tenant, key, outputs);
    },
    async update(tenant, id, olds, news) {
      assertOurs(tenant, id, olds);
      const inputs = news as unknown as AssignmentInputs;
      const until = boundOf(tenant, inputs.timeouts, "update");
      return updateAssignment(
        { tenant, key: keyOf(kind, inputs), inputs, until },
        olds as unknown as AssignmentOutputs,
      );
    },
    async delete(tenant, id, bag) {
      assertOurs(tenant, id, bag);
      const outputs = bag as unknown as AssignmentOutputs;
      await unlessScopeIsGone(deleteAssignment(tenant, keyOf(kind, outputs), outputs));
    },
  };
}
