// A ready policy pack: pulumi preview --policy-pack node_modules/pulumi-entra-pim/policy-pack
// Configuration: the file that ENTRA_PIM_CONFIG names, else entra-pim.config.json of the folder that pulumi runs in.
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
// biome-ignore lint/correctness/noUndeclaredDependencies: a peer of the package that this folder is part of
const { PolicyPack } = require("@pulumi/policy");
const { policies } = require("../dist/policy/index.js");

/** The engine starts a pack in the pack's own folder; the shell's variable still names the folder of the command. */
function readConfig() {
  // biome-ignore lint/style/noProcessEnv: a pack is given nothing else
  const { ENTRA_PIM_CONFIG: named, PWD: folder } = process.env;
  const usual = join(folder ?? process.cwd(), "entra-pim.config.json");
  const file = named ?? (existsSync(usual) ? usual : undefined);
  return file === undefined ? undefined : JSON.parse(readFileSync(file, "utf8"));
}

new PolicyPack("entra-pim", { policies: policies({ config: readConfig() }) });
