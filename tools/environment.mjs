// The environment in which the CLI, the language host and the programs of tasks and tests run.

import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The directory of what `npm ci` installed, Node.js 24 among it. */
export const toolsDirectory = join(repositoryRoot, "node_modules", ".bin");

/**
 * The environment of a task: our Node.js and the engine first on PATH, a Pulumi home of our own, no looks
 * for updates or plugins on the network, and none of the credentials of whoever runs this.
 */
export function taskEnvironment(engine) {
  return {
    ...withoutCredentials(process.env),
    PATH: [toolsDirectory, engine.directory, process.env.PATH ?? ""].join(delimiter),
    PULUMI_HOME: join(repositoryRoot, ".cache", "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // An empty one, so that nobody is signed in to Azure's CLI.
    AZURE_CONFIG_DIR: join(repositoryRoot, ".cache", "azure"),
    DO_NOT_TRACK: "1",
  };
}

/** What an installation with the user's own Node.js needs: not the one that it is about to replace. */
export function installEnvironment() {
  const path = (process.env.PATH ?? "").split(delimiter);
  return {
    ...process.env,
    PATH: path.filter((directory) => directory !== toolsDirectory).join(delimiter),
    npm_config_update_notifier: "false",
  };
}

function withoutCredentials(environment) {
  const names = /^(ARM_|AZURE_|ENTRA_PIM_|PULUMI_|ACTIONS_ID_TOKEN_|SYSTEM_OIDC)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.test(name)));
}
