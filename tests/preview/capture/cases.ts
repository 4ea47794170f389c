// What is captured: a tenant, programs that are applied one after the other, what happens in the portal, and a preview.

import { join } from "node:path";
import type { EmulatorControl } from "../../../src/emulator";
import { repositoryRoot } from "../../e2e/harness/repository";

/** One captured preview. */
export interface CaptureCase {
  name: string;
  /** Applied before the preview, in order. */
  before?: readonly string[];
  /** What somebody does in the tenant, or how time passes, after that. */
  meanwhile?: (control: EmulatorControl) => string | undefined;
  /** The program that is previewed. */
  program: string;
  args?: readonly string[];
  refresh?: boolean;
  expectFailure?: boolean;
  env?: Readonly<Record<string, string>>;
  /** Without our package. */
  isPlain?: boolean;
  files?: Readonly<Record<string, string>>;
  config?: Readonly<Record<string, string | { secret: string }>>;
}

export const ANN = "aaaaaaaa-0000-4000-8000-000000000001";
export const BOB = "aaaaaaaa-0000-4000-8000-000000000002";
export const CAT = "aaaaaaaa-0000-4000-8000-000000000003";
export const TEAM = "bbbbbbbb-0000-4000-8000-000000000001";
export const HOSTILE = "bbbbbbbb-0000-4000-8000-000000000002";
export const APPROVERS = "bbbbbbbb-0000-4000-8000-000000000003";
export const UNIT = "cccccccc-0000-4000-8000-000000000001";
export const SUBSCRIPTION = "/subscriptions/dddddddd-0000-4000-8000-000000000001";

/** Pipes, backticks, HTML, a mention, right-to-left, zero-width, a newline. */
export const HOSTILE_NAME =
  "sg|`x` **b** <img src=x> @admins \u202eevil\u200b\n# [a](http://e.example)";

const PACK = join(repositoryRoot, "policy-pack");

/** Ids that the engine learns only in the update. */
const IDS = `
class Ids { create = async () => ({ id: "x", outs: { value: "x" } }); }
const unknown = (name) => new (class extends pulumi.dynamic.Resource { constructor() { super(new Ids(), name, { value: undefined }); } })().value;`;

const ann = `{ user: "ann@contoso.example" }`;
const bob = `{ user: "bob@contoso.example" }`;
const team = `{ group: "${TEAM}" }`;

const settings = (more: string) => `
  activation: { maximumDuration: "PT1H", requireMfa: true, requireJustification: true, requireTicket: true, ${more} },
  eligibleAssignment: { allowPermanent: false, maximumDuration: "P365D" },
  activeAssignment: { allowPermanent: true, maximumDuration: "P30D" },`;

const approval = `requireApproval: true, approvers: [${bob}, { group: "${APPROVERS}" }]`;

/** The story of the guide: a role with approval, a team that is eligible for it. */
const story = (activation: string, eligible: string, active = "") => `
new pim.DirectoryRole("global-admin", {
  role: pim.EntraRole.GlobalAdministrator,
  settings: {${settings(activation)}
  },
  eligibleAssignments: { team: { principal: ${team}, expiration: ${eligible}, justification: "on call" } },
  activeAssignments: { ${active} },
});`;

const eligible = (expiration: string, more = "") => `
new pim.EligibleAssignment("ann", {
  directoryRole: { role: pim.EntraRole.ExchangeAdministrator },
  principal: ${ann}, expiration: ${expiration}, justification: "CHG-1", ${more}
});`;

const active = (more = "") => `
new pim.ActiveAssignment("ann", {
  directoryRole: { role: pim.EntraRole.ExchangeAdministrator },
  principal: ${ann}, expiration: { duration: "P10D" }, justification: "CHG-1", ${more}
});`;

/** Settings and a window that a program hides from whoever reviews it. */
const secretly = (duration: string, mfa: boolean) => `
const role = { directoryRole: { role: pim.EntraRole.GlobalAdministrator } };
new pim.RoleSettings("global", {
  ...role,
  activation: { maximumDuration: "PT1H", requireMfa: pulumi.secret(${mfa}) },
});
new pim.ActiveAssignment("ann", {
  ...role, principal: ${ann}, expiration: { duration: pulumi.secret("${duration}") }, justification: "x",
});`;

const onlyDuration = `
new pim.RoleSettings("exchange", {
  directoryRole: { role: pim.EntraRole.ExchangeAdministrator },
  activation: { maximumDuration: "PT2H" },
});`;

const group = `
new pim.PrivilegedGroup("break-fix", {
  group: "${TEAM}",
  member: {
    settings: { activation: { maximumDuration: "PT4H", requireMfa: false, requireJustification: true } },
    eligibleAssignments: { ann: { principal: ${ann}, expiration: { duration: "P90D" }, justification: "x" } },
  },
  owner: { activeAssignments: { bob: { principal: ${bob}, expiration: { duration: "P30D" }, justification: "x" } } },
});
new pim.ActiveAssignment("group-holds", {
  directoryRole: { role: pim.EntraRole.UserAdministrator },
  principal: ${team}, expiration: { permanent: true }, justification: "held through the group",
});`;

const azure = `
new pim.AzureRole("owner", {
  role: pim.AzureBuiltInRole.Owner,
  scope: "${SUBSCRIPTION}",
  settings: { activation: { maximumDuration: "PT1H", requireMfa: true, requireApproval: false } },
  eligibleAssignments: { ann: { principal: ${ann}, expiration: { duration: "P90D" }, justification: "x" } },
});`;

/** A resource whose output is known only after the update. */
const madeUser = {
  "made.js": `
    const pulumi = require("@pulumi/pulumi");
    exports.Made = class extends pulumi.CustomResource {
      constructor(name) {
        super("pulumi-nodejs:dynamic/test:Made", name, { objectId: undefined, displayName: name, __provider: "exports.handler=()=>({create:async()=>({id:'1',outs:{objectId:'${CAT}'}})})" });
      }
    };`,
};

export const CASES: readonly CaptureCase[] = [
  { name: "empty-stack", program: "" },
  {
    name: "without-pim",
    isPlain: true,
    program: `const pulumi = require("@pulumi/pulumi");\nnew pulumi.ComponentResource("test:index:Thing", "thing");`,
  },
  { name: "first-grants", program: story(approval, `{ duration: "P90D" }`) },
  {
    name: "story",
    before: [story(approval, `{ duration: "P90D" }`)],
    program: story(
      "requireApproval: false",
      `{ duration: "P365D" }`,
      `cat: { principal: { user: "cat@contoso.example" }, expiration: { permanent: true }, justification: "quick" }`,
    ),
  },
  {
    name: "no-change",
    before: [story(approval, `{ duration: "P90D" }`)],
    program: story(approval, `{ duration: "P90D" }`),
  },
  { name: "removed", before: [story(approval, `{ duration: "P90D" }`)], program: "" },
  {
    name: "kept-on-delete",
    before: [eligible(`{ duration: "P90D" }`, `onDelete: "keep",`)],
    program: "",
  },
  {
    name: "retained-on-delete",
    before: [eligible(`{ duration: "P90D" }`).replace("});", "}, { retainOnDelete: true });")],
    program: "",
  },
  {
    name: "protected",
    before: [eligible(`{ duration: "P90D" }`).replace("});", "}, { protect: true });")],
    program: "",
    expectFailure: true,
  },
  {
    name: "window-longer",
    before: [eligible(`{ duration: "P90D" }`)],
    program: eligible(`{ duration: "P180D" }`),
  },
  {
    name: "window-shorter",
    before: [eligible(`{ duration: "P90D" }`)],
    program: eligible(`{ duration: "P30D" }`),
  },
  { name: "eligible-to-active", before: [eligible(`{ duration: "P90D" }`)], program: active() },
  {
    name: "unit-to-directory",
    before: [
      eligible(`{ duration: "P90D" }`).replace(
        "ExchangeAdministrator }",
        `UserAdministrator, scope: "/administrativeUnits/${UNIT}" }`,
      ),
    ],
    program: eligible(`{ duration: "P90D" }`).replace(
      "ExchangeAdministrator }",
      "UserAdministrator }",
    ),
  },
  {
    name: "another-principal",
    before: [eligible(`{ duration: "P90D" }`)],
    program: eligible(`{ duration: "P90D" }`).replaceAll("ann@contoso", "bob@contoso"),
  },
  {
    name: "renamed",
    before: [eligible(`{ duration: "P90D" }`)],
    program: eligible(`{ duration: "P90D" }`).replace(`"ann", {`, `"ann-lee", {`),
  },
  {
    name: "recreated",
    before: [eligible(`{ duration: "P90D" }`)],
    program: eligible(`{ duration: "P90D" }`),
    args: [
      "--replace",
      "urn:pulumi:dev::entra-pim::pulumi-nodejs:dynamic/entra-pim:EligibleAssignment::ann",
    ],
  },
  {
    name: "recreated-with-steps",
    before: [eligible(`{ duration: "P90D" }`)],
    program: eligible(`{ duration: "P90D" }`).replaceAll("ann@contoso", "bob@contoso"),
    args: ["--show-replacement-steps"],
  },
  {
    name: "adopted",
    meanwhile: (control) => {
      control.plantSchedule({
        kind: "eligible",
        principalId: ANN,
        roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
        endDateTime: "2027-01-15T00:00:00Z",
      });
      return undefined;
    },
    program: eligible(`{ duration: "P90D" }`),
  },
  {
    name: "adopted-and-longer",
    meanwhile: (control) => {
      control.plantSchedule({
        kind: "eligible",
        principalId: ANN,
        roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
        endDateTime: "2027-01-15T00:00:00Z",
      });
      return undefined;
    },
    program: eligible(`{ endsAt: "2027-06-30T00:00:00Z" }`),
  },
  {
    name: "expired-renewed",
    before: [eligible(`{ duration: "P10D" }`, `onExpired: "renew",`)],
    meanwhile: () => "P11D",
    program: eligible(`{ duration: "P10D" }`, `onExpired: "renew",`),
    refresh: true,
  },
  {
    name: "expired-kept",
    before: [eligible(`{ duration: "P10D" }`)],
    meanwhile: () => "P11D",
    program: eligible(`{ duration: "P10D" }`),
    refresh: true,
  },
  {
    name: "re-grant",
    before: [story(approval, `{ duration: "P90D" }`)],
    meanwhile: removeTeam,
    program: story(approval, `{ duration: "P90D" }`),
    refresh: true,
  },
  {
    name: "unknown-principal",
    files: madeUser,
    program: `const { Made } = require("./made");\nconst dana = new Made("dana");\nnew pim.ActiveAssignment("dana", { directoryRole: { role: pim.EntraRole.ExchangeAdministrator }, principal: { user: dana.objectId }, expiration: { permanent: true }, justification: "x" });`,
  },
  {
    name: "secret-principal",
    config: { "own:who": { secret: "ann@contoso.example" } },
    program: eligible(`{ duration: "P90D" }`).replaceAll(
      ann,
      `{ user: new pulumi.Config("own").requireSecret("who") }`,
    ),
  },
  {
    name: "secret-values",
    before: [secretly("P5D", true)],
    program: secretly("P6D", false),
  },
  {
    name: "hostile-names",
    program: `
new pim.EligibleAssignment("a|b\`c", {
  directoryRole: { role: "Glоbal Administrator" },
  principal: { group: ${JSON.stringify(HOSTILE_NAME)} }, expiration: { permanent: true }, justification: "x",
});`,
  },
  {
    name: "observed-drift",
    before: [onlyDuration],
    meanwhile: () => "turn MFA off",
    program: onlyDuration,
    refresh: true,
  },
  { name: "group", program: group },
  { name: "azure", program: azure },
  {
    name: "failed",
    program: `${eligible(`{ duration: "P90D" }`)}\nthrow new Error("the program gave up");`,
    expectFailure: true,
  },
  {
    name: "refused",
    program: eligible(`{ duration: "P90D" }`).replace(
      "ann@contoso.example",
      "nobody@contoso.example",
    ),
    expectFailure: true,
  },
  {
    name: "context-for-mfa",
    before: [story(approval, `{ duration: "P90D" }`)],
    program: story(approval, `{ duration: "P90D" }`).replace(
      "requireMfa: true",
      `authenticationContext: "c1"`,
    ),
  },
  {
    name: "released",
    before: [story(approval, `{ duration: "P90D" }`)],
    program: story(approval, `{ duration: "P90D" }`).replace("requireTicket: true,", ""),
  },
  {
    name: "there-before",
    before: [active().replace(`{ duration: "P10D" }`, "{ permanent: true }")],
    program: `${active().replace(`{ duration: "P10D" }`, "{ permanent: true }")}
${eligible(`{ duration: "P90D" }`).replace('"ann"', '"bob"').replace(ann, bob)}`,
  },
  {
    name: "policy-stopped",
    program: active().replace(`{ duration: "P10D" }`, "{ permanent: true }"),
    args: ["--policy-pack", PACK],
    expectFailure: true,
  },
  {
    name: "policy-and-refused",
    program: `${active().replace(`{ duration: "P10D" }`, "{ permanent: true }")}
${eligible(`{ duration: "P90D" }`).replace('"ann"', '"nobody"').replace("ann@contoso.example", "nobody@contoso.example")}`,
    args: ["--policy-pack", PACK],
    expectFailure: true,
  },
  {
    name: "unknown-everywhere",
    program: `${IDS}
for (const n of [1, 2, 3]) new pim.EligibleAssignment("e" + n, { directoryRole: { role: pim.EntraRole.ExchangeAdministrator }, principal: { user: unknown("user" + n) }, expiration: { duration: "P90D" }, justification: "x" });
new pim.ActiveAssignment("a", { directoryRole: { role: unknown("role") }, principal: { group: unknown("group") }, expiration: { permanent: true }, justification: "x" });
new pim.RoleSettings("s", { directoryRole: { role: pim.EntraRole.GlobalAdministrator }, activation: { maximumDuration: "PT1H", requireApproval: true, approvers: [{ user: unknown("approver") }] } });`,
  },
  {
    name: "streaming",
    program: eligible(`{ duration: "P90D" }`),
    env: { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
  },
  {
    name: "five-hundred",
    program: `for (let n = 1; n <= 500; n++) new pim.EligibleAssignment("user" + n, { directoryRole: { role: Object.values(pim.EntraRole)[n % 60] }, principal: { user: "eeeeeeee-0000-4000-8000-" + String(n).padStart(12, "0") }, expiration: { duration: "P90D" }, justification: "x" });`,
  },
];

function removeTeam(): "remove team" {
  return "remove team";
}
