import { createHash } from "node:crypto";

/** A source of guids that repeats itself for the same seed. */
export type IdSource = () => string;

/** Makes the tenant's guid source: same seed, same guids in the same order. */
export function createIdSource(seed: number): IdSource {
  let count = 0;
  return () => guidOf(`${seed}:${count++}`);
}

/** A guid derived from a text, always the same for it. */
export function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = "89ab"[parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A generator of numbers in [0, 1) for a seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is written as a guid. */
export function isGuid(text: unknown): text is string {
  return typeof text === "string" && GUID.test(text);
}

/**
 * Id of a plain role assignment, an active instance, or an active schedule made outside PIM:
 * the two guids in .NET byte order, and the guid of the object that is the scope, base64url, then `-1`.
 */
export function roleAssignmentId(roleId: string, principalId: string, scopeId: string): string {
  const object = scopeId.slice(1);
  const guids = isGuid(object) ? [roleId, principalId, object] : [roleId, principalId];
  const bytes = Buffer.concat(guids.map(littleEndianGuid));
  return `${bytes.toString("base64url")}-${scopeNumber(scopeId)}`;
}

/** Id of an eligible instance: as a role assignment's, ending in `-e`. */
export function eligibleInstanceId(roleId: string, principalId: string, scopeId: string): string {
  return `${roleAssignmentId(roleId, principalId, scopeId)}-e`;
}

/** Role and principal written into such an id; undefined where it is no such id. */
export function partsOfAssignmentId(
  id: string,
): { roleId: string; principalId: string } | undefined {
  const bytes = Buffer.from(id.slice(0, 43), "base64url");
  if (bytes.length !== 32) return undefined;
  return { roleId: guidFrom(bytes.subarray(0, 16)), principalId: guidFrom(bytes.subarray(16)) };
}

/** Guids one after another in .NET byte order, base64url: what ids of grants and scoped roles are made of. */
export function joinedGuids(guids: readonly string[]): string {
  return Buffer.concat(guids.map(littleEndianGuid)).toString("base64url");
}

/** Windows' identifier of a directory object: its guid as four numbers. */
export function securityIdentifier(guid: string): string {
  const bytes = littleEndianGuid(guid);
  const parts = [0, 4, 8, 12].map((offset) => bytes.readUInt32LE(offset));
  return `S-1-12-1-${parts.join("-")}`;
}

/** A guid in .NET `Guid.ToByteArray()` order: the first three fields little-endian. */
export function littleEndianGuid(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

function guidFrom(littleEndian: Buffer): string {
  const hex = littleEndianGuid(littleEndian.toString("hex")).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Only `-1` is attested, for "/" and for an object; units get a number of their own so that ids stay unique.
function scopeNumber(scopeId: string): number {
  if (scopeId === "/" || isGuid(scopeId.slice(1))) return 1;
  return 2 + (createHash("sha256").update(scopeId).digest().readUInt32BE(0) % 1_000_000);
}
