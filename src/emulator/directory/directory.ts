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
  /** Told of each new reference: PIM for Groups follows memberships. */
  onLink?: (from: string, kind: LinkKind, to: string, settled: boolean) => void;
  /** Told of each reference that is gone; not of those that go with a deleted object. */
  onUnlink?: (from: string, kind: LinkKind, to: string) => void;

  constructor(visibility: Visibility) {
    const named = { displayName: textOf("displayName") };
    this.users = new Collection(visibility, {
      ...named,
      userPrincipalName: textOf("userPrincipalName"),
      mail: textOf("mail"),
    });
    this.groups = new Collection(visibility, named);
    this.servicePrincipals = new Collection(visibility, { ...named, appId: textOf("appId") });
    this.applications = new Collection(visibility, { ...named, appId: textOf("appId") });
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

  /** Takes an object away with every reference from and to it; its role rows stay, as ghosts. */
  delete(kind: ObjectKind, id: string): void {
    this.of(kind).remove(id);
    for (const linkKind of ["members", "owners", "unitMembers"] as const) {
      for (const to of this.linked(id, linkKind)) this.links.remove(linkId(id, linkKind, to));
      for (const from of this.linking(id, linkKind)) this.links.remove(linkId(from, linkKind, id));
    }
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

function linkId(from: string, kind: LinkKind, to: string): string {
  return `${from} ${kind} ${to}`;
}

function textOf(member: string): (value: DirectoryObject) => string | undefined {
  return (value) => {
    const text = value[member];
    return typeof text === "string" ? text : undefined;
  };
}
