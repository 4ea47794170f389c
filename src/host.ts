import { setFlagsFromString } from "node:v8";
import { HostError } from "./handlers/failure";
import { type DynamicProvider, dynamicProvider } from "./handlers/provider";
import { KINDS, type Kind } from "./model/kinds";
import { localClock } from "./tenant/clock";
import { openTenant } from "./tenant/open-tenant";
import type { Tenant } from "./tenant/tenant";
import { hostVoice } from "./tenant/voice";

// Pulumi's host prints an error as text beside reporting it, and the engine shows both: the text says no more than that.
HostError.prototype.toString = () => "entra-pim: failed, see the error";

/**
 * The contract between every state that was ever written and this package: the text in a resource's `__provider` calls
 * it with protocol 1 and the resource's kind. Both stay supported.
 */
export function provider(protocol: 1, kind: Kind): DynamicProvider {
  if (protocol !== 1 || !KINDS.includes(kind)) {
    throw new Error(
      `this state needs protocol ${protocol} and kind ${kind}, which this release of pulumi-entra-pim does not have; install the release that wrote it`,
    );
  }
  return dynamicProvider(kind, connect);
}

// The engine starts a host for each provider, and again for preview and update. On a large machine V8 lets a heap grow
// to four times what lives in it before it collects: measured at 10,000 assignments, 430 MB instead of 280.
setFlagsFromString("--heap-growing-percent=30");

/** All kinds of a process share one tenant: one token, one limiter, one snapshot. */
const tenants = new Map<string, Promise<Tenant>>();

function connect(config: (key: string) => string | undefined): Promise<Tenant> {
  const key = CONNECTION_KEYS.map((name) => config(name) ?? "").join("\n");
  const opened = tenants.get(key) ?? openTenant(sources(config));
  tenants.set(key, opened);
  opened.catch(() => tenants.delete(key));
  return opened;
}

/** What tells two connections of one process apart; a process serves one provider, so this is nearly always one. */
const CONNECTION_KEYS = [
  "tenantId",
  "clientId",
  "cloud",
  "graphEndpoint",
  "armEndpoint",
  "authorityHost",
].map((name) => `entra-pim:${name}`);

function sources(config: (key: string) => string | undefined): Parameters<typeof openTenant>[0] {
  return {
    config,
    env: process.env,
    clock: localClock(process.env.ENTRA_PIM_CLOCK_OFFSET),
    voice: hostVoice,
    // The host is started as: node dynamic-provider ENGINE
    engineAddress: process.argv.slice(2).find((argument) => /:\d+$/.test(argument)),
  };
}
