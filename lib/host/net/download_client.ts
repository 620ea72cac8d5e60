/**
 * The HTTP clients for downloads. They trust the system's store, as Go and curl do, with the
 * certificates that Deno and Node users add, and use the proxy that Go would use.
 *
 * @module
 */
import type { Env } from "../../ports/host.ts";
import type { Peer } from "../../ports/store.ts";
import { chooseProxy } from "../../connection/proxy.ts";
import { parseProxyUrl } from "../../connection/proxy_url.ts";
import { headersOmittedByFetch } from "./get_request.ts";
import { ProxyRefusal } from "./tunnel.ts";
import { openHttpClient } from "./http_client.ts";
import { systemRoots } from "./system_roots.ts";

export interface DownloadClients {
  /** Returns one client for each proxy. */
  clientFor(url: string): Promise<Deno.HttpClient>;
  /** Returns the headers that the client itself does not send with a request for this URL. */
  headersFor(url: string): Readonly<Record<string, string>>;
  /** Returns the server and the proxy that the client connects to for this https URL. */
  peerOf(url: string): Peer;
  /** Closes all clients; {@linkcode clientFor} opens them again. */
  close(): void;
}

export function openDownloadClients(env: Env): DownloadClients {
  const clients = new Map<string, Promise<Deno.HttpClient>>();
  const proxyOf = (url: string) => parseProxyUrl(findProxy(url, env) ?? "");
  return {
    clientFor(url) {
      const proxy = findProxy(url, env);
      const secure = url.startsWith("https:") || /^https:/i.test(proxy ?? "");
      const key = `${secure} ${proxy ?? ""}`;
      const client = clients.get(key) ?? openClient(proxy, secure, env);
      clients.set(key, client);
      return client;
    },
    headersFor: (url) => headersOmittedByFetch(new URL(url), proxyOf(url)),
    peerOf(url) {
      const { hostname, port } = new URL(url);
      const proxy = proxyOf(url);
      const isPlain = proxy?.scheme === "http" && /^[\w.-]+$/.test(proxy.hostname);
      return {
        server: `${hostname}:${port || 443}`,
        proxy: isPlain ? `${proxy.hostname}:${proxy.port}` : undefined,
      };
    },
    close() {
      for (const client of clients.values()) client.then((open) => open.close(), () => {});
      clients.clear();
    },
  };
}

/**
 * Returns the URL of the proxy by Go's rules, with user and password.
 *
 * @throws {ProxyRefusal} the environment names a proxy that cannot be used
 */
function findProxy(url: string, env: Env): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const scheme = protocol === "https:" ? "https" : "http";
  const choice = chooseProxy(
    { scheme, host: hostname, port: port || (scheme === "https" ? "443" : "80") },
    "",
    (name) => env.get(name),
  );
  if (choice.kind === "refused") throw new ProxyRefusal(choice.reason);
  return choice.kind === "proxy" ? choice.url : undefined;
}

/** `secure`: whether TLS may be used; without TLS, no certificates are loaded. */
async function openClient(
  proxy: string | undefined,
  secure: boolean,
  env: Env,
): Promise<Deno.HttpClient> {
  const roots = secure ? [...await systemRoots(), ...addedRoots(env)] : [];
  return openHttpClient({ roots, proxy });
}

/** The certificates that Deno and Node users add to the system's. */
function addedRoots(env: Env): readonly string[] {
  return ["DENO_CERT", "NODE_EXTRA_CA_CERTS"].flatMap((name) => {
    const value = env.get(name) ?? "";
    if (value === "") return [];
    try {
      const encoded = /^base64:(.*)$/s.exec(value)?.[1];
      if (encoded !== undefined) return [atob(encoded)];
      return Deno.statSync(value).isFile ? [Deno.readTextFileSync(value)] : [];
    } catch {
      // An unreadable file adds nothing, as in Deno and Node.
      return [];
    }
  });
}
