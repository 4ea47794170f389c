import { PimBook } from "../pim/book";
import { Collection, type Visibility } from "../store";
import type { Tenant } from "../tenant";
import { AzureAlertBook } from "./alert-book";
import { ArmThrottle } from "./arm-throttle";
import { AzureRoleCatalog } from "./azure-roles";
import { azureEvents } from "./azure-surface";
import type { DenyAssignment } from "./deny-book";
import { ArmPolicyBook } from "./policy-book";
import { AzureReviews } from "./reviews/azure-reviews";
import { ScopeTree } from "./scopes";

/** What a plain role assignment says besides who, what and where. */
export interface AssignmentFacts {
  readonly id: string;
  readonly description: string | null;
  readonly delegatedManagedIdentityResourceId: string | null;
  readonly principalType: string | null;
  readonly createdBy: string;
}

/** The Azure side of a tenant: scopes, roles, assignments, policies. */
export class ArmState {
  readonly tree: ScopeTree;
  readonly catalog: AzureRoleCatalog;
  readonly pim: PimBook;
  readonly policies: ArmPolicyBook;
  readonly assignmentFacts: Collection<AssignmentFacts>;
  readonly denials: Collection<DenyAssignment>;
  readonly alerts: AzureAlertBook;
  readonly reviews: AzureReviews;
  /** Namespaces of attributes: lower-case name to name. */
  readonly namespaces = new Map<string, string>();
  readonly throttle = new ArmThrottle();

  constructor(tenant: Tenant, visibility: Visibility) {
    this.alerts = new AzureAlertBook(tenant);
    this.reviews = new AzureReviews(tenant, visibility);
    this.tree = new ScopeTree(visibility, tenant.id);
    this.catalog = new AzureRoleCatalog(visibility);
    this.pim = new PimBook(visibility, tenant.timeline, azureEvents(tenant));
    this.policies = new ArmPolicyBook(visibility, tenant.id);
    this.denials = new Collection<DenyAssignment>(visibility);
    this.assignmentFacts = new Collection<AssignmentFacts>(visibility);
  }
}
