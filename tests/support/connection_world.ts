/**
 * Loads connections out of a world of values: a home with a kubeconfig of two useful contexts, a
 * pod, an authority.
 *
 * @module
 */
import type { Target } from "../../lib/connection/target.ts";
import type { GlobalFlags } from "../../lib/kubectl/argv.ts";
import type { Platform } from "../../lib/platform.ts";
import {
  type ConnectionPolicy,
  loadConnection,
} from "../../lib/connection/steps/load_connection.ts";
import { fakeEnv, type FakeFile, fakeFiles, fakeProgram, LINUX } from "./fake_host.ts";

export const CA = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
export const OTHER_CA = CA.replace("AAAA", "BBBB");
export const CA_DATA = btoa(CA);
export const NOW_MS = Date.UTC(2026, 0, 1);
export const IN_CLUSTER = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
export const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
export const POD = { [`${ACCOUNT}/token`]: "t", [`${ACCOUNT}/ca.crt`]: CA };
export const HOME = "/home/me/.kube/config";

export interface World {
  readonly flags?: GlobalFlags;
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  readonly policy?: Partial<ConnectionPolicy>;
}

export async function load(world: World) {
  const { flags = {}, files = {}, env = {}, platform = LINUX, policy = {} } = world;
  const { read, host } = recording(fakeFiles(files, platform.os === "windows" ? "\\" : "/"));
  const loaded = await loadConnection(
    { globals: flags },
    { forbidsPlugin: () => false, nowMs: NOW_MS, ...policy },
    {
      files: host,
      env: fakeEnv({ HOME: "/home/me", ...env }),
      platform,
      program: fakeProgram({ cwd: () => platform.os === "windows" ? "C:\\work" : "/here" }),
    },
  );
  return { loaded, read };
}

/** Which files were looked at. */
function recording(files: ReturnType<typeof fakeFiles>) {
  const read = new Set<string>();
  const noting = <T>(method: (path: string) => T) => (path: string) => {
    read.add(path);
    return method(path);
  };
  const { readBytes, readText, stat } = files;
  return {
    read,
    host: {
      ...files,
      readBytes: noting(readBytes),
      readText: noting(readText),
      stat: noting(stat),
    },
  };
}

export async function target(world: World): Promise<Target> {
  const { loaded } = await load(world);
  if (loaded.kind === "refused") throw new Error(loaded.reason);
  return loaded.target;
}

/** Two contexts; `cluster` and `user` go into the current one, as YAML in flow style. */
export function config({ cluster = "", user = "", current = "main" } = {}): string {
  return `current-context: ${current}
contexts:
- {name: main, context: {cluster: c, user: u}}
- {name: other, context: {cluster: d, user: v}}
- {name: bare, context: {}}
- {name: astray, context: {cluster: nope, user: nope}}
clusters:
- {name: c, cluster: {server: "https://c:6443", ${cluster}}}
- {name: d, cluster: {server: "https://d:6443"}}
users:
- {name: u, user: {${user}}}
- {name: v, user: {token: other}}
`;
}

/** Pieces of entries. */
export const INLINE = `certificate-authority-data: ${CA_DATA}`;
export const PLUGIN =
  "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./aws, args: [a]";
export const IDENTITY_TEXT = `client-certificate-data: ${btoa("cert")}, client-key: k`;
