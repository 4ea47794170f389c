import { type Command, Option } from "commander";
import { localClock } from "../../tenant/clock";
import type * as Opening from "../../tenant/open-tenant";
import type { Tenant } from "../../tenant/tenant";
import type { Io } from "./io";

/** Options of every command of people: where, as whom, and how to print. */
export interface PersonOptions {
  surface?: string;
  json?: true;
  tenant?: string;
  clientId?: string;
  browser?: true;
  deviceCode?: true;
  azureCli?: true;
  cloud?: string;
  graphEndpoint?: string;
  armEndpoint?: string;
  authorityHost?: string;
}

const SURFACES = ["entra", "groups", "azure", "all"];

/** Adds the options that all commands of people share. */
export function withPersonOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--surface <name>", "where: Entra roles, groups, Azure roles")
        .choices(SURFACES)
        .default("all"),
    )
    .option("--json", "print JSON instead of a table")
    .option("--tenant <id>", "tenant (default: ENTRA_PIM_TENANT_ID or ARM_TENANT_ID)")
    .option("--client-id <id>", "public client to sign in with (default: ENTRA_PIM_CLIENT_ID)")
    .option("--browser", "sign in with a browser (default on a desktop)")
    .option("--device-code", "sign in with a code on another device")
    .option("--azure-cli", "take tokens of Azure from the Azure CLI")
    .option("--cloud <name>", "public, usgovernment, dod or china")
    .option("--graph-endpoint <url>", "endpoint of Microsoft Graph")
    .option("--arm-endpoint <url>", "endpoint of Azure Resource Manager")
    .option("--authority-host <url>", "endpoint of the sign-in");
}

/** Connects to the tenant that options and environment name; nobody signs in before a token is needed. */
export function connect(options: PersonOptions, io: Io): Promise<Tenant> {
  const settings = settingsIn(options, io);
  // Loaded when somebody connects: help must not wait for the clients of two services.
  const { openTenant }: typeof Opening = require("../../tenant/open-tenant");
  return openTenant({
    config: (key) => settings[key.replace(/^entra-pim:/, "")],
    env: io.env,
    spell: (setting) => spelt(setting, options),
    clock: localClock(io.env.ENTRA_PIM_CLOCK_OFFSET),
    voice: (fact) => io.err(`${fact}\n`),
    engineAddress: undefined,
  });
}

/**
 * The connection's settings by name. With a client id a person signs in; without one the environment decides, as it
 * does for deployments: what it finds may be the Azure CLI, or an application, which is then refused by name.
 */
function settingsIn(options: PersonOptions, { env }: Io): Record<string, string | undefined> {
  const clientId = options.clientId ?? env.ENTRA_PIM_CLIENT_ID;
  const common = {
    tenantId: options.tenant ?? env.ENTRA_PIM_TENANT_ID,
    cloud: options.cloud ?? env.ENTRA_PIM_CLOUD,
    graphEndpoint: options.graphEndpoint ?? env.ENTRA_PIM_GRAPH_ENDPOINT,
    armEndpoint: options.armEndpoint ?? env.ENTRA_PIM_ARM_ENDPOINT,
    authorityHost: options.authorityHost ?? env.ENTRA_PIM_AUTHORITY_HOST,
    ...(options.azureCli === true && { useCli: "true" }),
  };
  if (clientId === undefined) return common;
  const way = wayOf(options, env);
  return { ...common, clientId, [way]: "true" };
}

/** The option that a setting came from, or the variable that stands for it. */
function spelt(setting: string, options: PersonOptions): string {
  if (setting === "useBrowser") return "--browser";
  if (setting === "useDeviceCode") return "--device-code";
  const given: Record<string, unknown> = { ...options, tenantId: options.tenant };
  if (given[setting] === undefined) return `ENTRA_PIM_${joined(setting, "_").toUpperCase()}`;
  return setting === "tenantId" ? "--tenant" : `--${joined(setting, "-")}`;
}

function joined(setting: string, by: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `${by}${letter.toLowerCase()}`);
}

function wayOf(options: PersonOptions, env: Io["env"]): "useBrowser" | "useDeviceCode" {
  if (options.deviceCode === true) return "useDeviceCode";
  if (options.browser === true || /^browser$/i.test(env.ENTRA_PIM_SIGN_IN ?? ""))
    return "useBrowser";
  if (/^device/i.test(env.ENTRA_PIM_SIGN_IN ?? "")) return "useDeviceCode";
  const isRemote = env.SSH_CONNECTION !== undefined || env.CODESPACES !== undefined;
  const hasDisplay =
    process.platform !== "linux" || env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
  return isRemote || !hasDisplay ? "useDeviceCode" : "useBrowser";
}
