/** What to do about a request that got no answer, by the code that Node gives; undefined when nothing can be said. */
export function connectionAdvice(code: string | undefined): string | undefined {
  if (code === undefined || NO_WAY.has(code)) return WHERE_TO_LOOK;
  if (UNKNOWN_CA.has(code)) {
    return "Node does not know who signed its certificate: set NODE_EXTRA_CA_CERTS to that CA's PEM file";
  }
  return ADVICE[code];
}

/** Whether trying again cannot help: who signed a certificate does not change within minutes. */
export function isHopeless(code: string | undefined): boolean {
  return code !== undefined && (UNKNOWN_CA.has(code) || BAD_CERTIFICATE.has(code));
}

/** What a direct connection fails with where only a proxy leads outside. */
const NO_WAY: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "ENETUNREACH",
  "EHOSTUNREACH",
]);

const WHERE_TO_LOOK =
  "check the endpoint and the network; Node obeys HTTPS_PROXY only with NODE_USE_ENV_PROXY=1";

const UNKNOWN_CA: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

const BAD_CERTIFICATE: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

const ADVICE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has ended: check this machine's clock",
  CERT_NOT_YET_VALID: "its certificate is not valid yet: check this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is of another host: check the endpoint",
  ECONNREFUSED: "nothing listens there: check the endpoint",
};
