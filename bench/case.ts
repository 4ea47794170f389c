/** One measured figure. Seconds are of this machine and this run; ratios are what is compared. */
export interface BenchResult {
  name: string;
  /** How many resources, rows or repetitions. */
  n: number;
  seconds: number;
  /** The same work by no-op resources through the same host on the same engine. */
  baselineSeconds?: number;
  ratio?: number;
  /** HTTP requests, tokens included. */
  requests?: number;
  /** Items inside batches. */
  subrequests?: number;
  peakRssMb?: number;
  /** What was to be reached, and whether it was. */
  detail: string;
}

/** A figure that can be measured by name. */
export interface BenchCase {
  name: string;
  run(): Promise<BenchResult>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** "<= 25 requests: 14, reached". */
export function against(
  what: string,
  limit: number,
  got: number,
  direction: "<=" | ">=" = "<=",
): string {
  const reached = direction === "<=" ? got <= limit : got >= limit;
  return `${what} ${direction} ${limit}: ${round(got, 3)}, ${reached ? "reached" : "NOT reached"}`;
}
