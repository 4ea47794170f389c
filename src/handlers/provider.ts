import { withoutNulls } from "../model/empty-values";
import type { Kind } from "../model/kinds";
import { formatProblem, type Problem } from "../model/problem";
import type { Tenant } from "../tenant/tenant";
import { activationHandler } from "./activation";
import { approvalDecisionHandler } from "./approval-decision";
import { assignmentHandler } from "./assignment";
import { hostError } from "./failure";
import type { Bag, Difference, Handler } from "./handler";
import { roleSettingsHandler } from "./role-settings";
import { markSecrets } from "./secret-marks";

/** How the dynamic provider host asks for the life of a resource. */
export interface DynamicProvider {
  configure(request: { config: { get(key: string): string | undefined } }): void;
  check(
    olds: Bag,
    news: Bag,
  ): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Bag, news: Bag): Promise<{ changes?: boolean; replaces?: string[] }>;
  create(inputs: Bag): Promise<{ id: string; outs: Bag }>;
  read(id: string, outputs: Bag): Promise<{ id?: string; props?: Bag; inputs?: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  delete(id: string, outputs: Bag): Promise<void>;
}

const HANDLERS: Partial<Record<Kind, Handler>> = {
  RoleSettings: roleSettingsHandler,
  EligibleAssignment: assignmentHandler("eligible"),
  ActiveAssignment: assignmentHandler("active"),
  Activation: activationHandler,
  ApprovalDecision: approvalDecisionHandler,
};

/** The provider of one kind, on a tenant that is connected when first needed. */
export function dynamicProvider(
  kind: Kind,
  connect: (config: (key: string) => string | undefined) => Promise<Tenant>,
): DynamicProvider {
  const handler = HANDLERS[kind];
  if (handler === undefined) throw new Error(`pulumi-entra-pim has no resource kind ${kind}`);
  let config: (key: string) => string | undefined = () => undefined;
  const tenant = () => connect(config);
  return {
    // The host caches the provider before it awaits this: it must be done at once and must not fail.
    configure: (request) => {
      config = (key) => request.config.get(key) || undefined;
    },
    check: (olds, news) =>
      attempt("checking", news, async () => {
        const before =
          olds === undefined || Object.keys(plain(olds)).length === 0 ? undefined : plain(olds);
        // Put there by `check` itself, and here again under `ignoreChanges`: its end may well be null.
        const { existing, ...declared } = plain(news);
        const empty = withoutNulls(declared);
        const told = { ...(empty.value as Bag), ...(existing === undefined ? {} : { existing }) };
        const checked = await handler.check(await tenant(), before, told);
        const problems = [...empty.problems, ...checked.problems];
        // What is refused goes back as it came: an update knows no unknown values.
        const inputs = problems.length > 0 ? news : checked.inputs;
        return {
          inputs: clean({ ...inputs, __provider: news.__provider }),
          failures: problems.map(failureOf),
        };
      }),
    diff: (id, olds, news) =>
      attempt("comparing", news, async () =>
        answer(await handler.diff(await tenant(), id, plain(olds), plain(news))),
      ),
    create: (inputs) =>
      attempt("creating", inputs, async () => {
        const { id, outputs } = await handler.create(await tenant(), plain(inputs));
        return { id, outs: clean({ ...outputs, __provider: inputs.__provider }) };
      }),
    read: (id, outputs) =>
      attempt("reading", outputs, async () => {
        const state = await handler.read(await tenant(), id, plain(outputs));
        if (state === undefined) return {};
        const { __provider } = outputs;
        return {
          id,
          props: clean({ ...state.outputs, __provider }),
          inputs: clean({ ...state.inputs, __provider }),
        };
      }),
    update: (id, olds, news) =>
      attempt("updating", news, async () => {
        const outputs = await handler.update(await tenant(), id, plain(olds), plain(news));
        return { outs: clean({ ...outputs, __provider: news.__provider }) };
      }),
    delete: (id, outputs) =>
      attempt("deleting", outputs, async () => handler.delete(await tenant(), id, plain(outputs))),
  };
}

async function attempt<T>(what: string, state: Bag, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw hostError(what, state, error);
  }
}

/** `undefined` lets the engine compare the inputs itself and name the properties; `true` would name none. */
function answer(difference: Difference): { changes?: boolean; replaces?: string[] } {
  if (difference.type === "same") return { changes: false };
  if (difference.type === "due") return { changes: true };
  return difference.replaces.length === 0 ? {} : { replaces: difference.replaces };
}

/** Without a property the engine prints the reason alone, which names the property and the value better than it could. */
function failureOf(problem: Problem): { property: string; reason: string } {
  return { property: "", reason: formatProblem(problem) };
}

function plain({ __provider: _text, ...bag }: Bag): Bag {
  return bag;
}

/** A value that is `undefined` anywhere makes the host fail after the effect; dates and classes become nothing. */
function clean(bag: Bag): Bag {
  return markSecrets(JSON.parse(JSON.stringify(bag)) as Bag);
}
