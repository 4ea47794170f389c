import type { Bag } from "./handler";

/** What a state repeats of an argument under another name. */
const DERIVED: Readonly<Record<string, readonly string[]>> = {
  principal: ["principalId", "principalName"],
  directoryRole: ["roleDefinitionId", "roleName"],
  azureRole: ["roleDefinitionId", "roleName"],
  group: ["groupId", "groupName"],
  activation: ["approverIds", "written"],
  eligibleAssignment: ["written"],
  activeAssignment: ["written"],
  notifications: ["written"],
  pimOnlyMode: ["approverIds", "written"],
  expiration: ["granted", "endsAt"],
  startsAt: ["granted"],
};

/** How a value that is a secret travels to the engine. */
const MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/**
 * Marks as secret what was made of secret arguments. The engine hands them over in plain text and marks only what comes
 * back under the same name.
 */
export function markSecrets(bag: Bag): Bag {
  const secret = Array.isArray(bag.secretArgs) ? (bag.secretArgs as unknown[]) : [];
  const names = new Set(secret.flatMap((name) => DERIVED[String(name)] ?? []));
  if (names.size === 0) return bag;
  return Object.fromEntries(
    Object.entries(bag).map(([name, value]) =>
      names.has(name) && value !== undefined ? [name, { ...MARK, value }] : [name, value],
    ),
  );
}
