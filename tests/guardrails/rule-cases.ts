// A case of every rule: what it objects to, and what it lets pass; run as a function, by the command and by the pack.

import type { LiveFacts } from "../../src/model/access-facts";
import type { Holder } from "../../src/model/lockout";
import { EntraRole } from "../../src/model/roles-entra";
import {
  assignment,
  type Bag,
  creates,
  EXCHANGE,
  GLOBAL_ADMINISTRATOR,
  granted,
  guid,
  settings,
  step,
} from "../preview/plan-builder";

/** A rule's case: steps that it objects to, and steps of the same kind that it lets pass. */
export interface RuleCase {
  rule: string;
  severity: "block" | "warn" | "note";
  message: RegExp;
  fails: readonly Bag[];
  passes: readonly Bag[];
  config?: object;
  facts?: LiveFacts;
  /** A pack reads no clock: it cannot tell an end that was declared in the past from one that came. */
  needsClock?: true;
}

export const GA = {
  directoryRole: { role: GLOBAL_ADMINISTRATOR },
  roleDefinitionId: GLOBAL_ADMINISTRATOR,
};
const PRA = {
  directoryRole: { role: EntraRole.PrivilegedRoleAdministrator },
  roleDefinitionId: EntraRole.PrivilegedRoleAdministrator,
};
const HELPDESK = {
  directoryRole: { role: EntraRole.HelpdeskAdministrator },
  roleDefinitionId: EntraRole.HelpdeskAdministrator,
};
const GROUP = guid(900);

const grant = (kind: "EligibleAssignment" | "ActiveAssignment", more: Bag = {}, name = "x") =>
  step("create", kind, name, undefined, { inputs: assignment(more) });
export const active = (more: Bag = {}, name = "x") => grant("ActiveAssignment", more, name);
export const eligible = (more: Bag = {}, name = "x") => grant("EligibleAssignment", more, name);
const rules = (tree: Bag, more: Bag = {}, name = "s") =>
  step("create", "RoleSettings", name, undefined, {
    inputs: settings(tree, { found: {}, ...more }),
  });
const held = (
  _kind: string,
  _name: string,
  more: Bag = {},
  endsAt: string | null = "2027-02-01T00:00:00Z",
) => {
  const inputs = assignment(more);
  return { inputs, outputs: granted(inputs, endsAt) };
};
export const group = {
  group: { group: GROUP, access: "member" },
  groupId: GROUP,
  groupName: "sg",
  directoryRole: undefined,
  roleDefinitionId: undefined,
};
export const byGroup = {
  principal: { group: GROUP },
  principalId: GROUP,
  principalKind: "group",
  principalName: "sg",
};
export const permanent = { expiration: { permanent: true } };

function holder(more: Partial<Holder> = {}): Holder {
  return {
    principalId: guid(1),
    roleDefinitionId: GLOBAL_ADMINISTRATOR,
    name: "ann",
    endsAt: null,
    active: true,
    isUser: true,
    enabled: true,
    cloudOnly: true,
    isMember: true,
    ...more,
  };
}

const removal = (more: Bag = {}, kind = "ActiveAssignment", endsAt: string | null = null) =>
  step("delete", kind, "gone", held(kind, "gone", more, endsAt));

export const CASES: readonly RuleCase[] = [
  {
    rule: "PIM001",
    severity: "block",
    message: /ann@contoso.example would hold Global Administrator permanently/,
    fails: [active({ ...GA, ...permanent })],
    passes: [active(GA), eligible({ ...GA, ...permanent })],
  },
  {
    rule: "PIM001",
    severity: "warn",
    message: /Helpdesk/,
    fails: [active({ ...HELPDESK, ...permanent })],
    passes: [active({ ...HELPDESK, ...permanent })],
    config: { rules: {} },
  },
  {
    rule: "PIM002",
    severity: "warn",
    message: /allow permanent active/,
    fails: [rules({ activeAssignment: { allowPermanent: true } })],
    passes: [rules({ activeAssignment: { allowPermanent: false } })],
  },
  {
    rule: "PIM003",
    severity: "block",
    message: /Global Administrator can be activated without anybody's approval/,
    fails: [rules({ activation: { requireApproval: false } }, GA)],
    passes: [
      rules({ activation: { requireApproval: false } }),
      rules({ activation: { requireApproval: true } }, GA, "t"),
    ],
  },
  {
    rule: "PIM003",
    severity: "block",
    message: /member of group sg, which holds that role/,
    fails: [
      active({ ...GA, ...byGroup }),
      rules({ activation: { requireApproval: false } }, group),
    ],
    passes: [
      active({ ...HELPDESK, ...byGroup }),
      rules({ activation: { requireApproval: false } }, group),
    ],
  },
  {
    rule: "PIM004",
    severity: "block",
    message: /Privileged Role Administrator/,
    fails: [rules({ activation: { requireApproval: false } }, PRA)],
    passes: [rules({ activation: { requireApproval: true } }, PRA)],
  },
  {
    rule: "PIM005",
    severity: "warn",
    message: /has 1 approver/,
    fails: [rules({ activation: { requireApproval: true, approvers: [{ user: guid(2) }] } })],
    passes: [rules({ activation: { requireApproval: true, approvers: [{ group: guid(2) }] } })],
  },
  {
    rule: "PIM006",
    severity: "block",
    message: /without MFA/,
    fails: [rules({ activation: { requireMfa: false } })],
    passes: [rules({ activation: { requireMfa: false, authenticationContext: "c1" } })],
  },
  {
    rule: "PIM007",
    severity: "note",
    message: /sign-in of earlier/,
    fails: [rules({ activation: { requireMfa: true } }, GA)],
    passes: [rules({ activation: { requireMfa: true } })],
  },
  {
    rule: "PIM008",
    severity: "warn",
    message: /without a justification/,
    fails: [rules({ activation: { requireJustification: false } })],
    passes: [rules({ activation: { requireJustification: true } })],
  },
  {
    rule: "PIM008",
    severity: "note",
    message: /without a ticket/,
    fails: [rules({ activation: { requireTicket: false } }, GA)],
    passes: [rules({ activation: { requireTicket: false } })],
  },
  {
    rule: "PIM009",
    severity: "block",
    message: /active for 9 h at a time; 1 h/,
    fails: [rules({ activation: { maximumDuration: "PT9H" } }, GA)],
    passes: [rules({ activation: { maximumDuration: "PT1H" } }, GA)],
  },
  {
    rule: "PIM009",
    severity: "warn",
    message: /5 h/,
    fails: [rules({ activation: { maximumDuration: "PT5H" } })],
    passes: [rules({ activation: { maximumDuration: "PT4H" } })],
  },
  {
    rule: "PIM010",
    severity: "block",
    message: /nobody who watches is told when somebody becomes eligible/,
    fails: [
      rules({ notifications: { eligibleAssignment: { admin: { additionalRecipients: [] } } } }),
    ],
    passes: [
      rules({
        notifications: {
          eligibleAssignment: { admin: { additionalRecipients: ["soc@contoso.example"] } },
        },
      }),
    ],
    config: { profile: "cisa" },
  },
  {
    rule: "PIM010",
    severity: "warn",
    message: /somebody activates/,
    fails: [
      rules({
        notifications: {
          activation: { admin: { additionalRecipients: [], defaultRecipients: false } },
        },
      }),
    ],
    passes: [
      rules({
        notifications: {
          activation: { admin: { additionalRecipients: [], defaultRecipients: true } },
        },
      }),
    ],
  },
  {
    rule: "PIM011",
    severity: "warn",
    message: /could be Global Administrator in this stack: at least 5/,
    fails: creates(5, (index) => ({ ...GA, principalId: guid(index) })),
    passes: creates(4, (index) => ({ ...GA, principalId: guid(index) })),
  },
  {
    rule: "PIM011",
    severity: "block",
    message: /could be Global Administrator in the tenant: 1/,
    fails: [removal({ ...GA, principalId: guid(2) })],
    passes: [removal({ ...GA, principalId: guid(3) })],
    facts: { globalAdministrators: [guid(1), guid(2)] },
  },
  {
    rule: "PIM012",
    severity: "note",
    message: /in this stack: 2; others.*: only 1/,
    fails: [
      ...creates(2, (index) => ({ ...GA, principalId: guid(index) })),
      eligible({ principalId: guid(9) }),
    ],
    passes: [eligible(GA), eligible({ principalId: guid(9) }, "y")],
  },
  {
    rule: "PIM013",
    severity: "note",
    message: /11 assignments/,
    fails: creates(11, () => ({ ...HELPDESK })),
    passes: creates(10, () => ({ ...HELPDESK })),
  },
  {
    rule: "PIM014",
    severity: "block",
    message: /is a guest/,
    fails: [
      eligible({
        principal: { user: "eve_other.example#EXT#@contoso.example" },
        principalName: "eve_other.example#EXT#@contoso.example",
      }),
    ],
    passes: [eligible()],
  },
  {
    rule: "PIM015",
    severity: "warn",
    message: /synchronised/,
    fails: [eligible()],
    passes: [eligible({ principalId: guid(2) })],
    facts: { principals: { [guid(1)]: { isSynced: true } } },
  },
  {
    rule: "PIM016",
    severity: "block",
    message: /application: it can never activate/,
    fails: [
      eligible({ principal: { servicePrincipal: guid(1) }, principalKind: "servicePrincipal" }),
    ],
    passes: [eligible()],
  },
  {
    rule: "PIM016",
    severity: "warn",
    message: /secret would be worth the role/,
    fails: [
      active({ principal: { servicePrincipal: guid(1) }, principalKind: "servicePrincipal" }),
    ],
    passes: [active()],
  },
  {
    rule: "PIM017",
    severity: "note",
    message: /would never end/,
    fails: [eligible(permanent)],
    passes: [eligible()],
  },
  {
    rule: "PIM018",
    severity: "warn",
    message: /PIM cannot say who is behind a group/,
    fails: [
      eligible({
        ...group,
        principal: { group: guid(5) },
        principalId: guid(5),
        principalKind: "group",
      }),
    ],
    passes: [eligible(group)],
  },
  {
    rule: "PIM018",
    severity: "warn",
    message: /as owner of group sg can give Exchange Administrator to anybody/,
    fails: [active({ ...group, group: { group: GROUP, access: "owner" } }, "o"), active(byGroup)],
    passes: [active({ ...group, group: { group: GROUP, access: "owner" } }, "o")],
  },
  {
    rule: "PIM019",
    severity: "warn",
    message: /asks for less than Exchange Administrator.*\(activation: MFA\)/,
    fails: [
      active(byGroup),
      rules({ activation: { requireMfa: false } }, group, "g"),
      rules({ activation: { requireMfa: true } }),
    ],
    passes: [
      active(byGroup),
      rules({ activation: { requireMfa: true } }, group, "g"),
      rules({ activation: { requireMfa: true } }),
    ],
  },
  {
    rule: "PIM020",
    severity: "block",
    message: /approval that nobody can give/,
    fails: [rules({ activation: { requireApproval: true, approvers: [] } }, GA)],
    passes: [
      rules({ activation: { requireApproval: true, approvers: [] } }, GA),
      active({ ...GA, ...permanent }),
    ],
  },
  {
    rule: "PIM020",
    severity: "block",
    message: /is the last who holds Global Administrator permanently in the tenant/,
    fails: [removal({ ...GA, ...permanent })],
    passes: [removal({ ...GA, ...permanent, principalId: guid(2) })],
    facts: { holders: [holder()] },
  },
  {
    rule: "PIM021",
    severity: "block",
    message: /is an emergency account/,
    fails: [removal({ ...GA, ...permanent })],
    passes: [active({ ...GA, ...permanent })],
    config: { breakGlass: ["ann@contoso.example", guid(2)] },
  },
  {
    rule: "PIM021",
    severity: "block",
    message: /lists 0 emergency accounts/,
    fails: [eligible(GA)],
    passes: [eligible()],
    config: { profile: "strict" },
  },
  {
    rule: "PIM022",
    severity: "warn",
    message: /without an assignment in PIM/,
    fails: [eligible()],
    passes: [],
    facts: {
      outsidePim: [
        {
          principalId: guid(4),
          principalName: "old admin",
          roleDefinitionId: GLOBAL_ADMINISTRATOR,
        },
      ],
    },
    config: {},
  },
  {
    rule: "PIM023",
    severity: "note",
    message: /does not use/,
    fails: [eligible()],
    passes: [],
    facts: {
      unused: [
        {
          principalId: guid(4),
          principalName: "old",
          roleDefinitionId: EXCHANGE,
          alert: "notActivated",
        },
      ],
    },
  },
  {
    rule: "PIM024",
    severity: "warn",
    message: /only approver/,
    fails: [
      eligible(),
      rules({ activation: { requireApproval: true, approvers: [{ user: guid(1) }] } }),
    ],
    passes: [
      eligible(),
      rules({ activation: { requireApproval: true, approvers: [{ user: guid(2) }] } }),
    ],
  },
  {
    rule: "PIM025",
    severity: "block",
    message: /Global Administrator would ask for less \(activation: approval\)/,
    fails: [
      rules(
        { activation: { requireApproval: false } },
        { ...GA, found: { activation: { requireApproval: true } } },
      ),
    ],
    passes: [
      rules(
        { activation: { requireApproval: true } },
        { ...GA, found: { activation: { requireApproval: false } } },
      ),
    ],
  },
  {
    rule: "PIM026",
    severity: "warn",
    message: /3 of 4 assignments/,
    fails: [1, 2, 3]
      .map((n) =>
        step(
          "delete",
          "EligibleAssignment",
          `u${n}`,
          held("EligibleAssignment", "u", { principalId: guid(n) }),
        ),
      )
      .concat(
        step(
          "same",
          "EligibleAssignment",
          "u4",
          held("", "", { principalId: guid(4) }),
          held("", "", { principalId: guid(4) }),
        ),
      ),
    passes: [1, 2].map((n) =>
      step(
        "delete",
        "EligibleAssignment",
        `u${n}`,
        held("EligibleAssignment", "u", { principalId: guid(n) }),
      ),
    ),
  },
  {
    rule: "PIM027",
    severity: "warn",
    message: /known only after the update/,
    fails: [
      eligible({
        principal: { user: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
        principalId: undefined,
        principalName: undefined,
      }),
    ],
    passes: [eligible()],
  },
  {
    rule: "PIM028",
    severity: "warn",
    message: /stays in the tenant/,
    fails: [removal({ onDelete: "keep" }, "EligibleAssignment", "2027-02-01T00:00:00Z")],
    passes: [removal({}, "EligibleAssignment", "2027-02-01T00:00:00Z")],
  },
  {
    rule: "PIM029",
    severity: "warn",
    message: /nobody has seen/,
    fails: [rules({ activation: { requireMfa: true } }, { found: "atCreate" })],
    passes: [
      rules({ activation: { requireMfa: true } }, { found: { activation: { requireMfa: true } } }),
    ],
  },
  {
    rule: "PIM030",
    severity: "block",
    message: /has passed/,
    needsClock: true,
    fails: [eligible({ expiration: { endsAt: "2026-11-01T00:00:00Z" } })],
    passes: [eligible({ expiration: { endsAt: "2027-01-01T00:00:00Z" } })],
  },
  {
    rule: "PIM030",
    severity: "block",
    message: /lasts 90 d, longer than the 30 d/,
    fails: [eligible({ limits: { maximumDuration: "P30D" } })],
    passes: [eligible({ limits: { maximumDuration: "P90D" } })],
  },
  {
    rule: "PIM030",
    severity: "block",
    message: /is permanent/,
    fails: [eligible({ ...permanent, limits: { allowPermanent: false } })],
    passes: [eligible({ ...permanent, limits: { allowPermanent: true } })],
  },
  {
    rule: "PIM031",
    severity: "block",
    message: /somebody removed/,
    fails: [
      step("update", "EligibleAssignment", "x", held("", "", { ...GA, live: "removed" }), {
        inputs: assignment(GA),
      }),
    ],
    passes: [
      step("update", "EligibleAssignment", "x", held("", "", GA), { inputs: assignment(GA) }),
    ],
  },
];
