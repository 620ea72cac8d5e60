/**
 * Chooses the proxy for requests to an API server: the cluster's `proxy-url`, which has no
 * exceptions, else the environment's by Go's rules, which exempt loopback and honour NO_PROXY.
 *
 * Source: client-go, tools/clientcmd/client_config.go, rest/config.go;
 * golang.org/x/net/http/httpproxy.
 *
 * @module
 */
import { isInNetwork, isLoopback, parseIpAddress, parseNetwork } from "./ip_address.ts";
import { formatProxyUrl, parseProxyUrl } from "./proxy_url.ts";
import type { ServerUrl } from "./server_url.ts";

export type ProxyChoice =
  | { readonly kind: "direct" }
  /** The URL with its userinfo, and the setting that names it: `proxy-url` or a variable. */
  | { readonly kind: "proxy"; readonly url: string; readonly from: string }
  | { readonly kind: "refused"; readonly reason: string };

export type Variables = (name: string) => string | undefined;

/** Returns the proxy for a server. `proxyUrl` is the cluster's, `""` if it has none. */
export function chooseProxy(
  url: Pick<ServerUrl & { readonly kind: "server" }, "scheme" | "host" | "port">,
  proxyUrl: string,
  env: Variables,
): ProxyChoice {
  if (proxyUrl !== "") return readProxyUrl(proxyUrl);
  const from = firstSet(env, url.scheme === "https" ? HTTPS_NAMES : HTTP_NAMES);
  const value = from === undefined ? undefined : env(from);
  if (from === undefined || value === undefined) return { kind: "direct" };
  if (url.scheme === "http" && env("REQUEST_METHOD")) {
    return { kind: "refused", reason: `"${from}" is not used in a CGI environment` };
  }
  const noProxyFrom = firstSet(env, NO_PROXY_NAMES);
  const noProxy = noProxyFrom === undefined ? "" : env(noProxyFrom) ?? "";
  if (isBypassed(url, noProxy)) return { kind: "direct" };
  const proxy = parseProxyUrl(value) ?? parseProxyUrl(`http://${value}`);
  return proxy === undefined
    ? { kind: "refused", reason: `"${from}" is not the URL of a proxy` }
    : { kind: "proxy", url: formatProxyUrl(proxy), from };
}

const HTTPS_NAMES = ["HTTPS_PROXY", "https_proxy"] as const;
const HTTP_NAMES = ["HTTP_PROXY", "http_proxy"] as const;
const NO_PROXY_NAMES = ["NO_PROXY", "no_proxy"] as const;

function firstSet(env: Variables, names: readonly string[]): string | undefined {
  return names.find((name) => env(name));
}

/** client-go accepts three schemes here; for variables, Go's rules accept more. */
function readProxyUrl(url: string): ProxyChoice {
  const proxy = /^(?:https?|socks5):/i.test(url) ? parseProxyUrl(url) : undefined;
  return proxy === undefined
    ? { kind: "refused", reason: "proxy-url is not an http, https or socks5 URL" }
    : { kind: "proxy", url: formatProxyUrl(proxy), from: "proxy-url" };
}

/**
 * Returns true if NO_PROXY exempts the server, or if it is on loopback, which Go always exempts.
 */
function isBypassed(
  { host, port }: { readonly host: string; readonly port: string },
  noProxy: string,
): boolean {
  const name = host.replace(/^\[|\]$/g, "");
  const address = parseIpAddress(name);
  if (name === "localhost" || (address !== undefined && isLoopback(address))) return true;
  return noProxy.split(",").some((entry) =>
    matches(entry.trim().toLowerCase(), name, port, address)
  );
}

function matches(
  entry: string,
  name: string,
  port: string,
  address: readonly number[] | undefined,
): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  const network = parseNetwork(entry);
  if (network !== undefined) return address !== undefined && isInNetwork(network, address);
  const [entryHost, entryPort] = splitPort(entry);
  if (entryHost === "" || (entryPort !== "" && entryPort !== port)) return false;
  const entryAddress = parseIpAddress(entryHost);
  if (entryAddress !== undefined) {
    return address !== undefined && entryAddress.every((byte, index) => byte === address[index]);
  }
  const domain = entryHost.startsWith("*.") ? entryHost.slice(1) : entryHost;
  if (domain.startsWith(".")) return name.endsWith(domain);
  return name === domain || name.endsWith(`.${domain}`);
}

/** Splits `host:port` and `[::1]:port`. A bare IPv6 address has no port. */
function splitPort(entry: string): readonly [host: string, port: string] {
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(entry) ?? [];
  return [bracketed ?? plain ?? entry, port];
}
