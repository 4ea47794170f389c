// Checked by the compiler alone: every surface is a PimSurface, and nothing besides.

import type { Surface } from "../../src/model/constants";
import type { azureRoles } from "../../src/surfaces/azure-roles/azure-roles";
import type { directoryRoles } from "../../src/surfaces/directory-roles/directory-roles";
import type { groups } from "../../src/surfaces/groups/groups";
import type { PimSurface } from "../../src/surfaces/surface";

type Exactly<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

/** A surface for each name, each made by a function that answers exactly the interface. */
export const surfaces: Record<Surface, true> = {
  directoryRoles: true satisfies Exactly<ReturnType<typeof directoryRoles>, PimSurface>,
  groups: true satisfies Exactly<ReturnType<typeof groups>, PimSurface>,
  azureRoles: true satisfies Exactly<ReturnType<typeof azureRoles>, PimSurface>,
};
