import type { Engine } from "./engine/index.mjs";

/** The root of this repository. */
export const repositoryRoot: string;

/** The environment of a task: our Node.js and the engine first on PATH, and nobody's credentials. */
export function taskEnvironment(engine: Pick<Engine, "directory">): Record<string, string>;
