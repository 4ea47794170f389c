import type { Problem } from "../model/problem";
import type { Tenant } from "../tenant/tenant";

/** A plain JSON object: inputs or outputs of a resource. */
export type Bag = Record<string, unknown>;

/** What `check` answers: the inputs as the state shall hold them, or what is wrong with them. */
export interface Checked {
  inputs: object;
  problems: readonly Problem[];
}

/**
 * What `diff` answers. `same` hides differences that mean nothing; `inputs` lets the engine name the properties that
 * differ; `due` asks for an update although no input differs.
 */
export type Difference =
  | { type: "same" }
  | { type: "inputs"; replaces: string[] }
  | { type: "due" };

/** Whether the old object gives way to another one. */
export function isReplacement(difference: Difference): boolean {
  return difference.type === "inputs" && difference.replaces.length > 0;
}

/** What a read answers; undefined when the object is gone. */
export interface ReadState {
  outputs: object;
  inputs: object;
}

/** The life of one kind of resource, on plain values. */
export interface Handler {
  check(tenant: Tenant, olds: Bag | undefined, news: Bag): Promise<Checked>;
  diff(tenant: Tenant, id: string, olds: Bag, news: Bag): Promise<Difference>;
  create(tenant: Tenant, inputs: Bag): Promise<{ id: string; outputs: object }>;
  read(tenant: Tenant, id: string, outputs: Bag): Promise<ReadState | undefined>;
  update(tenant: Tenant, id: string, olds: Bag, news: Bag): Promise<object>;
  delete(tenant: Tenant, id: string, outputs: Bag): Promise<void>;
}

/** The object exists, but is not as declared yet: the state keeps it, and the next update goes on. */
export class UnfinishedError extends Error {
  override name = "UnfinishedError" as const;

  constructor(
    readonly resourceId: string,
    readonly outputs: object,
    message: string,
  ) {
    super(message);
  }
}

/** Inputs that the service would refuse, found just before the write. */
export class RefusedError extends Error {
  override name = "RefusedError" as const;
}
