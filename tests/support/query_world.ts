/**
 * Asks API servers on loopback for their version, as `queryApiServer()` does.
 *
 * @module
 */
import type { Credentials, ExecPlugin } from "../../lib/connection/credentials.ts";
import type { Endpoint } from "../../lib/connection/endpoint.ts";
import type { Target } from "../../lib/connection/target.ts";
import { apiHttp } from "../../lib/host/net/api_client.ts";
import { denoFiles } from "../../lib/host/disk/files.ts";
import { later } from "../../lib/host/timers.ts";
import { fakeTerminal } from "./fake_host.ts";
import { denoProcesses } from "../../lib/host/process/processes.ts";
import { type Query, queryApiServer } from "../../lib/api_server/steps/query_api_server.ts";
import type { ServerAnswer } from "../../lib/api_server/version_answer.ts";
import type { Host } from "../../lib/ports/host.ts";
import type { Platform } from "../../lib/platform.ts";
import type { ApiServer } from "./api_server.ts";
import { makeAuthority } from "./certificates.ts";

export const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
  later,
};
const platform: Platform = {
  os: Deno.build.os === "windows" ? "windows" : "linux",
  arch: "amd64",
};
export const host = {
  clock,
  http: apiHttp(clock),
  processes: denoProcesses(clock),
  terminal: fakeTerminal(),
  platform,
  env: Deno.env,
  files: denoFiles(platform),
};
export const ca = await makeAuthority();
export const tls = await ca.server();

export function target(
  server: Pick<ApiServer, "url">,
  credentials: Credentials = {},
  endpoint: Partial<Endpoint> = {},
): Target {
  return {
    context: "c",
    cluster: "c",
    user: "u",
    server: server.url,
    endpoint: {
      url: `${server.url}/version`,
      certificateAuthority: ca.certificate,
      insecure: false,
      tlsServerName: undefined,
      proxy: undefined,
      ...endpoint,
    },
    credentials,
    origins: [],
  };
}

export function query(
  target: Target,
  options: Partial<Query> = {},
  overrides: Partial<Host> = {},
): Promise<ServerAnswer> {
  return queryApiServer(
    { target, timeoutSeconds: 10, plugin: "allowed", quiet: false, ...options },
    { ...host, ...overrides },
  );
}

/** Returns `v1.30.2`, or `kind: reason`. */
export async function ask(asked: Target, timeoutSeconds = 10): Promise<string> {
  const answer = await query(asked, { timeoutSeconds });
  return answer.kind === "version" ? answer.gitVersion : `${answer.kind}: ${answer.reason}`;
}

export function authorizations({ requests }: ApiServer): readonly (string | undefined)[] {
  return requests.map(({ authorization }) => authorization);
}

export const V1 = "client.authentication.k8s.io/v1";

/** Returns a plugin that is a script run by Deno. */
export function plugin(code: string, options: Partial<ExecPlugin> = {}): ExecPlugin {
  return {
    apiVersion: V1,
    command: Deno.execPath(),
    args: ["eval", "--no-config", "--no-lock", code],
    env: [],
    interactiveMode: "IfAvailable",
    clusterInfo: undefined,
    forbidden: false,
    ...options,
  };
}

export function pluginPrinting(status: unknown, options: Partial<ExecPlugin> = {}): ExecPlugin {
  const credential = JSON.stringify({ kind: "ExecCredential", apiVersion: V1, status });
  return plugin(`console.log(${JSON.stringify(credential)})`, options);
}
