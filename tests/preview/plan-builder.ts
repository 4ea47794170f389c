// Documents of a preview, made by hand: for properties and figures. What is compared whole is captured instead.

import { readGuardrailConfig } from "../../src/guardrails";
import { EntraRole } from "../../src/model/roles-entra";
import { buildReport, type ReportOptions } from "../../src/preview/build-report";
import { readPlan } from "../../src/preview/read-plan";
import type { Report } from "../../src/preview/report";

export const NOW = Date.parse("2026-12-01T09:00:00Z");
export const TENANT = "99999999-0000-4000-8000-000000000001";
export const GLOBAL_ADMINISTRATOR = EntraRole.GlobalAdministrator;
export const EXCHANGE = EntraRole.ExchangeAdministrator;

export type Bag = Record<string, unknown>;

/** A GUID with a number in it. */
export function guid(number: number): string {
  return `eeeeeeee-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** The URN of a resource of ours. */
export function urn(kind: string, name: string): string {
  return `urn:pulumi:dev::entra-pim::pulumi-nodejs:dynamic/entra-pim:${kind}::${name}`;
}

/** Checked inputs of an assignment. */
export function assignment(more: Bag = {}): Bag {
  return {
    schemaVersion: 1,
    owner: "entra-pim/dev/EligibleAssignment/x",
    tenantId: TENANT,
    directoryRole: { role: EXCHANGE },
    roleDefinitionId: EXCHANGE,
    principal: { user: "ann@contoso.example" },
    principalId: guid(1),
    principalName: "ann@contoso.example",
    principalKind: "user",
    expiration: { duration: "P90D" },
    live: "held",
    ...more,
  };
}

/** What a grant leaves in the state. */
export function granted(inputs: Bag, endsAt: string | null, more: Bag = {}): Bag {
  const startsAt = "2026-11-01T00:00:00Z";
  const declared = { expiration: inputs["expiration"] };
  return {
    ...inputs,
    startsAt,
    endsAt,
    granted: { startsAt, endsAt, declared, at: startsAt },
    scheduleId: "1",
    status: "provisioned",
    adopted: false,
    ...more,
  };
}

/** Checked inputs of settings. */
export function settings(tree: Bag, more: Bag = {}): Bag {
  return {
    schemaVersion: 1,
    owner: "entra-pim/dev/RoleSettings/x",
    tenantId: TENANT,
    directoryRole: { role: EXCHANGE },
    roleDefinitionId: EXCHANGE,
    ...tree,
    ...more,
  };
}

/** A step of a document. */
export function step(
  op: string,
  kind: string,
  name: string,
  before?: Bag,
  after?: Bag,
  more: Bag = {},
): Bag {
  const type = `pulumi-nodejs:dynamic/entra-pim:${kind}`;
  const state = (sides: Bag) => ({
    urn: urn(kind, name),
    custom: true,
    type,
    sourcePosition: "project:///index.ts#7,1",
    ...sides,
    ...more,
  });
  return {
    op,
    urn: urn(kind, name),
    ...(before === undefined ? {} : { oldState: state(before) }),
    ...(after === undefined ? {} : { newState: state(after) }),
    detailedDiff: null,
  };
}

/** Steps that grant something new. */
export function creates(count: number, more: (index: number) => Bag = () => ({})): Bag[] {
  const roles = Object.values(EntraRole);
  return Array.from({ length: count }, (_, index) => {
    const role = roles[index % roles.length];
    const inputs = assignment({
      directoryRole: { role },
      roleDefinitionId: role,
      principal: { user: `user${index}@contoso.example` },
      principalName: `user${index}@contoso.example`,
      principalId: guid(index),
      ...more(index),
    });
    return step("create", "EligibleAssignment", `user${index}`, undefined, { inputs });
  });
}

/** The text of a document. */
export function documentOf(steps: readonly Bag[], more: Bag = {}): string {
  return JSON.stringify({
    config: { "entra-pim:tenantId": TENANT },
    steps,
    changeSummary: {},
    ...more,
  });
}

/** The report of steps. */
export function reportOf(
  steps: readonly Bag[],
  options: Partial<ReportOptions> = {},
  more: Bag = {},
): Report {
  return buildReport(readPlan(documentOf(steps, more)), {
    config: readGuardrailConfig({}),
    now: NOW,
    ...options,
  });
}
