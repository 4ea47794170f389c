import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";

/** What a program registered. */
export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  parent: string;
  dependencies: string[];
  provider: string;
  providers: Record<string, string>;
  custom: boolean;
}

/** Outputs that a mock adds to a resource's inputs. */
export type Answer = (
  type: string,
  name: string,
  inputs: Record<string, unknown>,
) => Record<string, unknown>;

/** How the mocks behave. */
export interface RecordOptions {
  answer?: Answer;
  /** Answers to functions of native packages. */
  call?: (token: string, inputs: Record<string, unknown>) => Record<string, unknown>;
  preview?: boolean;
  config?: Record<string, string>;
  secretKeys?: string[];
}

/**
 * Runs a program under mocks and answers what it registered. Errors of constructors come through. Resources are
 * answered with their inputs and what `answer` adds.
 */
export async function recordResources(
  program: () => unknown,
  options: RecordOptions = {},
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const { answer = () => ({}), call = () => ({}) } = options;
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs, id }) => ({
      id: id === undefined || id === "" ? `${name}-id` : id,
      state: { ...inputs, ...answer(type, name, inputs) },
    }),
    call: ({ token, inputs }) => call(token, inputs as Record<string, unknown>),
  };
  await pulumi.runtime.setMocks(mocks, "shop", "prod", options.preview ?? false);
  setMockOptions(new RecordingMonitor(mocks, recorded), "shop", "prod", options.preview ?? false);
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretKeys);
  await pulumi.runtime.runInPulumiStack(async () => program());
  await settled();
  return recorded;
}

/** The one resource of a name. */
export function named(recorded: readonly Recorded[], name: string): Recorded {
  const found = recorded.filter((resource) => resource.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(
      `${found.length} resources named ${name}: ${recorded.map((r) => r.name).join(", ")}`,
    );
  }
  return found[0];
}

/** The value of an output; undefined while unknown. */
export function resolvedValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

class RecordingMonitor extends MockMonitor {
  constructor(
    mocks: pulumi.runtime.Mocks,
    private readonly recorded: Recorded[],
  ) {
    super(mocks);
  }

  override async registerResource(
    request: Parameters<MockMonitor["registerResource"]>[0],
    callback: Parameters<MockMonitor["registerResource"]>[1],
  ): Promise<void> {
    if (request.getType() !== "pulumi:pulumi:Stack") {
      this.recorded.push({
        type: request.getType(),
        name: request.getName(),
        inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
        parent: request.getParent(),
        dependencies: request.getDependenciesList(),
        provider: request.getProvider(),
        providers: Object.fromEntries(request.getProvidersMap().toArray()) as Record<
          string,
          string
        >,
        custom: request.getCustom(),
      });
    }
    return super.registerResource(request, callback);
  }
}
