import type { ClockChange, EmulatorControl, SignInRequest, TokenRequest } from "./control";
import { checkShape } from "./control-shape";
import { CONTROL_SHAPES, THROTTLE_SHAPE } from "./control-shapes";
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
  text: unknown,
): Promise<{ status: number; body: unknown }> {
  const run = COMMANDS[`${method} ${name}`];
  if (run === undefined) {
    return {
      status: 404,
      body: { error: `unknown control operation: ${method} ${name}`, known: Object.keys(COMMANDS) },
    };
  }
  try {
    const body = parse(text);
    checkBody(`${method} ${name}`, body);
    const answer = await run(control, body);
    return { status: 200, body: answer ?? {} };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

function parse(text: unknown): unknown {
  if (typeof text !== "string" || text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new RangeError("the body is no JSON");
  }
}

// Bodies come from tests in any language: what is not understood is named, before anything is done.
function checkBody(command: string, body: unknown): void {
  if (command === "POST faults") {
    for (const [index, fault] of listOfFaults(body).entries()) checkFault(fault, index);
    return;
  }
  checkShape(CONTROL_SHAPES[command] ?? {}, body);
  const { throttle, set, advance } = body as Record<string, unknown>;
  if (typeof throttle === "object" && throttle !== null)
    checkShape(THROTTLE_SHAPE, throttle, "throttle");
  if (command === "POST clock" && set === undefined && advance === undefined)
    throw new RangeError("missing property: set or advance");
}

function checkFault(fault: unknown, index: number): void {
  checkShape(CONTROL_SHAPES["POST faults"] ?? {}, fault, `faults[${index}]`);
  const { status, delay, drop } = fault as Fault;
  if (status === undefined && delay === undefined && drop === undefined)
    throw new RangeError(`missing property: faults[${index}].status, .delay or .drop`);
  if (status !== undefined && (status < 100 || status > 599))
    throw new RangeError(`faults[${index}].status: expected an HTTP status, got ${status}`);
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

function addFaults(control: EmulatorControl, body: unknown): unknown {
  const [first, ...others] = listOfFaults(body).map((fault) => control.fault(fault as Fault));
  return isSingle(body) ? first : { faults: first === undefined ? [] : [first, ...others] };
}

// One fault, a list of faults, or `{ faults: […] }`.
function listOfFaults(body: unknown): unknown[] {
  if (isSingle(body)) return [body];
  const list = Array.isArray(body) ? body : (body as { faults: unknown }).faults;
  if (!Array.isArray(list)) throw new RangeError("faults: expected a list of objects");
  return list;
}

function isSingle(body: unknown): boolean {
  return !Array.isArray(body) && (body as { faults?: unknown }).faults === undefined;
}
