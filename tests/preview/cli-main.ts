// The binary with one command, for tests: node --import tsx tests/preview/cli-main.ts preview …

import { Command } from "commander";
import { previewCommand } from "../../src/cli/preview";

void new Command("entra-pim").addCommand(previewCommand()).parseAsync();
