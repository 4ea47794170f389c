import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Emulator } from "pulumi-entra-pim/emulator";

const repositoryRoot = join(__dirname, "..", "..");

/** What one run of the CLI said. */
export interface Said {
  exitCode: number;
  text: string;
}

/** A stack of one example in a folder of its own, driven by the real CLI in front of the audience. */
export class Stage {
  readonly folder = join(repositoryRoot, ".demo");
  private readonly project = join(this.folder, "project");
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    private readonly example: string,
    private readonly stack: string,
    emulator: Emulator,
  ) {
    this.env = {
      ...process.env,
      // The plugin of azuread is not downloaded: the tests' stand-in makes the groups.
      PATH: [join(repositoryRoot, "tests", "native", "bin"), process.env.PATH ?? ""].join(
        delimiter,
      ),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: "demo",
      ...(emulator.info.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: emulator.info.caFile }),
    };
  }

  async open(config: Record<string, string>, secrets: Record<string, string>): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(join(this.folder, "state"), { recursive: true });
    const source = join(repositoryRoot, "examples", this.example);
    cpSync(source, this.project, {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    symlinkSync(
      join(repositoryRoot, "node_modules"),
      join(this.project, "node_modules"),
      "junction",
    );
    await this.quietly(["stack", "init", this.stack]);
    const pairs = [
      ...Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
      ...Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
    ];
    await this.quietly(["config", "set-all", ...pairs]);
  }

  /** Lets the host go by the emulator's clock after that was moved. */
  moveClock(now: string): void {
    const seconds = Math.round((Date.parse(now) - Date.now()) / 1000);
    this.env.ENTRA_PIM_CLOCK_OFFSET = `PT${seconds}S`;
  }

  /** Runs the CLI with its own output visible, and keeps what it says. */
  run(args: string[]): Promise<Said> {
    process.stdout.write(`\n$ pulumi ${args.join(" ")}\n`);
    return this.spawn("pulumi", ["--non-interactive", ...args], true);
  }

  /** A file of the project. */
  read(name: string): string {
    return readFileSync(join(this.project, name), "utf8");
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.project, name), text);
  }

  /** What a pull request says of the program as it stands: `entra-pim preview`, the beginning of its report shown. */
  async review(): Promise<Said> {
    process.stdout.write(`\n$ entra-pim preview --stack ${this.stack}\n`);
    const command = join(repositoryRoot, "dist", "cli", "main.js");
    const said = await this.spawn(
      process.execPath,
      [command, "preview", "--stack", this.stack, "--format", "text"],
      false,
    );
    const lines = said.text.split("\n").filter((line) => line.trim() !== "");
    const shown = lines.slice(0, LINES_OF_A_REPORT);
    process.stdout.write(`${shown.map((line) => line.slice(0, 150)).join("\n")}\n`);
    if (lines.length > shown.length)
      process.stdout.write(`… ${lines.length - shown.length} more lines\n`);
    return said;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** How to go on by hand with what is left standing. */
  directions(): string {
    const set = [
      "PATH",
      "PULUMI_HOME",
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE",
      "NODE_EXTRA_CA_CERTS",
    ];
    return [
      ...set.flatMap((name) =>
        this.env[name] === undefined ? [] : [`export ${name}=${this.env[name]}`],
      ),
      `cd ${this.project}`,
    ].join("\n");
  }

  private async quietly(args: string[]): Promise<void> {
    const { exitCode, text } = await this.spawn("pulumi", ["--non-interactive", ...args], false);
    if (exitCode !== 0) throw new Error(`pulumi ${args[0]} failed:\n${text}`);
  }

  private spawn(command: string, args: string[], visible: boolean): Promise<Said> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: this.project,
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      const screen = new Screen();
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (part: string) => {
          text += part;
          if (visible) screen.write(part);
        });
      }
      child.on("error", reject);
      child.on("close", (code) => resolve({ exitCode: code ?? 1, text }));
    });
  }
}

/** How much of a report fits on a screen beside what is told about it. */
const LINES_OF_A_REPORT = 30;

/** What only says that something is under way, is as it was, or comes again at the end. */
const PASSING = [
  /^\s*$/,
  /^\s*[@.]/,
  /(creating|updating|deleting|refreshing|reading) \(\d+s\)\s*$/,
  /^ *~ .* refresh(ing)?( \([\d.]+s\))?\s*$/,
  /^ {4}[\w-]+:\S+ \S+\s*$/,
  /^ {4}pulumi:pulumi:Stack/,
  /using pulumi-resource-/,
  /^\s+(\[id=|--outputs:--|~ status )/,
  /pulumi stack rm|remain(s|ed)? in the state|have been deleted, but the history/,
];

/** Shows what lasts, a line each, so that an act fits on a screen. */
class Screen {
  private rest = "";

  write(part: string): void {
    // Progress dots have no end of line of their own.
    const text =
      this.rest + part.replace(/@ [a-z ]+\.+/g, "\n").replace(/(?<=\S) {2,}(?=[-+~] {2})/g, "\n");
    const lines = text.split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.show(line);
  }

  private show(line: string): void {
    if (PASSING.some((passing) => passing.test(line))) return;
    this.print(line.replace(/\[urn=.*::(.*)\]/, "$1"));
  }

  private print(line: string): void {
    process.stdout.write(`${line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line}\n`);
  }
}

const WIDTH = 150;
