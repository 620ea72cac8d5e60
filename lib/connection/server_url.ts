/**
 * Turns the server of a kubeconfig into the URL of `/version`. It follows Go's `url.Parse` and
 * client-go's `DefaultServerURL`, not JavaScript's `URL`: no scheme means http; the path is
 * decoded, cleaned and encoded again; the query is dropped; `127.1` is a host name.
 *
 * Source: client-go, rest/url_utils.go; Go, net/url.
 *
 * @module
 */
import { normalize } from "@std/path/posix";
import { parseUserinfo, type Userinfo } from "../encoding/userinfo.ts";
import { cutUserinfo } from "../output/redact.ts";

export type ServerUrl =
  | {
    readonly kind: "server";
    readonly scheme: "http" | "https";
    /** In lower case; IPv6 in brackets. */
    readonly host: string;
    /** Digits; the scheme's default if none is written. */
    readonly port: string;
    /** The encoded path of `/version`, below the server's own path. */
    readonly versionPath: string;
    /** Decoded; sent as basic authentication. */
    readonly userinfo: Userinfo | undefined;
  }
  /** kubectl sends no request to such a server. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Parses a server. It is not empty: the caller puts the default server in place of an empty one.
 */
export function parseServerUrl(server: string): ServerUrl {
  const parts = splitUrl(normalizeServer(server));
  if (parts !== undefined) return readParts(parts);
  const bare = splitUrl(`http://${server}`);
  if (bare === undefined || !["", "/"].includes(bare.path)) {
    return refused("is neither a URL nor host:port");
  }
  return readParts(bare);
}

/** Returns `https://host:6443/prefix/version`, without a port that is the scheme's default. */
export function formatVersionUrl(url: ServerUrl & { readonly kind: "server" }): string {
  const port = url.port === DEFAULT_PORTS[url.scheme] ? "" : `:${url.port}`;
  return `${url.scheme}://${url.host}${port}${url.versionPath}`;
}

/** Returns a URL without user, password and query, to be shown and stored. */
export function withoutSecrets(server: string): string {
  const { scheme, rest } = cutUserinfo(server);
  return scheme + rest.replace(/\?.*$/s, "");
}

/**
 * Returns a server as client-go stores it and passes it to exec plugins. A URL with a path is
 * parsed by Go's `url.ParseRequestURI` and formatted again: the query is dropped, and `#` becomes a
 * character of the path, since that function knows no fragments. Any other server is returned as it
 * is.
 */
export function normalizeServer(server: string): string {
  const [, scheme = "", authority = "", path = ""] =
    /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(\/[^?]+)/s.exec(server) ?? [];
  if (path === "" || CONTROL.test(server) || BAD_ESCAPE.test(path)) return server;
  const encoded = ENCODED_PATH.test(path) ? path : encodePath(decodePath(path));
  return `${scheme.toLowerCase()}://${authority}${encoded}`;
}

const DEFAULT_PORTS = { http: "80", https: "443" } as const;

interface UrlParts {
  readonly scheme: string;
  readonly userinfo: string | undefined;
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

// Scheme, userinfo, host, port, path. Go accepts these characters in a host, and a zone in
// brackets.
const URL_PARTS =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[0-9A-Fa-f:.]+(?:%25[^\]/?#]+)?\]|[\w.~!$&'()*+,;=<>"\u0080-\u{10FFFF}-]*)(?::(\d*))?((?:\/[^?#]*)?)(?:\?[^#]*)?(?:#.*)?$/su;
const USERINFO = /^[\w.~:!$&'()*+,;=%@-]*$/;
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1F\x7F]/;
const ENCODED_PATH = /^[\w.~!$&'()*+,;=:@[\]%/-]*$/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** Returns `undefined` for a text that Go does not parse, or parses without a host. */
function splitUrl(text: string): UrlParts | undefined {
  const [, scheme = "", userinfo, host = "", port = "", path = ""] = URL_PARTS.exec(text) ?? [];
  if (scheme === "" || (host === "" && port === "") || CONTROL.test(text)) return undefined;
  if (userinfo !== undefined && !(USERINFO.test(userinfo) && !BAD_ESCAPE.test(userinfo))) {
    return undefined;
  }
  if (BAD_ESCAPE.test(path)) return undefined;
  return { scheme: scheme.toLowerCase(), userinfo, host: host.toLowerCase(), port, path };
}

function readParts({ scheme, userinfo, host, port, path }: UrlParts): ServerUrl {
  if (scheme !== "http" && scheme !== "https") return refused(`has the scheme "${scheme}"`);
  if (Number(port) > 65_535) return refused(`has the port ${port}`);
  if (isAlmostIpv4(host)) return refused(`has the host "${host}", which is not an IP address`);
  return {
    kind: "server",
    scheme,
    // Go connects to this machine if there is only a port.
    host: host === "" ? "localhost" : host,
    port: port === "" ? DEFAULT_PORTS[scheme] : `${Number(port)}`,
    versionPath: encodePath(normalize(`/${decodePath(path)}/version`)),
    userinfo: userinfo === undefined ? undefined : parseUserinfo(userinfo),
  };
}

/**
 * Returns true for a host that `fetch` takes for an IP address and kubectl for a name: `127.1`,
 * `2130706433`, `0x7f000001`, `010.0.0.1`. No resolver knows such names, so asking would ask the
 * wrong server.
 */
function isAlmostIpv4(host: string): boolean {
  const labels = host.replace(/\.$/, "").split(".");
  if (!/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) return false;
  return host.endsWith(".") || labels.length !== 4 ||
    !labels.every((label) => /^(?:0|[1-9]\d{0,2})$/.test(label) && Number(label) < 256);
}

/** Returns the decoded path, one character per byte. */
function decodePath(path: string): string {
  return encodeURI(path.toWellFormed()).replace(/%25(?=[0-9A-Fa-f]{2})/g, "%")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function encodePath(bytes: string): string {
  return bytes.replace(
    /[^A-Za-z0-9_.~$&+,/:;=@-]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function refused(reason: string): ServerUrl {
  return { kind: "refused", reason: `the server ${reason}` };
}
