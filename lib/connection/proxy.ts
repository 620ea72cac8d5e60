/**
 * Which proxy a request to an API server goes through: the cluster's `proxy-url`, which knows no
 * exceptions, else the environment's by Go's rules, which never proxies loopback and honours
 * NO_PROXY.
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
  /** The URL with its userinfo, and what names it: `proxy-url` or a variable. */
  | { readonly kind: "proxy"; readonly url: string; readonly from: string }
  | { readonly kind: "refused"; readonly reason: string };

export type Variables = (name: string) => string | undefined;

/** `proxyUrl` as the cluster has it, `""` for none. */
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

/** client-go knows three schemes here, and Go's rules for variables more. */
function readProxyUrl(url: string): ProxyChoice {
  const proxy = /^(?:https?|socks5):/i.test(url) ? parseProxyUrl(url) : undefined;
  return proxy === undefined
    ? { kind: "refused", reason: "proxy-url is not an http, https or socks5 URL" }
    : { kind: "proxy", url: formatProxyUrl(proxy), from: "proxy-url" };
}

/** Whether NO_PROXY, or Go's kindness to this machine, exempts the server. */
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

/** `host:port`, `[::1]:port`; an address with several colons has no port. */
function splitPort(entry: string): readonly [host: string, port: string] {
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(entry) ?? [];
  return [bracketed ?? plain ?? entry, port];
}
