/** A Pulumi CLI that works, and where it came from. */
export interface Engine {
  readonly version: string;
  readonly path: string;
  readonly directory: string;
  readonly source: "PATH" | "downloaded" | "built";
}

/** The version that is downloaded or built. */
export const engineVersion: string;

/** Answers an engine that works, getting one if need be; `say` hears what is going on. */
export function findOrGetEngine(say?: (text: string) => void): Promise<Engine>;
