import betaDirectory from "./data/graph-directory-beta.json";
import v1Directory from "./data/graph-directory-v1.0.json";
import beta from "./data/graph-schema-beta.json";
import v1 from "./data/graph-schema-v1.0.json";
import { refuse } from "./errors";

/** A version of Microsoft Graph. */
export type Version = "v1.0" | "beta";

/** A JSON object of the wire. */
export type Json = Record<string, unknown>;

interface Property {
  type: string;
  collection?: boolean;
  nullable?: boolean;
}

interface TypeDefinition {
  base?: string;
  properties: Record<string, Property>;
  navigation?: Record<string, Property>;
}

interface Schema {
  types: Record<string, TypeDefinition | undefined>;
  enums: Record<string, Record<string, number> | undefined>;
}

const SCHEMAS: Record<Version, Schema> = {
  "v1.0": { enums: v1.enums, types: { ...v1.types, ...v1Directory.types } },
  beta: { enums: beta.enums, types: { ...beta.types, ...betaDirectory.types } },
};
const cache = new Map<string, Map<string, Property> | undefined>();

/** The properties of a type with its bases'; undefined for a type the metadata extract does not have. */
export function propertiesOf(version: Version, type: string): Map<string, Property> | undefined {
  const key = `${version} ${type}`;
  if (cache.has(key)) return cache.get(key);
  let found: Map<string, Property> | undefined;
  for (let name: string | undefined = type; name !== undefined; ) {
    const definition: TypeDefinition | undefined = SCHEMAS[version].types[name];
    if (definition === undefined) break;
    found ??= new Map();
    for (const [member, property] of Object.entries(definition.properties))
      found.set(member, property);
    name = definition.base;
  }
  cache.set(key, found);
  return found;
}

/** A member as the metadata spells it, whatever the case it was asked in. */
export function spelled(version: Version, type: string, path: string): string | undefined {
  const [name = ""] = path.split("/");
  const members = [...(propertiesOf(version, type)?.keys() ?? [])];
  return members.find((member) => member.toLowerCase() === name.toLowerCase());
}

/** What a member is that nobody gave: null, or no items; undefined where the metadata allows neither. */
export function emptyValue(version: Version, type: string, member: string): unknown {
  const property = propertiesOf(version, type)?.get(member);
  if (property === undefined) return undefined;
  if (property.collection === true) return [];
  return property.nullable === false ? undefined : null;
}

/** Whether a member's values are those of an enumeration, which `$filter` compares without regard to case. */
export function isEnumeration(version: Version, type: string, member: string): boolean {
  const declared = propertiesOf(version, type)?.get(member)?.type;
  return declared !== undefined && SCHEMAS[version].enums[declared] !== undefined;
}

/** Whether a type has a navigation property of that name. */
export function hasNavigation(version: Version, type: string, member: string): boolean {
  for (let name: string | undefined = type; name !== undefined; ) {
    const definition: TypeDefinition | undefined = SCHEMAS[version].types[name];
    if (definition?.navigation?.[member] !== undefined) return true;
    name = definition?.base;
  }
  return false;
}

/** An entity as this version of Graph knows it: members its metadata does not have are left out. */
export function project(version: Version, type: string, entity: Json): Json {
  const known = propertiesOf(version, derivedType(version, type, entity));
  if (known === undefined) return entity;
  const projected: Json = {};
  for (const [member, value] of Object.entries(entity)) {
    if (member.startsWith("@odata.") || known.has(member)) projected[member] = value;
  }
  return projected;
}

/** Reads a request body as a type: unknown members, wrong types and unknown enum members are refused. */
export function readAs(version: Version, type: string, body: unknown): Json {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw refuse.malformedJson();
  const known = propertiesOf(version, type);
  if (known === undefined) return { ...(body as Json) };
  const read: Json = {};
  for (const [member, value] of Object.entries(body)) {
    if (member.includes("@")) continue;
    const property = known.get(member);
    if (property === undefined && hasNavigation(version, type, member)) continue;
    if (property === undefined) throw refuse.unknownProperty(member, type);
    read[member] = readValue(version, member, property, value);
  }
  return read;
}

function readValue(version: Version, member: string, property: Property, value: unknown): unknown {
  if (value === null) return null;
  if (property.collection === true) {
    if (!Array.isArray(value)) throw refuse.wrongType(member, `Collection(${property.type})`);
    return value.map((item) => readValue(version, member, { type: property.type }, item));
  }
  if (property.type.startsWith("Edm.")) return readPrimitive(member, property.type, value);
  const members = SCHEMAS[version].enums[property.type];
  if (members !== undefined) return readEnum(member, property.type, members, value);
  const derived = derivedType(version, property.type, value);
  const read = readAs(version, derived, value);
  return derived === property.type
    ? read
    : { "@odata.type": `#microsoft.graph.${derived}`, ...read };
}

// An abstract member type names its real one in @odata.type, with or without the leading "#".
function derivedType(version: Version, declared: string, value: unknown): string {
  const named = (value as Json)["@odata.type"];
  if (typeof named !== "string") return declared;
  const type = named.replace(/^#?microsoft\.graph\./, "");
  return SCHEMAS[version].types[type] === undefined ? declared : type;
}

const PRIMITIVES: Record<string, (value: unknown) => boolean> = {
  "Edm.String": (value) => typeof value === "string",
  "Edm.Boolean": (value) => typeof value === "boolean",
  "Edm.Int32": (value) => Number.isInteger(value),
  "Edm.DateTimeOffset": (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  "Edm.Duration": (value) => typeof value === "string" && value.startsWith("P"),
};

function readPrimitive(member: string, type: string, value: unknown): unknown {
  if (PRIMITIVES[type]?.(value) === false) throw refuse.wrongType(member, type);
  return value;
}

// Input is case-insensitive (Microsoft's samples post "AdminAssign"), output is as the metadata spells it.
function readEnum(
  member: string,
  type: string,
  members: Record<string, number>,
  value: unknown,
): string {
  const spelled = Object.keys(members).find(
    (name) => name.toLowerCase() === String(value).toLowerCase(),
  );
  if (typeof value !== "string" || spelled === undefined)
    throw refuse.wrongType(member, `microsoft.graph.${type}`);
  return spelled;
}
