import { isUnknown } from "./unknown";

/** Why an input was refused, in the words of the user's own properties. */
export interface Problem {
  /** Property path as the user writes it: `activation.maximumDuration`. */
  path: string;
  /** The value met; left out when it says nothing. */
  got?: unknown;
  /** What is allowed instead. */
  expected: string;
  /** What to do about it. */
  fix?: string;
}

/** One line: path, value got, values allowed, fix. */
export function formatProblem(problem: Problem): string {
  return problem.path === ""
    ? describeProblem(problem)
    : `${problem.path}: ${describeProblem(problem)}`;
}

/** The same without the path, for places that name the property themselves. */
export function describeProblem({ got, expected, fix }: Problem): string {
  const met = got === undefined ? "" : `got ${JSON.stringify(got, printable)}, `;
  return `${met}expected ${expected}${fix === undefined ? "" : `; ${fix}`}`;
}

/** A value inside an Output has no text yet; the engine's mark for it would say nothing to anybody. */
function printable(_property: string, value: unknown): unknown {
  return isUnknown(value) ? "(known after the update)" : value;
}

/** The problems of a part, with their paths under that part. */
export function under(prefix: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({
    ...problem,
    path: problem.path === "" ? prefix : `${prefix}.${problem.path}`,
  }));
}

/** The message of one error for all problems of a component or resource. */
export function formatProblems(subject: string, problems: readonly Problem[]): string {
  const [first] = problems;
  if (problems.length === 1 && first !== undefined) return `${subject}: ${formatProblem(first)}`;
  return [
    `${subject}: ${problems.length} problems`,
    ...problems.map((problem) => `  - ${formatProblem(problem)}`),
  ].join("\n");
}
