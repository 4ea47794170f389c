/** Kinds of requests that Azure Resource Manager counts apart. */
export type ArmRate = "reads" | "writes" | "deletes";

interface Bucket {
  tokens: number;
  at: number;
}

// Published for the regional token buckets of 2024: size, and refill per second.
const LIMITS: Readonly<Record<ArmRate, { size: number; perSecond: number }>> = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

/** Token buckets per subscription (or tenant), caller and kind of request, by real time. */
export class ArmThrottle {
  private readonly buckets = new Map<string, Bucket>();

  /** Takes a token where there is one: what remains, or the seconds to wait. */
  take(
    place: string,
    callerId: string,
    rate: ArmRate,
    now: number,
  ): { remaining: number; waitSeconds: number } {
    const { size, perSecond } = LIMITS[rate];
    const key = `${place} ${callerId} ${rate}`.toLowerCase();
    const bucket = this.buckets.get(key) ?? { tokens: size, at: now };
    const tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    if (tokens < 1) {
      this.buckets.set(key, { tokens, at: now });
      return { remaining: 0, waitSeconds: Math.max(1, Math.ceil((1 - tokens) / perSecond)) };
    }
    this.buckets.set(key, { tokens: tokens - 1, at: now });
    return { remaining: Math.floor(tokens - 1), waitSeconds: 0 };
  }
}
