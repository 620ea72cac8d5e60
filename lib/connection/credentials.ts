/**
 * Chooses the credentials of a user for https, by client-go's precedence: the URL's userinfo, else
 * a token, else basic authentication, else the exec plugin, else a legacy auth provider; a client
 * certificate in addition.
 *
 * Nothing is refreshed and the user is not prompted. Where kubectl would ask for a user name, the
 * request is sent without credentials.
 *
 * Source: client-go, transport/round_trippers.go, plugin/pkg/client/auth/exec/exec.go.
 *
 * @module
 */
import { isIdTokenFresh } from "./id_token.ts";
import type { ClusterEntry, ExecEntry, UserEntry } from "../kubeconfig/entries.ts";
import { copyForJson } from "../kubeconfig/fields.ts";
import { parseProxyUrl } from "./proxy_url.ts";
import { normalizeServer } from "./server_url.ts";
import { hashContent } from "../encoding/hash.ts";
import type { Userinfo } from "../encoding/userinfo.ts";
import { encodeBase64 } from "../encoding/utf8.ts";

/**
 * The credentials, their files not yet read: most commands find the version in the cache and never
 * need them. It is empty for http, as in client-go.
 */
export interface Credentials {
  /** The URL's userinfo, or that of the user entry. */
  readonly basic?: Userinfo;
  /**
   * The user entry's token or, while it is valid, the id-token of the legacy `oidc` auth-provider.
   */
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
  /** The value of `spec.cluster`; `undefined` unless `provideClusterInfo` is set. */
  readonly clusterInfo: Readonly<Record<string, unknown>> | undefined;
  /** True if kuberc's credentialPluginPolicy forbids the command. */
  readonly forbidden: boolean;
}

export interface CredentialInput {
  readonly userinfo: Userinfo | undefined;
  readonly cluster: ClusterEntry;
  /** PEM, from the kubeconfig or a file. */
  readonly certificateAuthority: string | undefined;
  readonly forbidsPlugin: (command: string) => boolean;
  readonly nowMs: number;
}

/**
 * Returns the credentials that kubectl would use over https. @throws {KubeconfigError} if a
 * plugin's configuration cannot be written as JSON
 */
export function chooseCredentials(user: UserEntry, input: CredentialInput): Credentials {
  const certificate = pemSource(user.clientCertificateData, user.clientCertificate);
  const key = pemSource(user.clientKeyData, user.clientKey);
  const clientPair = certificate && key && { clientCertificate: certificate, clientKey: key };
  const { userinfo } = input;
  if (userinfo !== undefined) return { basic: userinfo, ...clientPair };
  if (user.token !== "" || user.tokenFile !== "") {
    return {
      ...user.token !== "" && { token: user.token },
      ...user.tokenFile !== "" && { tokenFile: user.tokenFile },
      ...clientPair,
    };
  }
  if (user.username !== "") {
    return { basic: { username: user.username, password: user.password }, ...clientPair };
  }
  const exec = clientPair === undefined && user.exec && planPlugin(user.exec, input);
  if (exec) return { exec };
  const token = findIdToken(user, input.nowMs);
  return { ...token !== undefined && { token }, ...clientPair };
}

/**
 * Returns a fingerprint of the public part of the entry that a server is asked with: the user's
 * name, the client certificate (as PEM) and the credential plugin. A plugin's arguments and
 * variables may hold a secret, so only 16 bits of their hash are part of it, enough to notice a
 * change.
 */
export function entryFingerprint(
  { user, credentials }: { readonly user: string; readonly credentials: Credentials },
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

const EXEC_VERSIONS: readonly string[] = [
  "client.authentication.k8s.io/v1",
  "client.authentication.k8s.io/v1beta1",
];

/** Returns `undefined` for API versions that only kubectls before 1.24 accept. */
function planPlugin(exec: ExecEntry, input: CredentialInput): ExecPlugin | undefined {
  if (!EXEC_VERSIONS.includes(exec.apiVersion)) return undefined;
  return {
    apiVersion: exec.apiVersion,
    command: exec.command,
    args: exec.args,
    env: exec.env,
    interactiveMode: readMode(exec.interactiveMode),
    clusterInfo: exec.provideClusterInfo ? formatClusterInfo(input) : undefined,
    forbidden: input.forbidsPlugin(exec.command),
  };
}

function readMode(mode: string): ExecPlugin["interactiveMode"] {
  return mode === "Never" || mode === "Always" ? mode : "IfAvailable";
}

/** Returns the fields in client-go's order. Empty ones are left out, except `config`. */
function formatClusterInfo(
  { cluster, certificateAuthority }: CredentialInput,
): Readonly<Record<string, unknown>> {
  return {
    server: normalizeServer(cluster.server),
    ...cluster.tlsServerName !== "" && { "tls-server-name": cluster.tlsServerName },
    ...cluster.insecure && { "insecure-skip-tls-verify": true },
    ...certificateAuthority !== undefined &&
      { "certificate-authority-data": encodeBase64(certificateAuthority) },
    ...cluster.proxyUrl !== "" && { "proxy-url": formatLikeGo(cluster.proxyUrl) },
    ...cluster.disableCompression && { "disable-compression": true },
    config: copyForJson(cluster.execConfig ?? null, "the cluster's extension for exec"),
  };
}

/**
 * Returns a proxy's URL as Go's `url.URL` formats it: the scheme in lower case, the userinfo
 * escaped again.
 */
function formatLikeGo(url: string): string {
  const parsed = parseProxyUrl(url)?.userinfo;
  const lower = url.replace(/^[^:]*/, (scheme) => scheme.toLowerCase());
  if (parsed === undefined) return lower;
  return lower.replace(/\/\/([^/?#]*)@/, (_, userinfo: string) => {
    const password = userinfo.includes(":") ? `:${escapeUserinfo(parsed.password)}` : "";
    return `//${escapeUserinfo(parsed.username)}${password}@`;
  });
}

function escapeUserinfo(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/%(?:24|26|2B|2C|3B|3D)/g, decodeURIComponent)
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function findIdToken({ authProvider }: UserEntry, nowMs: number): string | undefined {
  const token = authProvider?.name === "oidc" ? authProvider.config["id-token"] : undefined;
  return token !== undefined && isIdTokenFresh(token, nowMs) ? token : undefined;
}

function pemSource(text: string, file: string): PemSource | undefined {
  if (text !== "") return { text };
  return file === "" ? undefined : { file };
}
