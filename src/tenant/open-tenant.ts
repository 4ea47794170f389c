import { readFileSync } from "node:fs";
import { resolveCredentials } from "../http/credentials";
import { openConnection } from "../http/open-connection";
import { openTokenCache } from "../http/token-cache";
import type { Clock } from "./clock";
import { openJournal } from "./journal";
import { engineRun } from "./run";
import { createTenant, guardTokens, type Tenant } from "./tenant";
import type { Voice } from "./voice";

/** Where a tenant's settings come from, and what its process is. */
export interface TenantSources {
  /** Stack configuration, or an explicit provider's inputs, by full key. */
  config(key: string): string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** What a setting is called where it was set. @default - `entra-pim:` and its name */
  spell?: (setting: string) => string;
  clock: Clock;
  voice: Voice;
  /** The engine that this process works for. */
  engineAddress: string | undefined;
}

/** Settings that cannot be used; all of them at once. */
class ConfigurationError extends Error {
  override name = "ConfigurationError" as const;
}

/** Connects to the tenant that the sources name. Nothing is asked of any service before it is needed. */
export async function openTenant(sources: TenantSources): Promise<Tenant> {
  const { config, env, clock, voice, engineAddress } = sources;
  const { settings, problems } = resolveCredentials({
    config,
    env,
    spell: sources.spell,
    readFile: (path) => readFileSync(path, "utf8"),
  });
  if (settings === undefined)
    throw new ConfigurationError(problems.map(({ message }) => message).join("; "));
  const run = engineRun(engineAddress, settings.tenantId ?? "");
  const connection = await openConnection(settings, {
    beforeWrite: () => run.assertAlive(),
    prompt: voice,
    tokenCache: openTokenCache(env),
  });
  const tokens = guardTokens(connection.tokens, connection.tenantId);
  const allowLockout = listIn(config("entra-pim:allowLockout"));
  const journal = openJournal(env);
  return createTenant({
    connection: { ...connection, tokens },
    clock,
    voice,
    run,
    journal,
    allowLockout,
  });
}

/** A list in configuration is JSON; one entry may stand alone. */
function listIn(text: string | undefined): string[] {
  if (text === undefined || text.trim() === "") return [];
  if (!text.trim().startsWith("[")) return [text.trim()];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((entry) => typeof entry === "string")) return list;
  } catch {
    // said below, in the user's words
  }
  throw new ConfigurationError(
    `entra-pim:allowLockout: got ${text}, expected a JSON list of assignment keys`,
  );
}
