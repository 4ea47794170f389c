import type { Schedule } from "../pim/grant";
import type { ArmCall } from "./arm-api";
import { type Listed, schedulesAt } from "./listing";

/** The plain view on active rows: in force, at a scope, above and below it. */
export function assignmentsShown(arm: ArmCall): Listed<Schedule>[] {
  return schedulesAt(arm, "active").filter(({ value }) => value.status === "Provisioned");
}
