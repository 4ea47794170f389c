import { type RoleKey, roleText } from "../model/identity";
import type { LivePolicy, PimSurface } from "../surfaces/surface";
import { Coalescer } from "./coalescer";

/** How many roles are read one by one before the whole partition's settings are listed: by then, as many pages. */
const SINGLE_READS = 2;

/** The live settings of one surface. Few roles are read by themselves, many with one listing. */
export class Policies {
  private readonly known = new Map<string, Known>();
  private readonly listed = new Map<string, Promise<void>>();
  private readonly asked = new Map<string, Set<string>>();
  private readonly withPimOnlyMode = new Set<string>();
  private readonly single: Coalescer<RoleKey, LivePolicy | undefined>;

  constructor(private readonly surface: PimSurface) {
    this.single = new Coalescer((roles) =>
      surface.readPolicies(roles, (role) => this.withPimOnlyMode.has(roleText(role))),
    );
  }

  /** From here on the role's settings are read together with the rule of PIM-only mode. */
  includePimOnlyMode(role: RoleKey): void {
    const text = roleText(settingsRole(role));
    if (this.withPimOnlyMode.has(text)) return;
    this.withPimOnlyMode.add(text);
    this.known.delete(text);
  }

  /** The settings of a role; undefined where the service has none for it. */
  async of(role: RoleKey): Promise<LivePolicy | undefined> {
    const text = roleText(settingsRole(role));
    const known = this.known.get(text);
    if (known !== undefined) return known.policy;
    const partition = this.surface.partitionOf(role);
    const asked = this.asked.get(partition) ?? new Set();
    this.asked.set(partition, asked.add(text));
    if (asked.size > SINGLE_READS) await this.list(partition);
    const listed = this.known.get(text);
    if (listed !== undefined) return listed.policy;
    const read = this.single.ask(settingsRole(role));
    this.known.set(text, { partition, policy: read });
    read.catch(() => this.known.delete(text));
    return read;
  }

  /** What a write of ours left behind. */
  record(policy: LivePolicy): void {
    const partition = this.surface.partitionOf(policy.role);
    const known: Known = { partition, policy: Promise.resolve(policy), isOurs: true };
    this.known.set(roleText(settingsRole(policy.role)), known);
  }

  /** Forgets a role, whose policy id turned out to be another. */
  forget(role: RoleKey): void {
    this.known.delete(roleText(settingsRole(role)));
  }

  /** Forgets these roles, and what was read together with them; our own writes of other roles stay. */
  renew(roles: readonly RoleKey[]): void {
    for (const role of roles) this.forget(role);
    const partitions = new Set(roles.map((role) => this.surface.partitionOf(role)));
    for (const [text, { partition, isOurs }] of this.known)
      if (partitions.has(partition) && isOurs !== true) this.known.delete(text);
    for (const partition of partitions) this.listed.delete(partition);
  }

  /**
   * Lists a partition once. A listing that fails, because one policy in it is broken, is no answer about any
   * role: each is then read by itself, so that only the broken one fails.
   */
  private list(partition: string): Promise<void> {
    const listing =
      this.listed.get(partition) ??
      this.surface.listPolicies([partition]).then(
        (entries) => {
          for (const { role, policy } of entries.get(partition) ?? [])
            this.add(partition, role, policy);
        },
        () => undefined,
      );
    this.listed.set(partition, listing);
    return listing;
  }

  private add(partition: string, role: RoleKey, policy: LivePolicy | Error): void {
    const text = roleText(settingsRole(role));
    if (policy instanceof Error || this.known.has(text)) return;
    this.known.set(text, { partition, policy: Promise.resolve(policy) });
  }
}

interface Known {
  partition: string;
  policy: Promise<LivePolicy | undefined>;
  /** Whether it is what a write of ours left behind. */
  isOurs?: boolean;
}

/** Settings of a directory role hold for the tenant, whatever scope an assignment of it has. */
export function settingsRole(role: RoleKey): RoleKey {
  return role.surface === "directoryRoles" ? { ...role, scope: "/" } : role;
}
