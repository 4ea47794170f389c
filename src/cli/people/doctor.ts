import { Command } from "commander";
import { examine } from "../../tenant/doctor";
import { surfacesOf } from "../../tenant/people-select";
import { connect, type PersonOptions, withPersonOptions } from "./connect";
import { ExitCode, type Io } from "./io";
import { printJson, printTable } from "./print";
import { run } from "./run";

/** `entra-pim doctor`: what keeps PIM from working for this identity. */
export function doctorCommand(io: Io): Command {
  return withPersonOptions(new Command("doctor"))
    .description("who you are, what you may do, and what stands in the way")
    .action((options: PersonOptions) =>
      run(io, async () => {
        const tenant = await connect(options, io);
        const findings = await examine(tenant, surfacesOf(options.surface));
        if (options.json) {
          printJson(io, {
            findings: findings.map(({ ok, ...rest }) => ({ ...rest, ok: ok ?? null })),
          });
        } else {
          printTable(
            io,
            ["RESULT", "CHECK", "FOUND", "TO DO"],
            findings.map(({ ok, check, detail, fix }) => [
              ok === undefined ? "?" : ok ? "ok" : "NO",
              check,
              detail,
              fix ?? "",
            ]),
          );
        }
        if (findings.some(({ ok }) => ok === false)) return ExitCode.Refused;
        return findings.some(({ ok }) => ok === undefined) ? ExitCode.Incomplete : ExitCode.Done;
      }),
    );
}
