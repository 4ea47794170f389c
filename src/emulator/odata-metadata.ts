import type { Call } from "./api";
import { isEnumeration, type Json, propertiesOf, type Version } from "./schema";

/** How much a caller wants to be told about the data: `odata.metadata` of its Accept header. */
export type MetadataLevel = "none" | "minimal" | "full";

/** The level that the Accept header asks for. */
export function metadataLevel(headers: Readonly<Record<string, string>>): MetadataLevel {
  const asked = /odata\.metadata=(none|minimal|full)/i.exec(headers["accept"] ?? "")?.[1];
  return (asked?.toLowerCase() as MetadataLevel | undefined) ?? "minimal";
}

/** The content type of an answer of a level. */
export function contentTypeOf(level: MetadataLevel): string {
  return `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`;
}

/** A body without control information: only what pages and counts stays. */
export function withoutMetadata(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutMetadata);
  if (typeof body !== "object" || body === null) return body;
  const kept = Object.entries(body).filter(
    ([name]) => !name.includes("@odata.") || /^@odata\.(nextLink|deltaLink|count)$/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutMetadata(value)]));
}

/** An entity with its type, its place, and the types that JSON does not show. */
export function withMetadata(call: Call, set: { context: string; type: string }, wire: Json): Json {
  const type = typeOf(set.type, wire);
  const place = placeOf(call, set.context, type, wire["id"]);
  return {
    "@odata.type": `#microsoft.graph.${type}`,
    ...(place !== undefined && { "@odata.id": place.id, "@odata.editLink": place.editLink }),
    ...annotated(call.version, type, wire),
  };
}

/** Where the directory keeps an object; undefined for what is none of its own. */
export function directoryPlace(type: string, id: unknown): string | undefined {
  if (!DIRECTORY_TYPES.includes(type)) return undefined;
  const name = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  return `directoryObjects/${String(id)}/Microsoft.DirectoryServices.${name}`;
}

/** The address of what the directory keeps, as answers name it. */
export function directoryAddress(call: Call, place: string): string {
  return `${call.origin}/v2/${call.tenant.id}/${place}`;
}

const DIRECTORY_TYPES = ["user", "group", "servicePrincipal", "application", "administrativeUnit"];

function placeOf(call: Call, context: string, type: string, id: unknown) {
  if (id === undefined) return undefined;
  const kept = directoryPlace(type, id);
  if (kept !== undefined) return { id: directoryAddress(call, kept), editLink: kept };
  const own = `${context}('${String(id)}')`;
  return { id: own, editLink: own };
}

function typeOf(declared: string, wire: Json): string {
  const named = wire["@odata.type"];
  return typeof named === "string" ? named.replace("#microsoft.graph.", "") : declared;
}

function annotated(version: Version, type: string, wire: Json): Json {
  const known = propertiesOf(version, type);
  const told: Json = {};
  for (const [member, value] of Object.entries(wire)) {
    const property = member.includes("@") ? undefined : known?.get(member);
    const note =
      property === undefined || value === null
        ? undefined
        : noteOf(property, isEnumeration(version, type, member));
    if (note !== undefined) told[`${member}@odata.type`] = note;
    told[member] = value;
  }
  return told;
}

// Texts, booleans and small numbers show their type; complex values name it themselves.
function noteOf(
  property: { type: string; collection?: boolean },
  isEnum: boolean,
): string | undefined {
  const name = property.type.startsWith("Edm.")
    ? property.type.slice("Edm.".length)
    : `microsoft.graph.${property.type}`;
  if (property.collection === true) return `#Collection(${name})`;
  if (isEnum || !(["String", "Boolean", "Int32"].includes(name) || name.includes(".")))
    return `#${name}`;
  return undefined;
}
