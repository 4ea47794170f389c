import { Command } from "commander";
import type * as Discovery from "../tenant/discover";

/** `entra-pim groups`: which groups PIM can manage, which it manages, and why it cannot manage the others. */
export function groupsCommand(): Command {
  return new Command("groups")
    .description("list the groups that PIM for Groups can manage, and those that it cannot")
    .option("--tenant-id <guid>", "tenant; without it, and for all credentials, the environment")
    .option("--client-id <guid>", "application (client) id")
    .option("--cloud <name>", "public, usgovernment, dod or china")
    .option("--graph-endpoint <url>", "endpoint of Microsoft Graph")
    .option("--authority-host <url>", "endpoint of the sign-in")
    .option("--json", "print one JSON object")
    .action(async ({ json, ...options }: Discovery.DiscoveryOptions & { json?: true }) => {
      // Loaded when it is to ask: help must not wait for the clients of a service.
      const { describeDiscovery, discoverGroups }: typeof Discovery = require("../tenant/discover");
      const discovery = await discoverGroups(options);
      const lines = json ? [JSON.stringify(discovery)] : describeDiscovery(discovery);
      process.stdout.write(`${lines.join("\n")}\n`);
    });
}
