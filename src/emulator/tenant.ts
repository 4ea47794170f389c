import { AlertBook } from "./alerts/alert-book";
import { ArmState } from "./arm/state";
import type { AuditRow } from "./audit";
import { type Clock, createClock, parseDuration } from "./clock";
import { Directory, type DirectoryObject } from "./directory/directory";
import { groupEvents } from "./groups/group-surface";
import { followMemberships } from "./groups/membership";
import type { ManagedGroup } from "./groups/onboarding";
import { createIdSource, guidOf, type IdSource } from "./ids";
import type { Mail } from "./mails";
import type { EmulatorOptions, EmulatorSettings } from "./options";
import { PimBook } from "./pim/book";
import { PolicyBook } from "./pim/policy-book";
import { GraphReviews } from "./reviews/graph/graph-reviews";
import { RoleCatalog } from "./roles/catalog";
import { activePrincipals } from "./roles/directory-book";
import { directoryEvents } from "./roles/directory-surface";
import type { RoleMembers } from "./roles/role-delta";
import { Collection, type Visibility } from "./store";
import { Timeline } from "./timeline";

/** The whole state of an emulated tenant. */
export class Tenant {
  readonly id: string;
  readonly domain = "contoso.com";
  readonly displayName = "Contoso";
  readonly clock: Clock;
  readonly newId: IdSource;
  readonly timeline = new Timeline();
  readonly settings: EmulatorSettings;
  readonly directory: Directory;
  readonly roles: RoleCatalog;
  readonly policies: PolicyBook;
  /** Who had which directory role when a delta query was answered, by the token of that answer. */
  readonly roleDeltas = new Map<string, RoleMembers>();
  /** PIM of directory roles. */
  readonly directoryPim: PimBook;
  /** PIM for Groups. */
  readonly groupPim: PimBook;
  /** Groups that PIM manages. */
  readonly managedGroups: Collection<ManagedGroup>;
  /** When groups were made through the API: their policies may appear late. */
  readonly freshGroups = new Map<string, number>();
  /** Azure: scopes, roles, and their assignments. */
  readonly arm: ArmState;
  /** Alerts of directory roles. */
  readonly alerts: AlertBook;
  /** Access reviews of directory roles and groups. */
  readonly reviews: GraphReviews;
  readonly mails: Mail[] = [];
  readonly audits: AuditRow[] = [];
  private settledAt = 0;

  constructor(options: EmulatorOptions) {
    const seed = options.seed ?? 1;
    this.id = options.tenantId ?? guidOf(`tenant ${seed}`);
    this.clock = createClock(options.now);
    this.newId = createIdSource(seed);
    this.settings = {
      licensed: options.licensed ?? true,
      visibilityDelay: options.visibilityDelay ?? "PT0S",
      replicationDelay: "PT0S",
      throttle: options.throttle ?? null,
      updateKeepsScheduleId: false,
      appOnlyPolicyWrites: true,
      groupPolicyDelay: "PT0S",
      armPipelineIsPrivileged: true,
      armPolicyIdChanges: false,
      armIgnoresPartialPolicies: false,
      armInheritedRowsAreDirect: false,
      armThrottling: false,
      armAlertUpdatesAreEmpty: false,
      armPageSize: 1000,
    };
    const visibility: Visibility = {
      now: () => this.clock.now(),
      delay: () => this.visibilityDelayMs(),
    };
    this.directory = new Directory(visibility);
    this.roles = new RoleCatalog(visibility);
    this.policies = new PolicyBook(visibility, this.id);
    this.directoryPim = new PimBook(visibility, this.timeline, directoryEvents(this));
    this.groupPim = new PimBook(visibility, this.timeline, groupEvents(this));
    this.managedGroups = new Collection<ManagedGroup>(visibility);
    this.alerts = new AlertBook(this);
    this.reviews = new GraphReviews(this, visibility);
    followMemberships(this);
    this.arm = new ArmState(this, visibility);
  }

  /** Lets everything happen that the clock has reached. Before each request. */
  settle(): void {
    const now = this.clock.now();
    if (now === this.settledAt) return;
    this.settledAt = now;
    this.timeline.settle(now);
  }

  /** Ids of those who hold Global or Privileged Role Administrator: whom notifications of kind Admin go to. */
  administrators(): string[] {
    return activePrincipals(this, ["Global Administrator", "Privileged Role Administrator"]);
  }

  /** The people behind a principal: the user, or the members of a group. */
  peopleOf(principalId: string): DirectoryObject[] {
    const user = this.directory.users.get(principalId);
    if (user !== undefined) return [user];
    return this.directory
      .linked(principalId, "members")
      .flatMap((id) => this.directory.users.get(id) ?? []);
  }

  private visibilityDelayMs(): number {
    return parseDuration(this.settings.visibilityDelay) ?? 0;
  }
}
