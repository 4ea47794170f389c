import { guidOf } from "../ids";
import { Collection, type Visibility } from "../store";

/** Levels of Azure's tree. */
export type ScopeKind =
  | "tenant"
  | "managementgroup"
  | "subscription"
  | "resourcegroup"
  | "resource";

/** A place where Azure roles can be assigned. */
export interface Scope {
  /** ARM id; "/" for the tenant. */
  readonly id: string;
  readonly kind: ScopeKind;
  readonly name: string;
  readonly displayName: string;
  /** Id of the scope above; null for the tenant. */
  readonly parent: string | null;
  readonly location: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Whatever a resource was made with. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** How one scope stands to another. */
export type Relation = "at" | "above" | "below" | "none";

/** Management groups, subscriptions, resource groups and resources of a tenant. */
export class ScopeTree {
  readonly scopes: Collection<Scope>;
  private lineages = new Map<string, readonly string[]>();

  constructor(
    visibility: Visibility,
    private readonly tenantId: string,
  ) {
    this.scopes = new Collection<Scope>(visibility, {
      parent: (scope) => scope.parent ?? undefined,
    });
    this.put(scopeOf("/", null, "Tenant"), true);
    this.put(scopeOf(this.rootGroup, "/", "Tenant Root Group"), true);
    plantDefaults(this, tenantId);
  }

  /** Id of the management group that is above all others. */
  get rootGroup(): string {
    return `/providers/Microsoft.Management/managementGroups/${this.tenantId}`;
  }

  put(scope: Scope, settled = false): Scope {
    this.lineages = new Map();
    return this.scopes.put(scope, settled);
  }

  remove(id: string): void {
    this.lineages = new Map();
    for (const child of [...this.scopes.by("parent", id)]) this.remove(child.id);
    this.scopes.remove(id);
  }

  /** Makes a scope, and those above it that are not there yet. */
  grow(id: string, facts: Partial<Scope> = {}, settled = false): Scope {
    const known = this.scopes.get(id);
    const parent = facts.parent ?? known?.parent ?? parentOf(id, this.rootGroup);
    if (parent !== null && this.scopes.get(parent) === undefined) this.grow(parent, {}, settled);
    const base = known ?? scopeOf(id, parent, nameOf(id));
    return this.put({ ...base, ...facts, id: base.id, kind: base.kind, parent }, settled);
  }

  /** Ids of a scope and of all above it, lower case, nearest first. */
  lineage(id: string): readonly string[] {
    const key = id.toLowerCase();
    const known = this.lineages.get(key);
    if (known !== undefined) return known;
    const scope = this.scopes.get(key);
    const above = scope?.parent == null ? [] : this.lineage(scope.parent);
    const lineage = [key, ...above];
    this.lineages.set(key, lineage);
    return lineage;
  }

  /** Where `other` stands, seen from `id`. */
  relation(id: string, other: string): Relation {
    const [from, to] = [id.toLowerCase(), other.toLowerCase()];
    if (from === to) return "at";
    if (this.lineage(from).includes(to)) return "above";
    return this.lineage(to).includes(from) ? "below" : "none";
  }

  /** The scopes right below one. */
  children(id: string): Scope[] {
    return [...this.scopes.scan({ key: "parent", value: id })].map(({ value }) => value);
  }
}

const SUBSCRIPTION = /^\/subscriptions\/[^/]+/i;

/** The subscription that a scope is in, as an id; empty for management groups and the tenant. */
export function subscriptionPrefix(id: string): string {
  return SUBSCRIPTION.exec(id)?.[0] ?? "";
}

/** What an id of something at a scope begins with: nothing at the tenant. */
export function idPrefix(scopeId: string): string {
  return scopeId === "/" ? "" : scopeId;
}

/** A scope as clients may write it: one leading slash, none at the end, both spellings of a subscription. */
export function normalScope(text: string): string {
  const path = `/${text}`.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  const plain = path.replace(
    /^\/providers\/Microsoft\.Subscription\/subscriptions\//i,
    "/subscriptions/",
  );
  return plain === "" ? "/" : plain;
}

/** A subscription, or what is in it, in the longer of the two spellings. */
export function longSpelling(id: string): string {
  return subscriptionPrefix(id) === "" ? id : `/providers/Microsoft.Subscription${id}`;
}

/** The level of a scope by its id; undefined for what is none. */
export function kindOfScope(id: string): ScopeKind | undefined {
  if (id === "/") return "tenant";
  if (/^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i.test(id))
    return "managementgroup";
  if (/^\/subscriptions\/[^/]+$/i.test(id)) return "subscription";
  if (/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(id)) return "resourcegroup";
  const resource =
    /^\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?\/providers\/[^/]+((?:\/[^/]+\/[^/]+)+)$/i;
  return resource.test(id) ? "resource" : undefined;
}

/** Type of a resource, as "Microsoft.Storage/storageAccounts". */
export function resourceType(id: string): string {
  const [namespace = "", ...rest] = (id.split(/\/providers\//i).at(-1) ?? "").split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

function scopeOf(id: string, parent: string | null, displayName: string): Scope {
  const kind = kindOfScope(id);
  if (kind === undefined) throw new RangeError(`not a scope: ${id}`);
  return {
    id,
    kind,
    name: nameOf(id),
    displayName,
    parent,
    location: null,
    tags: {},
    properties: {},
  };
}

function nameOf(id: string): string {
  return id.split("/").at(-1) ?? "";
}

function parentOf(id: string, rootGroup: string): string | null {
  const kind = kindOfScope(id);
  if (kind === "tenant") return null;
  if (kind === "managementgroup") return id === rootGroup ? "/" : rootGroup;
  if (kind === "subscription") return rootGroup;
  if (kind === "resourcegroup") return subscriptionPrefix(id);
  const group = /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\//i.exec(id)?.[1];
  return group ?? subscriptionPrefix(id);
}

// A landing zone with two subscriptions, each with a resource group and resources in it.
function plantDefaults(tree: ScopeTree, tenantId: string): void {
  const group = "/providers/Microsoft.Management/managementGroups/landing-zones";
  tree.grow(group, { displayName: "Landing zones" }, true);
  for (const [displayName, short] of [
    ["Production", "prod"],
    ["Development", "dev"],
  ] as const) {
    const subscription = `/subscriptions/${guidOf(`subscription ${displayName} ${tenantId}`)}`;
    tree.grow(subscription, { displayName, parent: group }, true);
    const resources = `${subscription}/resourceGroups/app-${short}`;
    tree.grow(resources, { location: "westeurope" }, true);
    const storage = `${resources}/providers/Microsoft.Storage/storageAccounts/contosoapp${short}`;
    tree.grow(storage, { location: "westeurope" }, true);
    const vault = `${resources}/providers/Microsoft.KeyVault/vaults/contoso-${short}`;
    tree.grow(vault, { location: "westeurope" }, true);
  }
}
