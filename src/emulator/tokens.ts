import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import type { Caller } from "./api";
import { refuse } from "./errors";
import type { Tenant } from "./tenant";

/** What a token is to say. */
export interface TokenClaims {
  kind: "app" | "user";
  /** Object id of the caller. */
  id: string;
  appId: string;
  audience: string;
  /** Application permissions (`roles`) or delegated ones (`scp`). */
  permissions: readonly string[];
  mfa?: boolean;
  acrs?: readonly string[];
  name?: string;
  userPrincipalName?: string;
}

/** Lifetime by real time: clients compare it with their own clock, not with the emulator's. */
export const TOKEN_SECONDS = 3600;

const KEY_ID = "emulator";

// An ES module: a CommonJS file reaches it by import() only, on every Node we support.
const jose = () => import("jose");

/** The key pair that signs; it outlives resets, so that clients keep their tokens. */
export interface SigningKeys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** Makes a key pair to sign tokens with. */
export function createSigningKeys(): SigningKeys {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** Issues and checks the tokens of one emulator. */
export class TokenService {
  private readonly callers = new Map<
    string,
    { caller: Caller; audience: string; expiresAt: number }
  >();

  constructor(
    private readonly tenant: Tenant,
    private readonly authority: () => string,
    private readonly keys: SigningKeys,
  ) {}

  /** Signs an access token. */
  async issue(claims: TokenClaims): Promise<string> {
    const { SignJWT } = await jose();
    const isApp = claims.kind === "app";
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      ver: "1.0",
      oid: claims.id,
      tid: this.tenant.id,
      appid: claims.appId,
      appidacr: "1",
      idtyp: isApp ? "app" : "user",
      // The pair makes tokens of the same second differ.
      uti: randomUUID(),
      ...(isApp
        ? { roles: claims.permissions }
        : { scp: claims.permissions.join(" "), amr: amrOf(claims), acr: "1" }),
      ...(claims.acrs !== undefined && claims.acrs.length > 0 && { acrs: claims.acrs }),
      ...(claims.name !== undefined && { name: claims.name }),
      ...(claims.userPrincipalName !== undefined && {
        upn: claims.userPrincipalName,
        unique_name: claims.userPrincipalName,
      }),
    })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: KEY_ID })
      .setIssuer(`${this.authority()}/${this.tenant.id}/`)
      .setSubject(claims.id)
      .setAudience(claims.audience)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .sign(this.keys.privateKey);
  }

  /** Signs an id token, which some clients read for the account. */
  async issueIdToken(claims: TokenClaims): Promise<string> {
    const { SignJWT } = await jose();
    return new SignJWT({
      tid: this.tenant.id,
      oid: claims.id,
      name: claims.name,
      preferred_username: claims.userPrincipalName,
      ver: "2.0",
    })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: KEY_ID })
      .setIssuer(`${this.authority()}/${this.tenant.id}/v2.0`)
      .setSubject(claims.id)
      .setAudience(claims.appId)
      .setIssuedAt()
      .setExpirationTime(`${TOKEN_SECONDS}s`)
      .sign(this.keys.privateKey);
  }

  /** The public keys as a JWK set. */
  async keySet(): Promise<{ keys: unknown[] }> {
    const { exportJWK } = await jose();
    return {
      keys: [{ ...(await exportJWK(this.keys.publicKey)), kid: KEY_ID, use: "sig", alg: "RS256" }],
    };
  }

  /** The caller of a request, from its `Authorization` header. */
  async authenticate(header: string | undefined, audiences: readonly string[]): Promise<Caller> {
    const token = /^Bearer\s+(\S+)$/i.exec(header ?? "")?.[1];
    if (token === undefined) throw refuse.noToken();
    const known = this.callers.get(token) ?? (await this.verify(token));
    if (known.expiresAt < Date.now()) throw refuse.expiredToken();
    if (!audiences.includes(known.audience.replace(/\/$/, ""))) throw refuse.wrongAudience();
    return known.caller;
  }

  private async verify(
    token: string,
  ): Promise<{ caller: Caller; audience: string; expiresAt: number }> {
    const payload = await readToken(token, this.keys.publicKey);
    if (payload["tid"] !== this.tenant.id) throw refuse.wrongTenant();
    const amr = payload["amr"];
    const acrs = payload["acrs"];
    const isApp = payload["idtyp"] === "app";
    const permissions = isApp ? payload["roles"] : String(payload["scp"] ?? "").split(" ");
    const caller: Caller = {
      kind: isApp ? "app" : "user",
      id: String(payload["oid"]),
      appId: String(payload["appid"]),
      permissions: new Set(Array.isArray(permissions) ? permissions.map(String) : []),
      mfa: Array.isArray(amr) && amr.includes("mfa"),
      acrs: Array.isArray(acrs) ? acrs.map(String) : [],
    };
    const known = {
      caller,
      audience: String(payload["aud"]),
      expiresAt: Number(payload["exp"]) * 1000,
    };
    // Forgetting all at once is cheap and rare; each token is then checked once more.
    if (this.callers.size > 10_000) this.callers.clear();
    this.callers.set(token, known);
    return known;
  }
}

async function readToken(token: string, key: KeyObject): Promise<Record<string, unknown>> {
  const { jwtVerify } = await jose();
  try {
    const { payload } = await jwtVerify(token, key, { clockTolerance: TOKEN_SECONDS });
    return payload;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_JWT_EXPIRED")
      throw refuse.expiredToken();
    throw refuse.badToken();
  }
}

function amrOf(claims: TokenClaims): string[] {
  return claims.mfa === true ? ["pwd", "mfa"] : ["pwd"];
}
