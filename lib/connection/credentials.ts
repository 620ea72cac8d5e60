/**
 * Which credentials of the chosen user are used on https, by client-go's precedence: the URL's
 * userinfo, else a token, else basic authentication, else the exec plugin, else a legacy auth
 * provider; a client certificate in addition.
 *
 * Nothing is refreshed and the user is not prompted: where kubectl would ask for a user name, the
 * request goes out without.
 *
 * Source: client-go, transport/round_trippers.go, plugin/pkg/client/auth/exec/exec.go.
 *
 * @module
 */
import { isIdTokenFresh } from "./id_token.ts";
import type { ClusterEntry, ExecEntry, UserEntry } from "../kubeconfig/entries.ts";
import { plainOf } from "../kubeconfig/fields.ts";
import { parseProxyUrl } from "./proxy_url.ts";
import { normalizeServer } from "./server_url.ts";
import { hashContent } from "../encoding/hash.ts";
import { encodeBase64 } from "../encoding/utf8.ts";

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

export interface CredentialInput {
  readonly userinfo: { readonly username: string; readonly password: string } | undefined;
  readonly cluster: ClusterEntry;
  /** PEM, from wherever it came. */
  readonly certificateAuthority: string | undefined;
  readonly forbidsPlugin: (command: string) => boolean;
  readonly nowMs: number;
}

/** @throws {KubeconfigError} for a plugin's configuration that no JSON can hold. */
export function chooseCredentials(user: UserEntry, input: CredentialInput): Credentials {
  const certificate = pemSource(user.clientCertificateData, user.clientCertificate);
  const key = pemSource(user.clientKeyData, user.clientKey);
  const identity = certificate && key && { clientCertificate: certificate, clientKey: key };
  const { userinfo } = input;
  if (userinfo !== undefined) return { basic: userinfo, ...identity };
  if (user.token !== "" || user.tokenFile !== "") {
    return {
      ...user.token !== "" && { token: user.token },
      ...user.tokenFile !== "" && { tokenFile: user.tokenFile },
      ...identity,
    };
  }
  if (user.username !== "") {
    return { basic: { username: user.username, password: user.password }, ...identity };
  }
  const exec = identity === undefined && user.exec && planPlugin(user.exec, input);
  if (exec) return { exec };
  const token = findIdToken(user, input.nowMs);
  return { ...token !== undefined && { token }, ...identity };
}

/**
 * Returns a fingerprint of the public part of the entry that a server is asked with: the user's
 * name, the client certificate (`clientCertificate`: its PEM text), and the credential plugin. Of a
 * plugin's arguments and variables, which may hold a secret, 16 bits tell a change and no more.
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

/** `undefined` for versions that only kubectls before 1.24 understand. */
function planPlugin(exec: ExecEntry, input: CredentialInput): ExecPlugin | undefined {
  if (!EXEC_VERSIONS.includes(exec.apiVersion)) return undefined;
  return {
    apiVersion: exec.apiVersion,
    command: exec.command,
    args: exec.args,
    env: exec.env,
    interactiveMode: readMode(exec.interactiveMode),
    installHint: exec.installHint || undefined,
    clusterInfo: exec.provideClusterInfo ? formatClusterInfo(input) : undefined,
    forbidden: input.forbidsPlugin(exec.command),
  };
}

function readMode(mode: string): ExecPlugin["interactiveMode"] {
  return mode === "Never" || mode === "Always" ? mode : "IfAvailable";
}

/** In the order in which client-go writes it; what is empty is left out, `config` alone is not. */
function formatClusterInfo(
  { cluster, certificateAuthority }: CredentialInput,
): Readonly<Record<string, unknown>> {
  return {
    server: normalizeServer(cluster.server),
    ...cluster.tlsServerName !== "" && { "tls-server-name": cluster.tlsServerName },
    ...cluster.insecure && { "insecure-skip-tls-verify": true },
    ...certificateAuthority !== undefined &&
      { "certificate-authority-data": encodeBase64(certificateAuthority) },
    ...cluster.proxyUrl !== "" && { "proxy-url": asGoWritesIt(cluster.proxyUrl) },
    ...cluster.disableCompression && { "disable-compression": true },
    config: plainOf(cluster.execConfig ?? null, "the cluster's extension for exec"),
  };
}

/**
 * A proxy's URL as Go writes it that has read it: the scheme in lower case, the userinfo escaped
 * anew.
 */
function asGoWritesIt(url: string): string {
  const user = parseProxyUrl(url)?.user;
  const lower = url.replace(/^[^:]*/, (scheme) => scheme.toLowerCase());
  if (user === undefined) return lower;
  return lower.replace(/\/\/([^/?#]*)@/, (_, userinfo: string) => {
    const password = userinfo.includes(":") ? `:${escapeUserinfo(user.password)}` : "";
    return `//${escapeUserinfo(user.name)}${password}@`;
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
