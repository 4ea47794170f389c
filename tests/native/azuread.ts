// The stand-in of azuread: the types and functions that components and examples use, by the calls that the real one makes.

import { randomUUID } from "node:crypto";
import { type Connection, orUndefined, untilFound } from "./connection";
import { type Bag, type Kind, servePlugin } from "./plugin";

interface Item extends Bag {
  id: string;
}

interface Page {
  value: Item[];
}

const APPLICATION: Kind = {
  required: ["displayName"],
  replaces: [],
  computed: ["objectId", "clientId"],
  async create(at, { displayName }) {
    const { id } = await at.send<Item>("POST", "/v1.0/applications", { body: { displayName } });
    await rename(at, `/v1.0/applications/${id}`, displayName);
    return found(await this.read(at, `/applications/${id}`, {}));
  },
  async read(at, id) {
    const application = await orUndefined(at.send<Item>("GET", `/v1.0${id}`));
    if (application === undefined) return undefined;
    const { displayName, appId } = application;
    return { id, outputs: { displayName, clientId: appId, objectId: application.id } };
  },
  async update(at, id, { displayName }) {
    await at.send("PATCH", `/v1.0${id}`, { body: { displayName } });
    return { displayName };
  },
  async delete(at, id) {
    await at.send("DELETE", `/v1.0${id}`);
  },
};

const FEDERATED_CREDENTIAL: Kind = {
  required: ["applicationId", "displayName", "issuer", "subject", "audiences"],
  replaces: ["applicationId", "displayName"],
  computed: ["credentialId"],
  async create(at, { applicationId, displayName, ...rest }) {
    const { issuer, subject, audiences, description } = rest;
    const path = `/v1.0${applicationId}/federatedIdentityCredentials`;
    const body = { name: displayName, issuer, subject, audiences, description };
    const { id } = await at.send<Item>("POST", path, { body });
    const application = String(applicationId).split("/").at(-1);
    return {
      id: `${application}/federatedIdentityCredential/${id}`,
      outputs: { credentialId: id },
    };
  },
  async read(at, id) {
    const [application, , credential] = id.split("/");
    const path = `/v1.0/applications/${application}/federatedIdentityCredentials/${credential}`;
    const live = await orUndefined(at.send<Item>("GET", path));
    if (live === undefined) return undefined;
    const { name, issuer, subject, audiences } = live;
    return { id, outputs: { displayName: name, issuer, subject, audiences } };
  },
  async update(at, id, { issuer, subject, audiences }) {
    const [application, , credential] = id.split("/");
    const path = `/v1.0/applications/${application}/federatedIdentityCredentials/${credential}`;
    await at.send("PATCH", path, { body: { issuer, subject, audiences } });
    return {};
  },
  async delete(at, id) {
    const [application, , credential] = id.split("/");
    const path = `/v1.0/applications/${application}/federatedIdentityCredentials/${credential}`;
    await at.send("DELETE", path);
  },
};

const SERVICE_PRINCIPAL: Kind = {
  required: ["clientId"],
  replaces: ["clientId"],
  computed: ["objectId", "displayName"],
  async create(at, { clientId }) {
    const body = { appId: clientId, accountEnabled: true };
    const { id } = await untilFound(
      () => at.send<Item>("POST", "/v1.0/servicePrincipals", { body }),
      /backing application/,
    );
    return found(await this.read(at, `/servicePrincipals/${id}`, {}));
  },
  async read(at, id) {
    const live = await orUndefined(at.send<Item>("GET", `/v1.0${id}`));
    if (live === undefined) return undefined;
    const { appId, displayName } = live;
    return { id, outputs: { clientId: appId, displayName, objectId: live.id } };
  },
  async delete(at, id) {
    await at.send("DELETE", `/v1.0${id}`);
  },
};

const APP_ROLE_ASSIGNMENT: Kind = {
  required: ["appRoleId", "principalObjectId", "resourceObjectId"],
  replaces: ["appRoleId", "principalObjectId", "resourceObjectId"],
  computed: ["principalDisplayName", "principalType", "resourceDisplayName"],
  async create(at, { appRoleId, principalObjectId: principalId, resourceObjectId: resourceId }) {
    await at.send("GET", `/v1.0/servicePrincipals/${resourceId}`);
    const path = `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;
    const body = { appRoleId, principalId, resourceId };
    const made = await untilFound(() => at.send<Item>("POST", path, { body }));
    const id = `/servicePrincipals/${resourceId}/appRoleAssignedTo/${made.id}`;
    return found(await untilFound(() => this.read(at, id, {})));
  },
  async read(at, id) {
    const [, , resource, , assignment] = id.split("/");
    const path = `/v1.0/servicePrincipals/${resource}/appRoleAssignedTo`;
    const page = await orUndefined(at.send<Page>("GET", path));
    const live = page?.value.find((row) => row.id === assignment);
    if (live === undefined) return undefined;
    const { principalDisplayName, principalType, resourceDisplayName } = live;
    return { id, outputs: { principalDisplayName, principalType, resourceDisplayName } };
  },
  async delete(at, id) {
    await at.send("DELETE", `/v1.0${id}`);
  },
};

const GROUP: Kind = {
  required: ["displayName"],
  replaces: ["assignableToRole", "mailNickname"],
  computed: ["objectId", "mail", "mailNickname", "owners", "assignableToRole"],
  async create(at, inputs) {
    const { displayName, description, owners = [at.objectId], ...rest } = inputs;
    const { assignableToRole, securityEnabled = false, mailEnabled = false } = rest;
    for (const owner of owners as string[]) await at.send("GET", `/v1.0/directoryObjects/${owner}`);
    const body = {
      displayName,
      ...(description === undefined ? {} : { description }),
      mailEnabled,
      mailNickname: rest["mailNickname"] ?? randomUUID().slice(0, 8),
      securityEnabled,
      ...(assignableToRole === true ? { isAssignableToRole: true } : {}),
      "owners@odata.bind": (owners as string[]).map(
        (owner) => `${at.endpoint}/beta/directoryObjects/${owner}`,
      ),
    };
    const { id } = await at.send<Item>("POST", "/beta/groups", { body });
    await rename(at, `/beta/groups/${id}`, displayName);
    return found(await this.read(at, `/groups/${id}`, {}));
  },
  async read(at, id) {
    const live = await orUndefined(at.send<Item>("GET", `/beta${id}`));
    if (live === undefined) return undefined;
    const owners = await at.send<Page>("GET", `/beta${id}/owners`);
    const { displayName, description, securityEnabled, mailEnabled, mailNickname, mail } = live;
    return {
      id,
      outputs: {
        ...{ displayName, securityEnabled, mailEnabled, mailNickname, mail: mail ?? "" },
        description: description ?? "",
        assignableToRole: live["isAssignableToRole"] === true,
        objectId: live.id,
        owners: owners.value.map((owner) => owner.id),
      },
    };
  },
  async update(at, id, { displayName, description, owners = [] }, before) {
    await at.send("PATCH", `/beta${id}`, { body: { displayName, description } });
    const [wanted, had] = [owners as string[], (before["owners"] ?? []) as string[]];
    for (const owner of wanted.filter((one) => !had.includes(one))) {
      const body = { "@odata.id": `${at.endpoint}/beta/directoryObjects/${owner}` };
      await at.send("POST", `/beta${id}/owners/$ref`, { body });
    }
    for (const owner of had.filter((one) => !wanted.includes(one)))
      await at.send("DELETE", `/beta${id}/owners/${owner}/$ref`);
    return {};
  },
  async delete(at, id) {
    await at.send("GET", `/beta${id}`);
    await at.send("DELETE", `/beta${id}`);
  },
};

servePlugin({
  name: "azuread",
  version: "6.9.1",
  service: "graph",
  kinds: {
    "azuread:index/application:Application": APPLICATION,
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential":
      FEDERATED_CREDENTIAL,
    "azuread:index/servicePrincipal:ServicePrincipal": SERVICE_PRINCIPAL,
    "azuread:index/appRoleAssignment:AppRoleAssignment": APP_ROLE_ASSIGNMENT,
    "azuread:index/groupWithoutMembers:GroupWithoutMembers": GROUP,
  },
  functions: {
    "azuread:index/getClientConfig:getClientConfig": async ({ tenantId, clientId, objectId }) => ({
      ...{ id: `${tenantId}-${clientId}-${objectId}`, tenantId, clientId, objectId },
    }),
    "azuread:index/getUser:getUser": async (at, { userPrincipalName }) => {
      const user = await only(at, "users", "userPrincipalName", userPrincipalName);
      await orUndefined(at.send("GET", `/v1.0/users/${user.id}/manager`));
      return { ...user, objectId: user.id };
    },
    "azuread:index/getServicePrincipal:getServicePrincipal": async (at, args) => {
      const { clientId, displayName } = args;
      const principal = await (clientId === undefined
        ? only(at, "servicePrincipals", "displayName", displayName)
        : only(at, "servicePrincipals", "appId", clientId));
      const { id, appId } = principal;
      const name = principal["displayName"];
      return { id: `/servicePrincipals/${id}`, objectId: id, clientId: appId, displayName: name };
    },
  },
});

/** The real one proves by a temporary name that what it made can be written. */
async function rename(at: Connection, path: string, displayName: unknown): Promise<void> {
  for (const name of [`TERRAFORM_UPDATE_${randomUUID()}`, displayName])
    await untilFound(() => at.send("PATCH", path, { body: { displayName: name } }));
  await untilFound(() => at.send("GET", path));
}

async function only(
  at: Connection,
  collection: string,
  property: string,
  value: unknown,
): Promise<Item> {
  const filter = `${property} eq '${String(value).replaceAll("'", "''")}'`;
  const query = { $filter: filter };
  const { value: hits } = await at.send<Page>("GET", `/v1.0/${collection}`, { query });
  const [hit, ...others] = hits;
  if (hit === undefined || others.length > 0)
    throw new Error(`${hits.length} ${collection} with ${property} ${value}`);
  return hit;
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("what was just made is not there");
  return value;
}
