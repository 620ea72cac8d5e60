/**
 * The URL of a proxy: what it says, and the spelling of it that every part of Deno reads.
 *
 * Source: Go, net/url; golang.org/x/net/http/httpproxy.
 *
 * @module
 */

export type ProxyScheme = "http" | "https" | "socks5" | "socks5h";

export interface ProxyUrl {
  readonly scheme: ProxyScheme;
  /** A name or an address, an IPv6 one without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Decoded. */
  readonly user: { readonly name: string; readonly password: string } | undefined;
}

const DEFAULT_PORTS: Readonly<Record<ProxyScheme, number>> = {
  http: 80,
  https: 443,
  socks5: 1080,
  socks5h: 1080,
};

/** An `@` in the userinfo need not be escaped: the last one ends it. */
const PARTS =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/?#\s]*)@)?(\[[0-9A-Fa-f:.]+\]|[^:/?#@[\]\s]+)(?::(\d{0,5}))?(?:[/?#].*)?$/s;

/**
 * Returns `undefined` for a text that is not a proxy's URL. Go speaks HTTP to a proxy whose scheme
 * it does not know, and so does kuberlr; such a scheme has no port of its own.
 */
export function parseProxyUrl(text: string): ProxyUrl | undefined {
  const [, written = "", userinfo, host = "", digits = ""] = PARTS.exec(text) ?? [];
  const scheme = written.toLowerCase();
  const isKnown = isProxyScheme(scheme);
  if (host === "" || (!isKnown && digits === "")) return undefined;
  const port = digits === "" && isKnown ? DEFAULT_PORTS[scheme] : Number(digits);
  if (port > 65_535) return undefined;
  return {
    scheme: isKnown ? scheme : "http",
    hostname: host.replace(/^\[|\]$/g, "").toLowerCase(),
    port,
    user: userinfo === undefined || userinfo === "" ? undefined : splitUserinfo(userinfo),
  };
}

/**
 * Returns the same URL in the spelling that is read alike everywhere: everything odd is escaped.
 */
export function formatProxyUrl({ scheme, hostname, port, user }: ProxyUrl): string {
  const userinfo = user === undefined
    ? ""
    : `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@`;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return `${scheme}://${userinfo}${host}:${port}`;
}

export function isProxyScheme(scheme: string): scheme is ProxyScheme {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}

function splitUserinfo(userinfo: string): NonNullable<ProxyUrl["user"]> {
  const [name = "", ...password] = userinfo.split(":");
  return { name: decode(name), password: decode(password.join(":")) };
}

/** A bare `%` is meant as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
