import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { type EntitySet, entity, list, sourceOf } from "../respond";
import type { Json } from "../schema";
import type { DirectoryObject } from "./directory";
import { found, unbound } from "./objects";

const PATH = "/applications/{id}/federatedIdentityCredentials";

/** Federated identity credentials of applications, by id or by name. */
export const federatedCredentialOperations: readonly Operation[] = [
  {
    method: "GET",
    path: PATH,
    permission: PERMISSIONS.applicationsRead,
    run: (call) => list(call, SET, sourceOf(credentialsOf(call))),
  },
  { method: "POST", path: PATH, permission: PERMISSIONS.applicationsWrite, run: create },
  {
    method: "GET",
    path: `${PATH}/{credential}`,
    permission: PERMISSIONS.applicationsRead,
    run: (call) => entity(call, SET, credentialOf(call)),
  },
  {
    method: "PATCH",
    path: `${PATH}/{credential}`,
    permission: PERMISSIONS.applicationsWrite,
    run: update,
  },
  {
    method: "DELETE",
    path: `${PATH}/{credential}`,
    permission: PERMISSIONS.applicationsWrite,
    run: remove,
  },
];

const MAXIMUM = 20;

const SET: EntitySet<DirectoryObject> = {
  context: "applications/federatedIdentityCredentials",
  type: "federatedIdentityCredential",
  service: "directory",
  toWire: ({ id, name, issuer, subject, description, audiences }) => ({
    id,
    name,
    issuer,
    subject,
    description,
    audiences,
  }),
  filter: { name: "eq", subject: "eq", issuer: "eq" },
};

function credentialsOf(call: Call): DirectoryObject[] {
  const application = found(call, "application", param(call, "id"));
  const rows = call.tenant.directory.federatedCredentials.scan({
    key: "applicationId",
    value: application.id,
  });
  return [...rows].map(({ value }) => value);
}

function credentialOf(call: Call): DirectoryObject {
  const wanted = param(call, "credential");
  const credential = credentialsOf(call).find(({ id, name }) => id === wanted || name === wanted);
  if (credential === undefined) throw refuse.resourceNotFound(wanted);
  return credential;
}

function create(call: Call) {
  const application = found(call, "application", param(call, "id"));
  const others = credentialsOf(call);
  if (others.length >= MAXIMUM)
    throw refuse.directoryBadRequest(
      `Federated Identity Credential limit of ${MAXIMUM} has been reached.`,
    );
  const given = unbound(objectBody(call));
  for (const required of ["name", "issuer", "subject", "audiences"]) {
    if (given[required] === undefined) throw refuse.missingProperty(required);
  }
  checkFree(given, others);
  const credential = call.tenant.directory.federatedCredentials.put({
    description: null,
    ...given,
    id: call.tenant.newId(),
    applicationId: application.id,
  });
  return entity(call, SET, credential, 201);
}

function update(call: Call) {
  const credential = credentialOf(call);
  const given = unbound(objectBody(call));
  if (given["name"] !== undefined && given["name"] !== credential["name"])
    throw refuse.invalidValue("name");
  const changed = { ...credential, ...given, id: credential.id };
  checkFree(
    changed,
    credentialsOf(call).filter(({ id }) => id !== credential.id),
  );
  call.tenant.directory.federatedCredentials.put(changed);
  return noContent();
}

function remove(call: Call) {
  call.tenant.directory.federatedCredentials.remove(credentialOf(call).id);
  return noContent();
}

function checkFree(given: Json, others: readonly DirectoryObject[]): void {
  if (others.some(({ name }) => name === given["name"])) throw refuse.conflictingObject("name");
  const isTaken = others.some(
    ({ issuer, subject }) => issuer === given["issuer"] && subject === given["subject"],
  );
  if (isTaken)
    throw refuse.directoryBadRequest(
      "FederatedIdentityCredential with the same issuer and subject already exists.",
    );
}
