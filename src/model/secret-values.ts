import { UNKNOWN } from "./unknown";

/** What a secret looks like in the documents of a preview. */
export const SECRET = "[secret]";

/** Whether anything inside the value is a secret. */
export function hasSecret(value: unknown): boolean {
  if (value === SECRET) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return value !== null && typeof value === "object" && Object.values(value).some(hasSecret);
}

/** The value with secrets as what is not known: nobody can judge either before the update. */
export function secretsAsUnknown<Value>(value: Value): Value {
  return hasSecret(value) ? (hidden(value) as Value) : value;
}

function hidden(value: unknown): unknown {
  if (value === SECRET) return UNKNOWN;
  if (Array.isArray(value)) return value.map(hidden);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, hidden(entry)]));
}
