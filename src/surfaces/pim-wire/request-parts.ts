import type { RequestedExpiration } from "../surface";

/** What every request may say, whoever asks and wherever. */
export interface RequestParts {
  startsAt?: string | undefined;
  expiration?: RequestedExpiration | undefined;
  justification?: string | undefined;
  ticket?: { number: string; system?: string } | undefined;
}

/** How a service spells the kinds of an end. */
export type ExpirationTypes = Readonly<Record<RequestedExpiration["type"], string>>;

/** The members of a request's body that Graph and ARM write alike. What was not asked for is left out. */
export function writeRequestParts(
  { startsAt, expiration, justification, ticket }: RequestParts,
  types: ExpirationTypes,
): Record<string, unknown> {
  return {
    ...(justification === undefined ? {} : { justification }),
    ...(ticket === undefined
      ? {}
      : { ticketInfo: { ticketNumber: ticket.number, ticketSystem: ticket.system ?? null } }),
    ...(expiration === undefined
      ? {}
      : {
          scheduleInfo: {
            ...(startsAt === undefined ? {} : { startDateTime: startsAt }),
            expiration: { type: types[expiration.type], ...endOf(expiration) },
          },
        }),
  };
}

/** The end of a person's request, which is always a duration. */
export function forDuration(duration: string | undefined): RequestedExpiration | undefined {
  return duration === undefined ? undefined : { type: "for", duration };
}

function endOf(expiration: RequestedExpiration): object {
  if (expiration.type === "permanent") return {};
  return expiration.type === "until"
    ? { endDateTime: expiration.endsAt }
    : { duration: expiration.duration };
}
