import type { ReplyFacts } from "./exchange";

/** What an error answer says, whatever its encoding. */
export interface ErrorBody {
  code: string;
  message: string;
  rule?: string[];
  claims?: string;
  permissions?: string[];
  requestId?: string;
  clientRequestId?: string;
}

/** Longest service text that goes into a message, in characters. */
const MAX_TEXT = 500;

/**
 * Understands an error answer. PIM uses three encodings side by side (plain, a JSON string wrapped in
 * `UnknownError`, an empty code), ARM nests details, and gateways answer with text, HTML or XML.
 */
export function readErrorBody(reply: ReplyFacts): ErrorBody {
  const { code, message, inner } = unwrap(readEnvelope(reply));
  const headers = reply.headers;
  const rule = readRules(message);
  const claims = readClaims(message) ?? readChallenge(headers["www-authenticate"]);
  const permissions = readPermissions(message);
  const requestId =
    headers["request-id"] ?? headers["x-ms-request-id"] ?? readText(inner["request-id"]);
  const clientRequestId =
    headers["client-request-id"] ??
    headers["x-ms-client-request-id"] ??
    readText(inner["client-request-id"]);
  return {
    code,
    // A claims challenge is for the token endpoint; people get the sentence before it.
    message: clip(message.replace(/[&?]?claims=\S+/, "claims=…")),
    ...(rule && { rule }),
    ...(claims && { claims }),
    ...(permissions && { permissions }),
    ...(requestId && { requestId }),
    ...(clientRequestId && { clientRequestId }),
  };
}

interface Envelope {
  code: string;
  message: string;
  inner: Record<string, unknown>;
}

function readEnvelope(reply: ReplyFacts): Envelope {
  const body = parseJson(reply.text);
  if (!isRecord(body)) return { code: "", message: describeForeignBody(reply), inner: {} };
  // Some front ends answer `{"message"}` without an envelope, token endpoints `{"error": "code"}`.
  const error = isRecord(body.error) ? body.error : body;
  const inner = error.innerError ?? error.innererror;
  const code = readText(error.code) ?? readText(error.errorCode) ?? readText(body.error) ?? "";
  const message =
    readText(error.message) ?? readText(error.Message) ?? readText(body.error_description) ?? "";
  return {
    code,
    message: [message, ...readDetails(error.details, message)].filter(Boolean).join("; "),
    inner: isRecord(inner) ? inner : {},
  };
}

/** Encodings B and C: the message itself is JSON. */
function unwrap(envelope: Envelope): Envelope {
  const wrapped = parseJson(envelope.message);
  if (!isRecord(wrapped)) return envelope;
  const source = isRecord(wrapped.error) ? wrapped.error : wrapped;
  const code = readText(source.errorCode) ?? readText(source.code) ?? envelope.code;
  const message = readText(source.message) ?? readText(source.Message) ?? "";
  return { code, message, inner: envelope.inner };
}

function readDetails(details: unknown, known: string): string[] {
  if (!Array.isArray(details)) return [];
  return details.filter(isRecord).flatMap((detail) => {
    const message = readText(detail.message);
    const own = message && !known.includes(message) ? [message] : [];
    return [...own, ...readDetails(detail.details, known)];
  });
}

/** `…rules failed: ExpirationRule - text` and the older `…rules failed: ["A","B"]`. */
function readRules(message: string): string[] | undefined {
  const list = /policy rules failed:(.*)$/s.exec(message)?.[1];
  const names = list?.match(/\b[A-Z][A-Za-z]*Rule\b/g);
  return names ? [...new Set(names)] : undefined;
}

/** `…claims=%7B%22access_token%22…`: the authentication context that a new token needs. */
function readClaims(message: string): string | undefined {
  const encoded = /claims=([^\s&"']+)/.exec(message)?.[1];
  if (!encoded) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined; // not percent encoding, so no claims that we could pass on
  }
}

/** `WWW-Authenticate: Bearer …, error="insufficient_claims", claims="<base64>"`. */
function readChallenge(header: string | undefined): string | undefined {
  const encoded = /claims="([^"]+)"/.exec(header ?? "")?.[1];
  if (!encoded) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  return isRecord(parseJson(decoded)) ? decoded : undefined;
}

function readPermissions(message: string): string[] | undefined {
  const list = /missing permission scope ([\w.,\s-]+?)\.?$/.exec(message.trim())?.[1];
  const names = list?.split(",").map((name) => name.trim());
  return names?.filter((name) => name !== "");
}

/** What stands for the message of an answer that is a page for people. */
export const HTML_PAGE = "an HTML page";

/** Whether an answer is a page for people, as proxies and sign-ins send it. */
export function isForPeople({ text, headers }: Pick<ReplyFacts, "text" | "headers">): boolean {
  return /html/i.test(headers["content-type"] ?? "") || /^\s*<(?:!doctype html|html)/i.test(text);
}

function describeForeignBody({ text, headers }: ReplyFacts): string {
  const type = headers["content-type"] ?? "";
  if (text.trim() === "") return "";
  if (isForPeople({ text, headers })) return HTML_PAGE;
  if (/xml/i.test(type) || /^\s*</.test(text)) return "an XML document";
  return text.trim().split(/\r?\n/)[0] ?? "";
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function parseJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON after all: the caller describes it as text
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
