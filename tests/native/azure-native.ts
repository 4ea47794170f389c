// The stand-in of azure-native: the types that components and examples use, by the calls that the real one makes.

import { randomUUID } from "node:crypto";
import { orUndefined, untilFound } from "./connection";
import { type Bag, type Kind, servePlugin } from "./plugin";

interface Answer extends Bag {
  id: string;
  name: string;
  properties: Bag;
}

const ASSIGNMENTS = { "api-version": "2022-04-01" };
const RESOURCES = { "api-version": "2024-11-01" };

const ROLE_ASSIGNMENT: Kind = {
  required: ["scope", "roleDefinitionId", "principalId"],
  replaces: ["scope", "roleDefinitionId", "principalId", "principalType", "roleAssignmentName"],
  computed: ["name", "type", "roleAssignmentName"],
  async create(at, { scope, roleAssignmentName = randomUUID(), ...properties }) {
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${roleAssignmentName}`;
    // With a principal that is not everywhere yet the service answers 400 unless its type is given.
    const options = { query: ASSIGNMENTS, body: { properties } };
    const made = await at.send<Answer>("PUT", path, options);
    await untilFound(() => at.send("GET", path, { query: ASSIGNMENTS }));
    return { id: made.id, outputs: { name: made.name, type: made["type"], roleAssignmentName } };
  },
  async read(at, id) {
    const live = await orUndefined(at.send<Answer>("GET", id, { query: ASSIGNMENTS }));
    if (live === undefined) return undefined;
    const { principalId, principalType, scope } = live.properties;
    return { id, outputs: { principalId, principalType, scope } };
  },
  async delete(at, id) {
    await at.send("DELETE", id, { query: ASSIGNMENTS });
  },
};

const RESOURCE_GROUP: Kind = {
  required: ["resourceGroupName"],
  replaces: ["resourceGroupName", "location"],
  computed: ["name", "type"],
  async create(at, { resourceGroupName, location = "westeurope", tags = {} }) {
    const path = `/subscriptions/${at.subscriptionId}/resourceGroups/${resourceGroupName}`;
    const made = await at.send<Answer>("PUT", path, { query: RESOURCES, body: { location, tags } });
    await untilFound(() => at.send("GET", path, { query: RESOURCES }));
    return { id: made.id, outputs: { name: made.name, type: made["type"], location, tags } };
  },
  async read(at, id) {
    const live = await orUndefined(at.send<Answer>("GET", id, { query: RESOURCES }));
    if (live === undefined) return undefined;
    const { name, location, tags } = live;
    return { id, outputs: { name, location, tags } };
  },
  async update(at, id, { location, tags = {} }) {
    await at.send("PUT", id, { query: RESOURCES, body: { location, tags } });
    return { tags };
  },
  async delete(at, id) {
    await at.send("DELETE", id, { query: RESOURCES });
  },
};

servePlugin({
  name: "azure-native",
  version: "3.0.0",
  service: "arm",
  kinds: {
    "azure-native:authorization:RoleAssignment": ROLE_ASSIGNMENT,
    "azure-native:resources:ResourceGroup": RESOURCE_GROUP,
  },
  functions: {},
});
