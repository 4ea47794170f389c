import { createHash, randomBytes } from "node:crypto";

/** A person as they signed in. */
export interface Person {
  /** Object id. */
  userId: string;
  mfa: boolean;
  acrs: readonly string[];
}

/** What a person signed in for. */
export interface Grant extends Person {
  clientId: string;
  scope: string;
}

/** What an authorization code is redeemed for, and what proves that it is redeemed by whoever asked for it. */
interface Code {
  grant: Grant;
  challenge: string | null;
}

interface Device {
  userCode: string;
  clientId: string;
  scope: string;
  person?: Person;
}

/** Sign-ins under way: device codes, authorization codes, refresh tokens; and who sits at the browser. */
export class SignIns {
  private readonly devices = new Map<string, Device>();
  private readonly codes = new Map<string, Code>();
  private readonly refreshTokens = new Map<string, Grant>();

  /** Who answers the browser; the tenant's administrator with MFA unless changed. */
  constructor(public browser: Person) {}

  startDevice(clientId: string, scope: string): { deviceCode: string; userCode: string } {
    const deviceCode = randomBytes(24).toString("base64url");
    const userCode = randomBytes(5).toString("hex").toUpperCase().slice(0, 9);
    this.devices.set(deviceCode, { userCode, clientId, scope });
    return { deviceCode, userCode };
  }

  /** Enters a user code, as a person does on the device page. */
  completeDevice(userCode: string, person: Person): boolean {
    const device = [...this.devices.values()].find((candidate) => candidate.userCode === userCode);
    if (device === undefined) return false;
    device.person = person;
    return true;
  }

  /** The grant of a device code: undefined for an unknown one, "pending" while nobody entered it. */
  takeDevice(deviceCode: string): Grant | "pending" | undefined {
    const device = this.devices.get(deviceCode);
    if (device === undefined) return undefined;
    if (device.person === undefined) return "pending";
    this.devices.delete(deviceCode);
    return { ...device.person, clientId: device.clientId, scope: device.scope };
  }

  /** An authorization code for whoever sits at the browser; `challenge` is the SHA-256 that its verifier must have. */
  authorize(
    clientId: string,
    scope: string,
    acrs: readonly string[],
    challenge: string | null,
  ): string {
    const code = randomBytes(24).toString("base64url");
    // Whatever context is asked for, the person at the browser satisfies it then and there.
    const satisfied = [...new Set([...this.browser.acrs, ...acrs])];
    const grant = { ...this.browser, acrs: satisfied, clientId, scope };
    this.codes.set(code, { grant, challenge });
    return code;
  }

  /** The grant of an authorization code: undefined for an unknown one, "unproven" with another verifier. */
  takeCode(code: string, verifier: string): Grant | "unproven" | undefined {
    const found = this.codes.get(code);
    this.codes.delete(code);
    if (found === undefined || found.challenge === null) return found?.grant;
    const digest = createHash("sha256").update(verifier).digest("base64url");
    return digest === found.challenge ? found.grant : "unproven";
  }

  refreshToken(grant: Grant): string {
    const token = randomBytes(32).toString("base64url");
    this.refreshTokens.set(token, grant);
    return token;
  }

  refresh(token: string): Grant | undefined {
    return this.refreshTokens.get(token);
  }
}

/** Authentication contexts that a claims request makes essential. */
export function requestedContexts(claims: unknown): string[] {
  if (typeof claims !== "string" || claims === "") return [];
  try {
    const parsed = JSON.parse(claims) as {
      access_token?: { acrs?: { value?: string; values?: string[] } };
    };
    const acrs = parsed.access_token?.acrs;
    return [...(acrs?.values ?? []), ...(acrs?.value === undefined ? [] : [acrs.value])];
  } catch {
    return [];
  }
}
