/** What an emulated tenant starts as. */
export interface EmulatorOptions {
  /** TCP port; 0 takes a free one. @default 0 */
  port?: number;
  /** Serves HTTPS with a throw-away CA. @default false */
  tls?: boolean;
  /** @default - derived from the seed */
  tenantId?: string;
  /** Seed of every id and random choice. @default 1 */
  seed?: number;
  /** RFC 3339 start of the clock, which then runs. @default - real time */
  now?: string;
  /** Users of the fresh tenant besides the administrator. @default 10 */
  users?: number;
  /** Role-assignable groups of the fresh tenant. @default 2 */
  groups?: number;
  /** Eligible rows of the fresh tenant, spread over its users and the built-in roles. @default 0 */
  eligible?: number;
  /** Active rows of the fresh tenant. @default 0 */
  active?: number;
  /** Requests admitted per time; the rest answers 429 with `Retry-After`. @default - no limit */
  throttle?: ThrottleOptions;
  /** ISO 8601 time between a write and the first read that shows it. @default "PT0S" */
  visibilityDelay?: string;
  /** Whether the tenant has Entra ID P2. @default true */
  licensed?: boolean;
  /** Keeps every answer for later inspection. @default false */
  keepAnswers?: boolean;
}

/** How many requests are admitted. */
export interface ThrottleOptions {
  /** Writes (everything but GET) per window. @default - no limit */
  writes?: number;
  /** Requests of any kind per window. @default - no limit */
  requests?: number;
  /** Length of the window in seconds. @default 10 */
  seconds?: number;
}

/** How to reach an emulator. Base URLs have neither version nor tenant, nor a final slash. */
export interface EmulatorInfo {
  url: string;
  graph: string;
  arm: string;
  authority: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  /** PEM file of the throw-away CA, with `tls`. */
  caFile?: string;
}

/** What can be switched while an emulator runs. */
export interface EmulatorSettings {
  licensed: boolean;
  visibilityDelay: string;
  /** ISO 8601 time until PIM knows a new principal or role: SubjectNotFound, RoleNotFound before. */
  replicationDelay: string;
  throttle: ThrottleOptions | null;
  /** Whether adminUpdate keeps the schedule's id. Unverified on directory roles; groups get a new one. */
  updateKeepsScheduleId: boolean;
  /** Whether applications may change the policies of directory roles; sources disagree. */
  appOnlyPolicyWrites: boolean;
  /** ISO 8601 time until a fresh or just onboarded group's policies can be found. */
  groupPolicyDelay: string;
  /** Whether the pipeline's application may do everything in Azure without an assignment there. */
  armPipelineIsPrivileged: boolean;
  /** Whether an Azure policy gets a new id with each change (azurerm says so; azure-native's tests say not). */
  armPolicyIdChanges: boolean;
  /** Whether a change of an Azure policy that does not send all rules is ignored without a word. */
  armIgnoresPartialPolicies: boolean;
  /** Whether rows of scopes above are told as direct (EasyPIM) and not as inherited. */
  armInheritedRowsAreDirect: boolean;
  /** Whether Azure's published rates are enforced; they are always counted. */
  armThrottling: boolean;
  /** Whether a changed alert of Azure roles is answered with 204 (the current interface) and not with the alert (its examples). */
  armAlertUpdatesAreEmpty: boolean;
  /** Rows on a page of Azure's lists. */
  armPageSize: number;
}
