/**
 * The client of API servers with which its tests ask: one authority, a certificate of that
 * authority for the server, the ways to trust it, and an answer in one word.
 *
 * @module
 */

import type { ApiRequest, ApiResponse, ApiTls } from "../../lib/ports/host.ts";
import { apiHttp } from "../../lib/host/net/api_client.ts";
import { makeAuthority } from "./certificates.ts";

const http = apiHttp({ monotonicMs: () => performance.now() });
export const ca = await makeAuthority();
export const server = await ca.server();
export const TRUSTED: ApiTls = {
  certificateAuthority: ca.certificate,
  insecure: false,
  serverName: undefined,
  clientCertificate: undefined,
};
export const INSECURE: ApiTls = { ...TRUSTED, certificateAuthority: undefined, insecure: true };

/** Asks for the version, with ten seconds and the CA for https unless `request` says otherwise. */
export function ask(url: string, request: Partial<ApiRequest> = {}): Promise<ApiResponse> {
  return http.ask({
    url: `${url}/version`,
    headers: { authorization: "Bearer secret", "user-agent": "kuberlr" },
    tls: url.startsWith("https:") ? TRUSTED : undefined,
    proxy: undefined,
    deadlineMs: performance.now() + 10_000,
    maxBytes: 1024 * 1024,
    ...request,
  });
}

/** Returns `v1.30.2`, a status, or the cause of a failure. */
export function outcome(response: ApiResponse): string | number {
  if (response.kind === "failure") return response.cause;
  if (response.status !== 200) return response.status;
  return JSON.parse(new TextDecoder().decode(response.body)).gitVersion;
}

/** Returns a loopback port without a listener. */
export async function unusedPort(): Promise<number> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return await Promise.resolve(listener.addr.port);
}
