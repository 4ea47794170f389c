/** Where the containers and the values of arguments are: one literal for each interface of the same name. */
export type Shape = LeafShape | ObjectShape | ListShape | MapShape;

/** A single value, which may be an Output. */
export interface LeafShape {
  is: "leaf";
  /** Not a property, but so near to one that a rule of its own explains it. */
  isRefused?: true;
}

/** An object with known properties. */
export interface ObjectShape {
  is: "object";
  properties: Readonly<Record<string, Shape>>;
}

/** A list. */
export interface ListShape {
  is: "list";
  items: Shape;
}

/** An object whose keys are the user's own. */
export interface MapShape {
  is: "map";
  values: Shape;
}

const LEAF: LeafShape = { is: "leaf" };

const REFUSED: LeafShape = { is: "leaf", isRefused: true };

const PRINCIPAL = object({ user: LEAF, group: LEAF, servicePrincipal: LEAF });

const ROLE_REFERENCE = {
  directoryRole: object({ role: LEAF, scope: LEAF }),
  group: object({ group: LEAF, access: LEAF }),
  azureRole: object({ role: LEAF, scope: LEAF }),
};

const TIMEOUTS = object({ create: LEAF, update: LEAF, delete: LEAF });

const ASSIGNMENT = {
  principal: PRINCIPAL,
  expiration: object({ duration: LEAF, endsAt: LEAF, permanent: LEAF }),
  startsAt: LEAF,
  justification: LEAF,
  ticket: object({ number: LEAF, system: LEAF }),
  onExpired: LEAF,
  onRemoved: LEAF,
  onDelete: LEAF,
  adopt: LEAF,
  timeouts: TIMEOUTS,
};

const STAGE = object({
  allowPermanent: LEAF,
  maximumDuration: LEAF,
  requireMfa: LEAF,
  requireJustification: LEAF,
  requireTicket: REFUSED,
});

const MAIL = object({ level: LEAF, defaultRecipients: LEAF, additionalRecipients: list(LEAF) });
const MAILS = object({ admin: MAIL, assignee: MAIL, approver: MAIL });

const SETTINGS = {
  activation: object({
    maximumDuration: LEAF,
    requireMfa: LEAF,
    authenticationContext: LEAF,
    requireJustification: LEAF,
    requireTicket: LEAF,
    requireApproval: LEAF,
    approvers: list(PRINCIPAL),
  }),
  eligibleAssignment: STAGE,
  activeAssignment: STAGE,
  notifications: object({ eligibleAssignment: MAILS, activeAssignment: MAILS, activation: MAILS }),
  pimOnlyMode: object({
    mode: LEAF,
    excludedPrincipals: list(PRINCIPAL),
    excludedAssignmentTypes: list(LEAF),
  }),
  unspecified: LEAF,
  onDelete: LEAF,
  timeouts: TIMEOUTS,
};

export const SETTINGS_SHAPE = object(SETTINGS);
export const ROLE_SETTINGS_SHAPE = object({ ...ROLE_REFERENCE, ...SETTINGS });
export const ASSIGNMENT_SHAPE = object({ ...ROLE_REFERENCE, ...ASSIGNMENT, condition: LEAF });
export const DIRECTORY_ROLE_SHAPE = object({
  role: LEAF,
  ...access(object({ ...ASSIGNMENT, scope: LEAF })),
});
export const AZURE_ROLE_SHAPE = object({
  role: LEAF,
  scope: LEAF,
  ...access(object({ ...ASSIGNMENT, condition: LEAF })),
});
const GROUP_SIDE = object(access(object(ASSIGNMENT)));
export const PRIVILEGED_GROUP_SHAPE = object({
  group: LEAF,
  newGroup: object({
    displayName: LEAF,
    description: LEAF,
    assignableToRole: LEAF,
    owners: list(PRINCIPAL),
  }),
  member: GROUP_SIDE,
  owner: GROUP_SIDE,
});
export const BREAK_GLASS_SHAPE = object({ accounts: map(PRINCIPAL) });
export const TENANT_BASELINE_SHAPE = object({
  profile: LEAF,
  breakGlass: BREAK_GLASS_SHAPE,
  approvers: list(PRINCIPAL),
  alertRecipients: list(LEAF),
  tiers: map(SETTINGS_SHAPE),
  roles: map(object({ ...DIRECTORY_ROLE_SHAPE.properties, tier: LEAF })),
  otherRoles: LEAF,
});
export const PIPELINE_IDENTITY_SHAPE = object({
  github: object({ repository: LEAF, environment: LEAF }),
  azureDevOps: object({
    organizationId: LEAF,
    organization: LEAF,
    project: LEAF,
    serviceConnection: LEAF,
    readServiceConnection: LEAF,
    read: object({ issuer: LEAF, subject: LEAF }),
    write: object({ issuer: LEAF, subject: LEAF }),
  }),
  surfaces: list(LEAF),
  azureScopes: list(LEAF),
  cloud: LEAF,
});
export const PROVIDER_SHAPE = object({
  tenantId: LEAF,
  clientId: LEAF,
  clientIdFilePath: LEAF,
  clientSecret: LEAF,
  clientSecretFilePath: LEAF,
  clientCertificatePath: LEAF,
  clientCertificatePassword: LEAF,
  oidcTokenFilePath: LEAF,
  adoPipelineServiceConnectionId: LEAF,
  useOidc: LEAF,
  useMsi: LEAF,
  useCli: LEAF,
  useBrowser: LEAF,
  useDeviceCode: LEAF,
  cloud: LEAF,
  metadataHost: LEAF,
  graphEndpoint: LEAF,
  armEndpoint: LEAF,
  authorityHost: LEAF,
  allowLockout: list(LEAF),
});

function object(properties: Readonly<Record<string, Shape>>): ObjectShape {
  return { is: "object", properties };
}

function list(items: Shape): ListShape {
  return { is: "list", items };
}

function map(values: Shape): MapShape {
  return { is: "map", values };
}

/** Settings and assignments of one role. */
function access(assignment: ObjectShape): Record<string, Shape> {
  const assignments = map(assignment);
  return {
    settings: SETTINGS_SHAPE,
    eligibleAssignments: assignments,
    activeAssignments: assignments,
  };
}
