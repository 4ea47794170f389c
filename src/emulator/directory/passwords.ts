import { type Call, noContent, type Operation, objectBody, ok } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import type { Json } from "../schema";
import type { DirectoryObject } from "./directory";

/** Secrets of an application or a service principal: told once, when they are made. */
export function passwordOperations(
  path: string,
  kind: "application" | "servicePrincipal",
  find: (call: Call) => DirectoryObject,
): Operation[] {
  return [
    {
      method: "POST",
      path: `${path}/addPassword`,
      permission: PERMISSIONS.applicationsWrite,
      run: (call) => addPassword(call, kind, find(call)),
    },
    {
      method: "POST",
      path: `${path}/removePassword`,
      permission: PERMISSIONS.applicationsWrite,
      run: (call) => removePassword(call, kind, find(call)),
    },
  ];
}

type Kind = "application" | "servicePrincipal";

const LIFETIME_MS = 2 * 365 * 86_400_000;

function addPassword(call: Call, kind: Kind, owner: DirectoryObject) {
  const { tenant } = call;
  const asked = (objectBody(call)["passwordCredential"] ?? {}) as Json;
  const now = tenant.clock.now();
  const credential = {
    customKeyIdentifier: null,
    displayName: asked["displayName"] ?? null,
    startDateTime: asked["startDateTime"] ?? new Date(now).toISOString(),
    endDateTime: asked["endDateTime"] ?? new Date(now + LIFETIME_MS).toISOString(),
    keyId: tenant.newId(),
    hint: "emu",
    secretText: `emu~${tenant.newId()}`,
  };
  const passwordCredentials = [...credentialsOf(owner), credential];
  tenant.directory.of(kind).put({ ...owner, passwordCredentials });
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#microsoft.graph.passwordCredential`,
    ...credential,
  });
}

function removePassword(call: Call, kind: Kind, owner: DirectoryObject) {
  const { keyId } = objectBody(call);
  const left = credentialsOf(owner).filter((credential) => credential["keyId"] !== keyId);
  if (left.length === credentialsOf(owner).length)
    throw refuse.directoryBadRequest("No password credential found with keyId.");
  call.tenant.directory.of(kind).put({ ...owner, passwordCredentials: left });
  return noContent();
}

function credentialsOf(owner: DirectoryObject): Json[] {
  return (owner["passwordCredentials"] ?? []) as Json[];
}
