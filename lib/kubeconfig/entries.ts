/**
 * Decodes the chosen context, cluster and user. As in client-go, whose merging depends on zero
 * values, an absent field is `""`, `false` or an empty list.
 *
 * Source: client-go, tools/clientcmd/api/v1/types.go.
 *
 * @module
 */
import type { Sourced } from "./kubeconfig.ts";
import { booleanOf, bytesOf, type Fields, listOf, mappingOf, textOf, textsOf } from "./fields.ts";
import type { Platform } from "../platform.ts";
import { resolveCommand, resolvePath } from "./relative_paths.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";

export interface ContextEntry {
  readonly cluster: string;
  readonly user: string;
}

export interface ClusterEntry {
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecure: boolean;
  /** Absolute path. */
  readonly certificateAuthority: string;
  /** PEM. */
  readonly certificateAuthorityData: string;
  readonly proxyUrl: string;
  readonly disableCompression: boolean;
  /** The extension that exec plugins get as `spec.cluster.config`. */
  readonly execConfig: unknown;
}

export interface UserEntry {
  /** Absolute paths, PEM texts. */
  readonly clientCertificate: string;
  readonly clientCertificateData: string;
  readonly clientKey: string;
  readonly clientKeyData: string;
  readonly token: string;
  /** Absolute path. */
  readonly tokenFile: string;
  readonly username: string;
  readonly password: string;
  readonly as: string;
  readonly asUid: string;
  readonly asGroups: readonly string[];
  readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
  readonly authProvider: AuthProviderEntry | undefined;
  readonly exec: ExecEntry | undefined;
}

export interface AuthProviderEntry {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

export interface ExecEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode: string;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
}

/** Decodes a context. @throws {KubeconfigError} a field has a wrong type */
export function readContext({ value }: Sourced<Fields>): ContextEntry {
  return {
    cluster: textOf(value.cluster, "cluster"),
    user: textOf(value.user, "user"),
  };
}

/** Decodes a cluster. @throws {KubeconfigError} a field has a wrong type */
export function readCluster({ value, file }: Sourced<Fields>, platform: Platform): ClusterEntry {
  const text = (key: string) => textOf(value[key], key);
  return {
    server: text("server"),
    tlsServerName: text("tls-server-name"),
    insecure: booleanOf(value["insecure-skip-tls-verify"], "insecure-skip-tls-verify"),
    certificateAuthority: resolvePath(platform, file, text("certificate-authority")),
    certificateAuthorityData: pemOf(value, "certificate-authority-data"),
    proxyUrl: text("proxy-url"),
    disableCompression: booleanOf(value["disable-compression"], "disable-compression"),
    execConfig: findExecConfig(value.extensions),
  };
}

/** Decodes a user. @throws {KubeconfigError} a field has a wrong type */
export function readUser({ value, file }: Sourced<Fields>, platform: Platform): UserEntry {
  const text = (key: string) => textOf(value[key], key);
  const path = (key: string) => resolvePath(platform, file, text(key));
  const extra = mappingOf(value["as-user-extra"], "as-user-extra");
  return {
    clientCertificate: path("client-certificate"),
    clientCertificateData: pemOf(value, "client-certificate-data"),
    clientKey: path("client-key"),
    clientKeyData: pemOf(value, "client-key-data"),
    token: text("token"),
    tokenFile: path("tokenFile"),
    username: text("username"),
    password: text("password"),
    as: text("as"),
    asUid: text("as-uid"),
    asGroups: textsOf(value["as-groups"], "as-groups"),
    asUserExtra: mapMembers(extra, (member) => textsOf(member, "as-user-extra")),
    authProvider: readAuthProvider(value["auth-provider"]),
    exec: readExec(value.exec, file, platform),
  };
}

function readAuthProvider(value: unknown): AuthProviderEntry | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = mappingOf(value, "auth-provider");
  const config = mappingOf(fields.config, "the auth-provider's config");
  return {
    name: textOf(fields.name, "the auth-provider's name"),
    config: mapMembers(config, (member) => textOf(member, "the auth-provider's config")),
  };
}

const LAX_MODE_VERSIONS: readonly string[] = [
  "client.authentication.k8s.io/v1alpha1",
  "client.authentication.k8s.io/v1beta1",
];

function readExec(value: unknown, file: string, platform: Platform): ExecEntry | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = mappingOf(value, "exec");
  const text = (key: string) => textOf(fields[key], `exec.${key}`);
  const apiVersion = text("apiVersion");
  return {
    apiVersion,
    command: resolveCommand(platform, file, text("command")),
    args: textsOf(fields.args, "exec.args"),
    env: listOf(fields.env, "exec.env").map((item) => {
      const variable = mappingOf(item, "an entry of exec.env");
      return { name: textOf(variable.name, "name"), value: textOf(variable.value, "value") };
    }),
    interactiveMode: text("interactiveMode") ||
      (LAX_MODE_VERSIONS.includes(apiVersion) ? "IfAvailable" : ""),
    installHint: text("installHint"),
    provideClusterInfo: booleanOf(fields.provideClusterInfo, "exec.provideClusterInfo"),
  };
}

function findExecConfig(extensions: unknown): unknown {
  for (const item of listOf(extensions, "extensions")) {
    const { name, extension } = mappingOf(item, "an extension");
    if (name === "client.authentication.k8s.io/exec") return extension;
  }
  return undefined;
}

function pemOf(fields: Fields, key: string): string {
  const bytes = bytesOf(fields[key], key);
  return bytes === undefined ? "" : decodeUtf8(bytes);
}

function mapMembers<T>(fields: Fields, read: (member: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).map(([key, member]) => [key, read(member)]));
}
