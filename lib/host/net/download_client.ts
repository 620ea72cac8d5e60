/**
 * The HTTP clients under downloads: they trust what Go and curl trust, the system's store, and what
 * Deno and Node users add to it, and take the proxy that Go would take.
 *
 * @module
 */
import type { Env } from "../../ports/host.ts";
import { chooseProxy } from "../../connection/proxy.ts";
import { openHttpClient } from "./http_client.ts";
import { systemRoots } from "./system_roots.ts";

export interface DownloadClients {
  /** One for each way there is: the same proxy, the same client. */
  clientFor(url: string): Promise<Deno.HttpClient>;
  /** They open again when they are asked for again. */
  close(): void;
}

export function openDownloadClients(env: Env): DownloadClients {
  const clients = new Map<string, Promise<Deno.HttpClient>>();
  return {
    clientFor(url) {
      const proxy = findProxy(url, env);
      const secure = url.startsWith("https:") || /^https:/i.test(proxy ?? "");
      const key = `${secure} ${proxy ?? ""}`;
      const client = clients.get(key) ?? openClient(proxy, secure, env);
      clients.set(key, client);
      return client;
    },
    close() {
      for (const client of clients.values()) client.then((open) => open.close(), () => {});
      clients.clear();
    },
  };
}

/** By Go's rules; userinfo included. */
function findProxy(url: string, env: Env): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const scheme = protocol === "https:" ? "https" : "http";
  const choice = chooseProxy(
    { scheme, host: hostname, port: port || (scheme === "https" ? "443" : "80") },
    "",
    (name) => env.get(name),
  );
  return choice.kind === "proxy" ? choice.url : undefined;
}

/** `secure`: whether TLS can come up at all; without it no certificate is loaded. */
async function openClient(
  proxy: string | undefined,
  secure: boolean,
  env: Env,
): Promise<Deno.HttpClient> {
  const roots = secure ? [...await systemRoots(), ...addedRoots(env)] : [];
  return openHttpClient({ roots, proxy });
}

/** What Deno and Node users add to the system's. */
function addedRoots(env: Env): readonly string[] {
  return ["DENO_CERT", "NODE_EXTRA_CA_CERTS"].flatMap((name) => {
    const value = env.get(name) ?? "";
    if (value === "") return [];
    try {
      const encoded = /^base64:(.*)$/s.exec(value)?.[1];
      return [encoded === undefined ? Deno.readTextFileSync(value) : atob(encoded)];
    } catch {
      // As for Deno and Node, what cannot be read adds nothing.
      return [];
    }
  });
}
