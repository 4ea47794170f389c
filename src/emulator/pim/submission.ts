import type { Call, Reply } from "../api";
import { created } from "../api";
import { refuse } from "../errors";
import type { EntitySet } from "../respond";
import { type Json, project } from "../schema";
import type { GrantKind, PimAction, PimRequest, Tuple } from "./grant";
import { submit } from "./submit";
import type { PimSurface } from "./surface";
import { readWindow } from "./window";

const WITHOUT_WINDOW: readonly PimAction[] = ["adminRemove", "selfDeactivate"];

/** The action that a body of Graph asks for; an application is nobody to act for itself. */
export function readAction(call: Call, body: Json): PimAction {
  const { action } = body;
  if (typeof action !== "string" || action === "unknownFutureValue") throw refuse.invalidRequest();
  if (action.startsWith("self") && call.caller.kind === "app") throw refuse.invalidRequest();
  return action as PimAction;
}

/** Submits what a body of Graph asks for. */
export function submitBody(
  call: Call,
  surface: PimSurface,
  kind: GrantKind,
  action: PimAction,
  tuple: Tuple,
  body: Json,
): PimRequest {
  const ticket = (body["ticketInfo"] ?? {}) as Json;
  return submit(
    surface,
    {
      ...tuple,
      kind,
      action,
      window: WITHOUT_WINDOW.includes(action)
        ? null
        : readWindow(body["scheduleInfo"], call.tenant.clock.now()),
      justification: textOrNull(body["justification"]),
      ticket: {
        number: textOrNull(ticket["ticketNumber"]),
        system: textOrNull(ticket["ticketSystem"]),
      },
      customData: textOrNull(body["customData"]),
      isValidationOnly: body["isValidationOnly"] === true,
    },
    call.caller,
  );
}

/** 201 with the request as its POST tells it. */
export function createdRequest(
  call: Call,
  { context, type }: Pick<EntitySet<PimRequest>, "context" | "type">,
  wire: Json,
): Reply {
  return created({
    "@odata.context": `${call.origin}/${call.version}/$metadata#${context}/$entity`,
    ...project(call.version, type, wire),
  });
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
