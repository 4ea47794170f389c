import * as pulumi from "@pulumi/pulumi";

/**
 * Something that one run of one program shares, and two runs in a process do not (inline programs, tests): it belongs
 * to the stack's own resource.
 */
export function perRun<T>(make: () => T): () => T {
  const byRun = new WeakMap<object, T>();
  return () => {
    const run: object = pulumi.runtime.getStackResource() ?? byRun;
    const shared = byRun.get(run) ?? make();
    byRun.set(run, shared);
    return shared;
  };
}
