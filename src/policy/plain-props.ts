import { UNKNOWN } from "../model/unknown";

/**
 * The properties of a resource as plain values, unknown ones as the engine's own mark. The policy SDK throws when an
 * unknown value is touched, and then skips the whole policy: read this way, one unknown silences nothing else.
 */
export function plainProps(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return plainEntries(props) as Record<string, unknown>;
}

function plainEntries(value: object): unknown {
  if (Array.isArray(value)) return Array.from(value.keys(), (index) => read(value, index));
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
}

function read(container: object, key: string | number): unknown {
  const value = touch(container, key);
  return value !== null && typeof value === "object" ? plainEntries(value) : value;
}

function touch(container: object, key: string | number): unknown {
  try {
    return Reflect.get(container, key);
  } catch (error) {
    if (error instanceof Error && /can't be known during preview/.test(error.message))
      return UNKNOWN;
    throw error;
  }
}
