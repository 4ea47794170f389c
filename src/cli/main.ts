#!/usr/bin/env node
import { Command } from "commander";
import type { Io } from "./people/io";

/** A command that is loaded when it is called: help must not wait for what only one of them needs. */
interface LazyCommand {
  name: string;
  description: string;
  load(io: () => Io): Command;
}

const COMMANDS: readonly LazyCommand[] = [
  person(
    "eligible",
    "what you may activate, for how long, and what it will ask for",
    () => require("./people/lists").eligibleCommand,
  ),
  person(
    "active",
    "what you hold now, and until when",
    () => require("./people/lists").activeCommand,
  ),
  person(
    "activate",
    "activate roles that you are eligible for",
    () => require("./people/acts").activateCommand,
  ),
  person(
    "deactivate",
    "end activations before their time",
    () => require("./people/acts").deactivateCommand,
  ),
  person(
    "extend",
    "ask administrators for a later end of an assignment of yours",
    () => require("./people/acts").extendCommand,
  ),
  person(
    "renew",
    "ask administrators for an assignment of yours that ran out",
    () => require("./people/acts").renewCommand,
  ),
  person(
    "requests",
    "requests, how they stand, who decides, and how long they still wait",
    () => require("./people/lists").requestsCommand,
  ),
  person(
    "cancel",
    "take back a request of your own that is not in force",
    () => require("./people/decide").cancelCommand,
  ),
  person(
    "approvals",
    "requests that wait for your decision",
    () => require("./people/lists").approvalsCommand,
  ),
  person(
    "approve",
    "approve requests that wait for your decision",
    () => require("./people/decide").approveCommand,
  ),
  person(
    "deny",
    "deny requests that wait for your decision",
    () => require("./people/decide").denyCommand,
  ),
  person(
    "doctor",
    "who you are, what you may do, and what stands in the way",
    () => require("./people/doctor").doctorCommand,
  ),
  {
    name: "groups",
    description: "list the groups that PIM for Groups can manage, and those that it cannot",
    load: () => require("./groups").groupsCommand(),
  },
  {
    name: "preview",
    description: "who gains and who loses access with a Pulumi preview",
    load: () => require("./preview").previewCommand(),
  },
  {
    name: "emulator",
    description: "serve an emulated Microsoft Entra tenant on loopback",
    load: () => require("./emulator").emulatorCommand(),
  },
];

function person(
  name: string,
  description: string,
  factory: () => (io: Io) => Command,
): LazyCommand {
  return { name, description, load: (io) => factory()(io()) };
}

/** The program with the one command that the arguments call; the others are names in its help. */
export function programFor(args: readonly string[], io: () => Io): Command {
  const program = new Command("entra-pim")
    .description("Microsoft Entra Privileged Identity Management from the command line")
    .version(String(require("../../package.json").version))
    .showHelpAfterError("(add --help for what there is)");
  const called = args.find((argument) => !argument.startsWith("-"));
  const wanted = called === "help" ? args[args.indexOf("help") + 1] : called;
  for (const { name, description, load } of COMMANDS) {
    const command = name === wanted ? load(io) : new Command(name).description(description);
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

/** Help on a command that does not exist is a call of it: that says what is near. */
function meant(args: readonly string[]): readonly string[] {
  const [first, second] = args;
  const isKnown = second === undefined || COMMANDS.some(({ name }) => name === second);
  return first === "help" && !isKnown ? args.slice(1) : args;
}

if (require.main === module) {
  const args = meant(process.argv.slice(2));
  const io = () => (require("./people/io") as typeof import("./people/io")).processIo();
  programFor(args, io)
    .parseAsync(args, { from: "user" })
    .catch((error: unknown) => {
      process.stderr.write(
        `entra-pim: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      process.exitCode = 1;
    });
}
