import { ASSIGNMENT_SHAPE, type LeafShape, type ObjectShape, type Shape } from "./arg-shapes";

const LEAF: LeafShape = { is: "leaf" };

/** The parts that activations and decisions share with assignments. */
const { directoryRole, group, azureRole, ticket, timeouts, principal } =
  ASSIGNMENT_SHAPE.properties as Record<
    "directoryRole" | "group" | "azureRole" | "ticket" | "timeouts" | "principal",
    Shape
  >;

const ROLE = { directoryRole, group, azureRole };

export const ACTIVATION_SHAPE: ObjectShape = {
  is: "object",
  properties: {
    ...ROLE,
    duration: LEAF,
    justification: LEAF,
    ticket,
    startsAt: LEAF,
    waitForApproval: LEAF,
    onExpired: LEAF,
    timeouts,
  },
};

export const DECISION_SHAPE: ObjectShape = {
  is: "object",
  properties: {
    requestId: LEAF,
    requester: principal,
    role: { is: "object", properties: ROLE },
    decision: LEAF,
    justification: LEAF,
  },
};
