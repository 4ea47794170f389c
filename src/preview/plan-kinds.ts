import { KINDS, type Kind, typeToken } from "../model/kinds";

const KIND_BY_TYPE: ReadonlyMap<string, Kind> = new Map(
  KINDS.map((kind) => [typeToken(kind), kind]),
);

/** The kind of one of our dynamic resources. */
export function kindOfType(type: string): Kind | undefined {
  return KIND_BY_TYPE.get(type);
}
