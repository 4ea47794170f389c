import type { AuditRow } from "./audit";
import type { Clock } from "./clock";
import type { DirectoryObject } from "./directory/directory";
import type { Fault, Faults } from "./faults";
import { type GenerateOptions, generate } from "./generate";
import { grantedPermissions } from "./login";
import type { Mail } from "./mails";
import type { EmulatorInfo, EmulatorOptions, EmulatorSettings } from "./options";
import { type PlantedRequest, type PlantedSchedule, plantPending, plantSchedule } from "./plant";
import type { KeptAnswer, RequestLog, RequestRecord } from "./request-log";
import { roleIdOf, type Seed, type Seeded, seed } from "./seed";
import type { SignIns } from "./sign-in";
import type { Tenant } from "./tenant";
import type { Throttle } from "./throttle";
import type { TokenService } from "./tokens";

/** A token to be issued without sign-in. */
export interface TokenRequest {
  /** Object id or user principal name, for a delegated token. */
  user?: string;
  /** Application; for an application token without `user`. @default - the pipeline's */
  clientId?: string;
  /** Delegated permissions. */
  scopes?: string[];
  /** Application permissions. @default - those granted to the application */
  roles?: string[];
  /** Whether the sign-in was with MFA. @default false */
  mfa?: boolean;
  /** Authentication contexts satisfied, as "c1". */
  acrs?: string[];
  /** @default - Graph */
  audience?: "graph" | "arm" | string;
}

/** A person who signs in. */
export interface SignInRequest {
  /** Object id or user principal name. */
  user: string;
  /** User code of a device sign-in. @default - the browser */
  userCode?: string;
  /** @default true */
  mfa?: boolean;
  acrs?: string[];
}

/** What to do with the clock. */
export interface ClockChange {
  set?: string;
  advance?: string;
}

/** Everything a test may do to an emulator besides calling its APIs; the same as `/_emulator/…`. */
export interface EmulatorControl {
  info(): EmulatorInfo;
  /** Back to the fresh tenant, with other options where given; faults, records and mails are gone. */
  reset(options?: EmulatorOptions): EmulatorInfo;
  seed(given: Seed): Seeded;
  /** Fills the tenant with numbered users and assignments. */
  generate(options: GenerateOptions): { users: number; eligible: number; active: number };
  token(request: TokenRequest): Promise<{ access_token: string }>;
  /** Enters the user code of a device sign-in, or, without one, seats a person at the browser. */
  signIn(request: SignInRequest): { signedIn: boolean };
  /** Reads, sets or advances the clock. */
  clock(change?: ClockChange): { now: string };
  /** Arms a fault. */
  fault(fault: Fault): { id: string };
  faults(): { faults: ReturnType<Faults["list"]> };
  clearFaults(): void;
  requests(): { requests: RequestRecord[] };
  clearRequests(): void;
  mails(): { mails: Mail[] };
  clearMails(): void;
  audits(): { audits: AuditRow[] };
  /** Answers kept, with the option `keepAnswers`. */
  answers(): { answers: KeptAnswer[] };
  /** Reads the switches, or changes some. */
  settings(change?: Partial<EmulatorSettings>): EmulatorSettings;
  /** Makes the expanded policy of a role (id or name) answer 500, or heals it. */
  poison(role: string, isPoisoned?: boolean): void;
  /** Enters a row that no request made: an activation, one through a group, an inherited one. */
  plantSchedule(row: PlantedSchedule): { id: string };
  /** Enters somebody else's request that waits for approval. */
  plantPending(request: PlantedRequest): { id: string };
  /** Deletes a user, group or service principal; its role rows stay as ghosts. */
  deletePrincipal(id: string): void;
  /** Forgets requests at once, as 45 days do. */
  purgeRequests(): { purged: number };
}

/** What the control functions work on; replaced whole by a reset. */
export interface EmulatorState {
  tenant: Tenant;
  tokens: TokenService;
  signIns: SignIns;
  faults: Faults;
  throttle: Throttle;
  log: RequestLog;
  info: EmulatorInfo;
}

/** The control functions over the current state. */
export function createControl(
  state: () => EmulatorState,
  reset: (options?: EmulatorOptions) => void,
): EmulatorControl {
  const tenant = () => state().tenant;
  return {
    info: () => state().info,
    reset: (options) => {
      reset(options);
      return state().info;
    },
    seed: (given) => seed(tenant(), given),
    generate: (options) => generate(tenant(), options),
    token: (request) => issue(state(), request),
    signIn: (request) => signIn(state(), request),
    clock: (change) => moveClock(tenant(), change),
    fault: (fault) => ({ id: state().faults.add(fault) }),
    faults: () => ({ faults: state().faults.list() }),
    clearFaults: () => state().faults.clear(),
    requests: () => ({ requests: state().log.records }),
    clearRequests: () => state().log.clear(),
    mails: () => ({ mails: tenant().mails }),
    clearMails: () => {
      tenant().mails.length = 0;
    },
    audits: () => ({ audits: tenant().audits }),
    answers: () => ({ answers: state().log.answers }),
    settings: (change) => Object.assign(tenant().settings, change),
    poison: (role, isPoisoned) => poison(tenant(), role, isPoisoned),
    plantSchedule: (row) => plantSchedule(tenant(), row),
    plantPending: (request) => plantPending(tenant(), request),
    deletePrincipal: (id) => deletePrincipal(tenant(), id),
    purgeRequests: () => purgeRequests(tenant()),
  };
}

async function issue(
  state: EmulatorState,
  request: TokenRequest,
): Promise<{ access_token: string }> {
  const { tenant, info, tokens } = state;
  const audience =
    request.audience === "arm"
      ? info.arm
      : request.audience === undefined || request.audience === "graph"
        ? info.graph
        : request.audience;
  const appId = request.clientId ?? info.clientId;
  if (request.user !== undefined) {
    const user = userOf(tenant, request.user);
    const access_token = await tokens.issue({
      kind: "user",
      id: user.id,
      appId,
      audience,
      permissions: request.scopes ?? ["User.Read"],
      mfa: request.mfa ?? false,
      acrs: request.acrs ?? [],
      name: String(user["displayName"]),
      userPrincipalName: String(user["userPrincipalName"]),
    });
    return { access_token };
  }
  const [principal] = [...tenant.directory.servicePrincipals.by("appId", appId)];
  if (principal === undefined) throw new RangeError(`unknown application: ${appId}`);
  const permissions = request.roles ?? grantedPermissions(tenant, principal);
  return {
    access_token: await tokens.issue({
      kind: "app",
      id: principal.id,
      appId,
      audience,
      permissions,
    }),
  };
}

function signIn({ tenant, signIns }: EmulatorState, request: SignInRequest): { signedIn: boolean } {
  const { user, userCode, mfa = true, acrs = [] } = request;
  const person = { userId: userOf(tenant, user).id, mfa, acrs };
  if (userCode !== undefined) return { signedIn: signIns.completeDevice(userCode, person) };
  signIns.browser = person;
  return { signedIn: true };
}

function userOf(tenant: Tenant, idOrName: string): DirectoryObject {
  const user =
    tenant.directory.users.get(idOrName) ??
    [...tenant.directory.users.by("userPrincipalName", idOrName)][0];
  if (user === undefined) throw new RangeError(`unknown user: ${idOrName}`);
  return user;
}

function moveClock(tenant: Tenant, change: ClockChange = {}): { now: string } {
  const clock: Clock = tenant.clock;
  if (change.set !== undefined) clock.set(change.set);
  if (change.advance !== undefined) clock.advance(change.advance);
  tenant.settle();
  return { now: new Date(clock.now()).toISOString() };
}

function poison(tenant: Tenant, role: string, isPoisoned = true): void {
  const templateId = tenant.roles.definitions.get(roleIdOf(tenant, role))?.templateId ?? role;
  tenant.policies.poison(tenant.policies.current("DirectoryRole", "/", templateId), isPoisoned);
}

function deletePrincipal(tenant: Tenant, id: string): void {
  const kind = tenant.directory.kindOf(id);
  if (kind === undefined) throw new RangeError(`unknown principal: ${id}`);
  tenant.directory.delete(kind, id);
}

function purgeRequests(tenant: Tenant): { purged: number } {
  let purged = 0;
  for (const book of [tenant.directoryPim, tenant.groupPim, tenant.arm.pim]) {
    for (const requests of Object.values(book.requests)) {
      for (const request of [...requests.all()]) {
        requests.remove(request.id);
        purged += 1;
      }
    }
  }
  return { purged };
}
