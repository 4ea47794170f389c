import { type Connection, type ConnectOptions, connect } from "../../src/http/connection";
import type { TokenSource } from "../../src/http/token-source";
import type { VirtualTime } from "./virtual-time";

/** A connection to a local server, in virtual time and with a fixed token. */
export function testConnection(
  url: string,
  time: VirtualTime,
  options: Partial<ConnectOptions> = {},
): Connection {
  return connect({
    tenantId: "11111111-1111-1111-1111-111111111111",
    endpoints: { graph: url, arm: url },
    tokens: fixedToken("secret-token"),
    clock: time.now,
    sleep: time.sleep,
    random: () => 1,
    ...options,
  });
}

function fixedToken(token: string): TokenSource {
  return {
    token: async () => ({ token, expiresOnTimestamp: Number.POSITIVE_INFINITY }),
    invalidate: () => undefined,
  };
}
