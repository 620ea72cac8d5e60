/**
 * One API server and the identity to ask it with: what a merged kubeconfig and the flags come to
 * (target.ts).
 *
 * @module
 */
import type { Origin } from "../kubeconfig/selection.ts";
import { hashContent } from "../encoding/hash.ts";
import { withoutUserinfo } from "./server_url.ts";

/** The server that kubectl would talk to. */
export interface Target {
  /** Names as the kubeconfig has them; `""` where there is none. */
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  /** The server as it is configured, userinfo removed: for people. */
  readonly server: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** Where each part came from, for `explain`: a flag, a variable, a file and key. */
  readonly origins: readonly Origin[];
}

/** The identity of a server, which its record is found by. The record lists who was answered. */
export interface Endpoint {
  /** Of `/version`, without userinfo, query and fragment. */
  readonly url: string;
  /** PEM; `undefined`: the system's roots. */
  readonly certificateAuthority: string | undefined;
  readonly insecure: boolean;
  readonly tlsServerName: string | undefined;
  /** The proxy to be used, with userinfo. */
  readonly proxy: string | undefined;
}

/**
 * Where the credentials are, not yet read: most commands find the version in the cache and never
 * need them. All of it is empty where the scheme is http, as in client-go.
 */
export interface Credentials {
  /** From the URL's userinfo, or of the user entry. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** Or a still valid id-token of the legacy `oidc` auth-provider. */
  readonly token?: string;
  readonly tokenFile?: string;
  readonly clientCertificate?: PemSource;
  readonly clientKey?: PemSource;
  readonly exec?: ExecPlugin;
}

export type PemSource = { readonly text: string } | { readonly file: string };

/** `users[].user.exec`, validated; `command` is resolved against its kubeconfig. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode: "Never" | "IfAvailable" | "Always";
  readonly installHint: string | undefined;
  /** The value of `spec.cluster`, where `provideClusterInfo` asks for it. */
  readonly clusterInfo: Readonly<Record<string, unknown>> | undefined;
  /** The verdict of kuberc's credentialPluginPolicy. */
  readonly forbidden: boolean;
}

/** The same text for every user of an endpoint: it has no token and no userinfo. */
export function endpointIdentity(endpoint: Endpoint): string {
  const { url, certificateAuthority, insecure, tlsServerName, proxy } = endpoint;
  return JSON.stringify([
    url,
    certificateAuthority ?? "",
    insecure,
    tlsServerName ?? "",
    proxy === undefined ? "" : withoutUserinfo(proxy),
  ]);
}

/**
 * Returns a fingerprint of the public part of the entry that a server is asked with: the user's
 * name, the client certificate (`clientCertificate`: its PEM text), and the credential plugin. Of a
 * plugin's arguments and variables, which may hold a secret, 16 bits tell a change and no more.
 */
export function entryFingerprint(
  { user, credentials }: Pick<Target, "user" | "credentials">,
  clientCertificate: string | undefined,
): string {
  const { basic, exec } = credentials;
  const plugin = exec === undefined ? null : [
    exec.apiVersion,
    exec.command,
    exec.interactiveMode,
    exec.env.map(({ name }) => name),
    hashContent(JSON.stringify([exec.args, exec.env])).slice(0, 4),
    exec.forbidden,
  ];
  return hashContent(JSON.stringify([
    user,
    basic?.username ?? "",
    clientCertificate ?? "",
    plugin,
  ]));
}
