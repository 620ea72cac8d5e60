/**
 * Parses and formats the URL of a proxy.
 *
 * Source: Go, net/url; golang.org/x/net/http/httpproxy.
 *
 * @module
 */
import { hostInUrl } from "./ip_address.ts";
import { parseUserinfo, type Userinfo } from "../encoding/userinfo.ts";

export type ProxyScheme = "http" | "https" | "socks5" | "socks5h";

export interface ProxyUrl {
  readonly scheme: ProxyScheme;
  /** A name or an address, an IPv6 one without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly userinfo: Userinfo | undefined;
}

const DEFAULT_PORTS: Readonly<Record<ProxyScheme, number>> = {
  http: 80,
  https: 443,
  socks5: 1080,
  socks5h: 1080,
};

/** An `@` in the userinfo need not be escaped: the last `@` ends it. */
const PARTS =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/?#\s]*)@)?(\[[0-9A-Fa-f:.]+\]|[^:/?#@[\]\s]+)(?::(\d{0,5}))?(?:[/?#].*)?$/s;

/**
 * Returns `undefined` for a text that is not a proxy's URL. As Go does, kuberlr speaks HTTP to a
 * proxy of an unknown scheme; such a URL must have a port.
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
    userinfo: userinfo ? parseUserinfo(userinfo) : undefined,
  };
}

/**
 * Returns the URL in a spelling that every parser reads alike: all special characters are escaped.
 */
export function formatProxyUrl({ scheme, hostname, port, userinfo }: ProxyUrl): string {
  const credentials = userinfo === undefined
    ? ""
    : `${encodeURIComponent(userinfo.username)}:${encodeURIComponent(userinfo.password)}@`;
  return `${scheme}://${credentials}${hostInUrl(hostname)}:${port}`;
}

function isProxyScheme(scheme: string): scheme is ProxyScheme {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}
