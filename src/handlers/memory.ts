import type { Tenant } from "../tenant/tenant";

/**
 * What this process learned of a declared resource, by its owner and a subject: names that were resolved, settings that
 * were found. The second check of a replacement is given no old inputs, and means the same all the same.
 */
export class Memory<T> {
  private readonly known = new WeakMap<Tenant, Map<string, T>>();

  get(tenant: Tenant, owner: string, subject: string): T | undefined {
    return this.known.get(tenant)?.get(`${owner} ${subject}`);
  }

  set(tenant: Tenant, owner: string, subject: string, value: T): void {
    const values = this.known.get(tenant) ?? new Map<string, T>();
    this.known.set(tenant, values.set(`${owner} ${subject}`, value));
  }
}
