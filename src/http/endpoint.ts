/** Reads a base address: https, or http on this machine only; without a trailing slash. */
export function parseEndpoint(text: string): { endpoint: string } | { expected: string } {
  const url = parseUrl(text);
  if (!url) return { expected: "an address such as https://graph.microsoft.com" };
  if (url.username || url.password)
    return { expected: "an address without a user name or password" };
  if (url.search || url.hash) return { expected: "an address without a query" };
  if (/\/(v1\.0|beta)\/?$/.test(url.pathname)) return { expected: "an address without a version" };
  // A token over plain HTTP can be read by anybody on the way.
  if (url.protocol === "http:" && !isLoopback(url)) {
    return { expected: "https, or http on 127.0.0.1, localhost or [::1]" };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return { expected: "https" };
  return { endpoint: url.origin + url.pathname.replace(/\/+$/, "") };
}

/** Tells whether an address is on this machine. */
export function isLoopbackEndpoint(endpoint: string): boolean {
  const url = parseUrl(endpoint);
  return url !== undefined && isLoopback(url);
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined; // the caller says what was expected
  }
}
