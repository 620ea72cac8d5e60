/**
 * Chooses context, user and cluster, and applies the flags to them, as client-go does: an empty
 * flag overrides nothing.
 *
 * Source: client-go, tools/clientcmd/client_config.go.
 *
 * @module
 */
import { type GlobalFlags, isTrueFlag } from "../kubectl/argv.ts";
import { redactArgument } from "../output/redact.ts";
import type { Kubeconfig } from "./kubeconfig.ts";
import {
  type ClusterEntry,
  readCluster,
  readContext,
  readUser,
  type UserEntry,
} from "./entries.ts";
import { KubeconfigError } from "./fields.ts";
import { absolutePath } from "./location.ts";
import type { Platform } from "../platform.ts";

export interface Origin {
  readonly what: "context" | "cluster" | "user" | "server" | "proxy";
  readonly from: string;
}

export interface Selection {
  /** Names; `""` if there is none. */
  readonly context: string;
  readonly clusterName: string;
  readonly userName: string;
  /** With the flags applied; its server is never empty. */
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly origins: readonly Origin[];
}

export interface SelectionInput {
  readonly platform: Platform;
  /** Returns the folder at which relative paths in flags start. */
  readonly cwd: () => string | undefined;
  /** The variable `KUBERNETES_MASTER`. */
  readonly kubernetesMaster: string | undefined;
}

/** Returns the server of a cluster that names none. */
export function defaultServer(kubernetesMaster: string | undefined): string {
  return kubernetesMaster || "http://localhost:8080";
}

/**
 * Returns the connection that kubectl would use.
 *
 * @throws {KubeconfigError} a name does not exist, or an entry cannot be decoded
 */
export function selectConnection(
  kubeconfig: Kubeconfig,
  flags: GlobalFlags,
  input: SelectionInput,
): Selection {
  const { currentContext, contexts, clusters, users } = kubeconfig;
  const context = flags.context || currentContext?.value || "";
  const contextEntry = contexts.get(context);
  if (contextEntry === undefined && context !== "") {
    throw new KubeconfigError(`the context "${redactArgument(context)}" does not exist`);
  }
  const chosen = contextEntry && readContext(contextEntry);
  const userName = flags.user || chosen?.user || "";
  const clusterName = flags.cluster || chosen?.cluster || "";
  const user = users.get(userName);
  const cluster = clusters.get(clusterName);
  if (flags.user && user === undefined) {
    throw new KubeconfigError(`the user "${redactArgument(userName)}" does not exist`);
  }
  if (flags.cluster && cluster === undefined) {
    throw new KubeconfigError(`the cluster "${redactArgument(clusterName)}" does not exist`);
  }

  const configured = cluster === undefined ? NO_CLUSTER : readCluster(cluster, input.platform);
  const inContext = (key: string) => `${contextEntry?.file}: contexts["${context}"].${key}`;
  const inCluster = (key: string) => `${cluster?.file}: clusters["${clusterName}"].${key}`;
  const origins: readonly (Origin | false)[] = [
    flags.context ? { what: "context", from: "--context" } : currentContext !== undefined &&
      { what: "context", from: `${currentContext.file}: current-context` },
    (flags.cluster || chosen?.cluster)
      ? { what: "cluster", from: flags.cluster ? "--cluster" : inContext("cluster") }
      : false,
    (flags.user || chosen?.user)
      ? { what: "user", from: flags.user ? "--user" : inContext("user") }
      : false,
    {
      what: "server",
      from: flags.server
        ? "--server"
        : configured.server !== ""
        ? inCluster("server")
        : input.kubernetesMaster
        ? "$KUBERNETES_MASTER"
        : "default",
    },
    configured.proxyUrl !== "" && { what: "proxy", from: inCluster("proxy-url") },
  ];
  return {
    context,
    clusterName,
    userName,
    cluster: overlayCluster(configured, flags, input),
    user: overlayUser(user === undefined ? NO_USER : readUser(user, input.platform), flags, input),
    origins: origins.filter((origin) => origin !== false),
  };
}

function overlayCluster(
  cluster: ClusterEntry,
  flags: GlobalFlags,
  { platform, cwd, kubernetesMaster }: SelectionInput,
): ClusterEntry {
  const authority = flags["certificate-authority"];
  const insecure = isTrueFlag(flags["insecure-skip-tls-verify"]);
  const serverName = flags["tls-server-name"];
  return {
    ...cluster,
    server: flags.server || cluster.server || defaultServer(kubernetesMaster),
    // Either flag replaces all three settings.
    ...(authority || insecure) && {
      insecure,
      certificateAuthority: authority ? absolutePath(platform, cwd, authority) : "",
      certificateAuthorityData: "",
    },
    ...(flags.server || serverName) && { tlsServerName: serverName ?? "" },
    disableCompression: cluster.disableCompression || isTrueFlag(flags["disable-compression"]),
  };
}

function overlayUser(
  user: UserEntry,
  flags: GlobalFlags,
  { platform, cwd }: SelectionInput,
): UserEntry {
  const certificate = flags["client-certificate"];
  const key = flags["client-key"];
  return {
    ...user,
    token: flags.token || user.token,
    username: flags.username || user.username,
    password: flags.password || user.password,
    // A file replaces inline data; before 1.35, kubectl refuses a file beside inline data.
    ...certificate && {
      clientCertificate: absolutePath(platform, cwd, certificate),
      clientCertificateData: "",
    },
    ...key && { clientKey: absolutePath(platform, cwd, key), clientKeyData: "" },
    as: flags.as || user.as,
    asUid: flags["as-uid"] || user.asUid,
    asGroups: flags["as-group"] ? [flags["as-group"]] : user.asGroups,
    asUserExtra: flags["as-user-extra"] ? { [flags["as-user-extra"]]: [] } : user.asUserExtra,
  };
}

const NO_CLUSTER: ClusterEntry = {
  server: "",
  tlsServerName: "",
  insecure: false,
  certificateAuthority: "",
  certificateAuthorityData: "",
  proxyUrl: "",
  disableCompression: false,
  execConfig: undefined,
};

const NO_USER: UserEntry = {
  clientCertificate: "",
  clientCertificateData: "",
  clientKey: "",
  clientKeyData: "",
  token: "",
  tokenFile: "",
  username: "",
  password: "",
  as: "",
  asUid: "",
  asGroups: [],
  asUserExtra: {},
  authProvider: undefined,
  exec: undefined,
};
