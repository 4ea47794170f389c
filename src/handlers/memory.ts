import type { Tenant } from "../tenant/tenant";

/**
 * What this process learned of a declared resource, by its owner and a subject: names that were resolved, settings that
 * were found. The second check of a replacement is given no old inputs, and means the same all the same.
 */
export class Memory<T> {
  /** By subject and owner. */
  private readonly known = new WeakMap<Tenant, Map<string, Map<string, T>>>();

  get(tenant: Tenant, owner: string, subject: string): T | undefined {
    return this.known.get(tenant)?.get(subject)?.get(owner);
  }

  /** What it learned of a subject by whatever owner. */
  all(tenant: Tenant, subject: string): T[] {
    return [...(this.known.get(tenant)?.get(subject)?.values() ?? [])];
  }

  set(tenant: Tenant, owner: string, subject: string, value: T): void {
    const subjects = this.known.get(tenant) ?? new Map<string, Map<string, T>>();
    this.known.set(tenant, subjects);
    const values = subjects.get(subject) ?? new Map<string, T>();
    subjects.set(subject, values.set(owner, value));
  }
}
