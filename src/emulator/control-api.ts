import type { ClockChange, EmulatorControl, SignInRequest, TokenRequest } from "./control";
import type { Fault } from "./faults";
import type { GenerateOptions } from "./generate";
import type { EmulatorOptions, EmulatorSettings } from "./options";
import type { PlantedRequest, PlantedSchedule } from "./plant";
import type { Seed } from "./seed";

/** Answers a request under `/_emulator/`: the control functions as JSON. */
export async function answerControl(
  control: EmulatorControl,
  method: string,
  name: string,
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const run = COMMANDS[`${method} ${name}`];
  if (run === undefined) {
    return {
      status: 404,
      body: { error: `unknown control operation: ${method} ${name}`, known: Object.keys(COMMANDS) },
    };
  }
  try {
    const answer = await run(control, body ?? {});
    return { status: 200, body: answer ?? {} };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

type Command = (control: EmulatorControl, body: unknown) => unknown;

const COMMANDS: Readonly<Record<string, Command>> = {
  "GET info": (control) => control.info(),
  "POST reset": (control, body) => control.reset(body as EmulatorOptions),
  "POST seed": (control, body) => control.seed(body as Seed),
  "POST generate": (control, body) => control.generate(body as GenerateOptions),
  "POST token": (control, body) => control.token(body as TokenRequest),
  "POST sign-in": (control, body) => control.signIn(body as SignInRequest),
  "GET clock": (control) => control.clock(),
  "POST clock": (control, body) => control.clock(body as ClockChange),
  "GET faults": (control) => control.faults(),
  "POST faults": (control, body) => addFaults(control, body),
  "DELETE faults": (control) => control.clearFaults(),
  "GET requests": (control) => control.requests(),
  "DELETE requests": (control) => control.clearRequests(),
  "GET mails": (control) => control.mails(),
  "DELETE mails": (control) => control.clearMails(),
  "GET audits": (control) => control.audits(),
  "GET answers": (control) => control.answers(),
  "GET settings": (control) => control.settings(),
  "POST settings": (control, body) => control.settings(body as Partial<EmulatorSettings>),
  "POST poison": (control, body) => {
    const { role, isPoisoned } = body as { role: string; isPoisoned?: boolean };
    control.poison(role, isPoisoned ?? true);
  },
  "POST plant-schedule": (control, body) => control.plantSchedule(body as PlantedSchedule),
  "POST plant-pending": (control, body) => control.plantPending(body as PlantedRequest),
  "POST delete-principal": (control, body) => control.deletePrincipal((body as { id: string }).id),
  "POST purge-requests": (control) => control.purgeRequests(),
};

// One fault, a list of faults, or `{ faults: […] }`.
function addFaults(control: EmulatorControl, body: unknown): unknown {
  const wrapped = (body as { faults?: Fault[] }).faults;
  if (wrapped !== undefined || Array.isArray(body)) {
    return { faults: (wrapped ?? (body as Fault[])).map((fault) => control.fault(fault)) };
  }
  return control.fault(body as Fault);
}
