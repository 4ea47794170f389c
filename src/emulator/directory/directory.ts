import type { Json } from "../schema";
import { Collection, type Visibility } from "../store";

/** Any object of the directory, as Graph shows it. */
export interface DirectoryObject extends Json {
  readonly id: string;
}

/** The kinds of directory objects, as `@odata.type` names them. */
export type ObjectKind =
  | "user"
  | "group"
  | "servicePrincipal"
  | "application"
  | "administrativeUnit";

/** A reference between two objects: membership, ownership, or a person's manager. */
export interface Link {
  readonly id: string;
  readonly from: string;
  readonly kind: LinkKind;
  readonly to: string;
}

/** What a reference says about the object it starts from. */
export type LinkKind = "members" | "owners" | "unitMembers";

/** An application permission granted to a service principal. */
export interface AppRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly createdAt: number;
}

/** Delegated permissions that a client has on an API, for everybody or for one person. */
export interface PermissionGrant {
  readonly id: string;
  readonly clientId: string;
  readonly resourceId: string;
  readonly consentType: "AllPrincipals" | "Principal";
  readonly principalId: string | null;
  readonly scope: string;
}

/** An object in the recycle bin, with the references that come back with it. */
export interface DeletedObject {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly value: DirectoryObject;
  readonly links: readonly Link[];
  readonly at: number;
}

/** Users, groups, service principals, applications, administrative units, and how they are linked. */
export class Directory {
  readonly users: Collection<DirectoryObject>;
  readonly groups: Collection<DirectoryObject>;
  readonly servicePrincipals: Collection<DirectoryObject>;
  readonly applications: Collection<DirectoryObject>;
  readonly units: Collection<DirectoryObject>;
  readonly links: Collection<Link>;
  readonly appRoleAssignments: Collection<AppRoleAssignment>;
  readonly authenticationContexts: Collection<DirectoryObject>;
  readonly federatedCredentials: Collection<DirectoryObject>;
  readonly accessPolicies: Collection<DirectoryObject>;
  readonly permissionGrants: Collection<PermissionGrant>;
  private readonly bin: Collection<DeletedObject>;
  /** Told of each new reference: PIM for Groups follows memberships. */
  onLink?: (from: string, kind: LinkKind, to: string, settled: boolean) => void;
  /** Told of each reference that is gone; not of those that go with a deleted object. */
  onUnlink?: (from: string, kind: LinkKind, to: string) => void;

  constructor(private readonly visibility: Visibility) {
    const named = { displayName: textOf("displayName") };
    this.users = new Collection(visibility, {
      ...named,
      userPrincipalName: textOf("userPrincipalName"),
      mail: textOf("mail"),
    });
    this.groups = new Collection(visibility, { ...named, uniqueName: textOf("uniqueName") });
    this.servicePrincipals = new Collection(visibility, { ...named, appId: textOf("appId") });
    this.applications = new Collection(visibility, {
      ...named,
      appId: textOf("appId"),
      uniqueName: textOf("uniqueName"),
    });
    this.units = new Collection(visibility, named);
    this.links = new Collection<Link>(visibility, {
      from: (link) => `${link.from} ${link.kind}`,
      to: (link) => `${link.to} ${link.kind}`,
    });
    this.appRoleAssignments = new Collection<AppRoleAssignment>(visibility, {
      principalId: (row) => row.principalId,
      resourceId: (row) => row.resourceId,
    });
    this.authenticationContexts = new Collection(visibility);
    this.federatedCredentials = new Collection(visibility, {
      applicationId: textOf("applicationId"),
    });
    this.accessPolicies = new Collection(visibility);
    this.permissionGrants = new Collection<PermissionGrant>(visibility, {
      clientId: (grant) => grant.clientId,
      principalId: (grant) => grant.principalId ?? undefined,
    });
    this.bin = new Collection<DeletedObject>(visibility);
  }

  /** The collection that holds a kind. */
  of(kind: ObjectKind): Collection<DirectoryObject> {
    if (kind === "user") return this.users;
    if (kind === "group") return this.groups;
    if (kind === "servicePrincipal") return this.servicePrincipals;
    return kind === "application" ? this.applications : this.units;
  }

  /** The kind of an object, as the service itself knows it. */
  kindOf(id: string): ObjectKind | undefined {
    return OBJECT_KINDS.find((kind) => this.of(kind).get(id) !== undefined);
  }

  /** An object of any kind as a reader sees it. */
  read(id: string): { kind: ObjectKind; value: DirectoryObject } | undefined {
    for (const kind of OBJECT_KINDS) {
      const value = this.of(kind).read(id);
      if (value !== undefined) return { kind, value };
    }
    return undefined;
  }

  /** Ids that an object links to, as they are. */
  linked(from: string, kind: LinkKind): string[] {
    return [...this.links.by("from", `${from} ${kind}`)].map((link) => link.to);
  }

  /** Ids of the objects that link to this one, as they are. */
  linking(to: string, kind: LinkKind): string[] {
    return [...this.links.by("to", `${to} ${kind}`)].map((link) => link.from);
  }

  hasLink(from: string, kind: LinkKind, to: string): boolean {
    return this.links.get(linkId(from, kind, to)) !== undefined;
  }

  link(from: string, kind: LinkKind, to: string, settled = false): void {
    if (this.hasLink(from, kind, to)) return;
    this.links.put({ id: linkId(from, kind, to), from, kind, to }, settled);
    this.onLink?.(from, kind, to, settled);
  }

  unlink(from: string, kind: LinkKind, to: string): void {
    if (!this.hasLink(from, kind, to)) return;
    this.links.remove(linkId(from, kind, to));
    this.onUnlink?.(from, kind, to);
  }

  /**
   * Takes an object away with every reference from and to it; its role rows stay, as ghosts. What may be restored goes
   * into the recycle bin: all but groups that are no Microsoft 365 groups.
   */
  delete(kind: ObjectKind, id: string): void {
    const value = this.of(kind).get(id);
    if (value === undefined) return;
    this.of(kind).remove(id);
    const links = this.linksOf(value.id);
    for (const link of links) this.links.remove(link.id);
    if (kind === "group" && !isUnified(value)) return;
    this.bin.put({ id: value.id, kind, value, links, at: this.visibility.now() }, true);
  }

  /** What was deleted less than 30 days ago. */
  *deleted(): Generator<DeletedObject> {
    for (const item of this.bin.all()) {
      if (item.at > this.visibility.now() - RETENTION_MS) yield item;
    }
  }

  /** Puts a deleted object back, with the references whose other side is still there. */
  restore(item: DeletedObject): void {
    this.bin.remove(item.id);
    this.of(item.kind).put(item.value);
    // PIM still has its rows of these references: it is not told of them again.
    for (const link of item.links) {
      const other = link.from === item.id ? link.to : link.from;
      if (this.kindOf(other) !== undefined) this.links.put(link);
    }
  }

  /** Takes a deleted object away for good. */
  purge(item: DeletedObject): void {
    this.bin.remove(item.id);
  }

  private linksOf(id: string): Link[] {
    return (["members", "owners", "unitMembers"] as const).flatMap((kind) => [
      ...this.links.by("from", `${id} ${kind}`),
      ...this.links.by("to", `${id} ${kind}`),
    ]);
  }

  /** Whether an object is in an administrative unit whose members only its own administrators may change. */
  isRestricted(id: string): boolean {
    return this.linking(id, "unitMembers").some(
      (unit) => this.units.get(unit)?.["isMemberManagementRestricted"] === true,
    );
  }
}

/** Every kind a principal or directory object may be of. */
export const OBJECT_KINDS: readonly ObjectKind[] = [
  "user",
  "group",
  "servicePrincipal",
  "application",
  "administrativeUnit",
];

const RETENTION_MS = 30 * 86_400_000;

/** Whether a group is a Microsoft 365 group: with a mailbox, and restorable. */
export function isUnified(group: Json): boolean {
  const types = group["groupTypes"];
  return Array.isArray(types) && types.includes("Unified");
}

function linkId(from: string, kind: LinkKind, to: string): string {
  return `${from} ${kind} ${to}`;
}

function textOf(member: string): (value: DirectoryObject) => string | undefined {
  return (value) => {
    const text = value[member];
    return typeof text === "string" ? text : undefined;
  };
}
