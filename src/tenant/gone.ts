import { ScopeNotFoundError } from "../surfaces/azure-roles/scope-error";

/**
 * What is read at a scope, or undefined when the scope was deleted: everything at it went with it. A subscription or
 * management group that cannot be found may only be out of this identity's sight, which says nothing.
 */
export async function unlessScopeIsGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ScopeNotFoundError && error.isGone) return undefined;
    throw error;
  }
}
