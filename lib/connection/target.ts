/**
 * The server that kubectl would talk to, from the chosen cluster and user; or an error where
 * kubectl would refuse to send a request.
 *
 * Source: client-go, tools/clientcmd/client_config.go, merged_client_builder.go, rest/config.go.
 *
 * @module
 */
import { chooseCredentials, type Credentials } from "./credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import type { GlobalFlags } from "../kubectl/argv.ts";
import { KubeconfigError } from "../kubeconfig/fields.ts";
import { defaultServer, type Origin, type Selection } from "../kubeconfig/selection.ts";
import { chooseProxy, type Variables } from "./proxy.ts";
import { formatVersionUrl, parseServerUrl, type ServerUrl, withoutUserinfo } from "./server_url.ts";

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

export interface TargetInput {
  readonly env: Variables;
  /**
   * The text of the certificate authority's file. @throws {KubeconfigError} where it cannot be
   * read.
   */
  readonly readAuthority: (path: string) => string;
  readonly forbidsPlugin: (command: string) => boolean;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** @throws {KubeconfigError} for what kubectl refuses. */
export function planTarget(selection: Selection, input: TargetInput): Target {
  const { cluster, user } = selection;
  const url = urlOf(cluster.server);
  const { endpoint, origins } = planEndpoint(url, cluster.proxyUrl, selection.origins, input.env);
  const target = {
    context: selection.context,
    cluster: selection.clusterName,
    user: selection.userName,
    server: withoutUserinfo(cluster.server),
    origins,
  };
  if (url.scheme === "http") return { ...target, endpoint, credentials: {} };

  const authority = cluster.certificateAuthorityData ||
    (cluster.certificateAuthority && input.readAuthority(cluster.certificateAuthority));
  if (authority !== "" && !holdsCertificate(authority)) {
    throw new KubeconfigError("the certificate authority holds no certificate");
  }
  const certificateAuthority = authority || undefined;
  if (certificateAuthority !== undefined && cluster.insecure) {
    throw new KubeconfigError("insecure-skip-tls-verify is set beside an authority");
  }
  return {
    ...target,
    endpoint: {
      ...endpoint,
      certificateAuthority,
      insecure: cluster.insecure,
      tlsServerName: cluster.tlsServerName || undefined,
    },
    credentials: chooseCredentials(user, {
      userinfo: url.userinfo,
      cluster,
      certificateAuthority,
      forbidsPlugin: input.forbidsPlugin,
      nowMs: input.nowMs,
    }),
  };
}

/**
 * Returns `true` if nothing is configured: only then does kubectl try the configuration of the pod
 * that it runs in. `http://localhost:8080` in a kubeconfig is the same as none, and
 * `--request-timeout=5s` is not.
 */
export function isDefaultConnection(
  { cluster, user }: Selection,
  flags: GlobalFlags,
  kubernetesMaster: string | undefined,
): boolean {
  if (cluster.server !== defaultServer(kubernetesMaster)) return false;
  const always = [cluster.proxyUrl, user.as, user.asUid, ...user.asGroups];
  const timeout = flags["request-timeout"] ?? "";
  if (always.some(isSet) || cluster.disableCompression || /[1-9]/.test(timeout)) return false;
  if (!/^https:/i.test(cluster.server)) return true;
  // On http these are not even looked at.
  return !cluster.insecure && user.exec === undefined && user.authProvider === undefined && ![
    cluster.certificateAuthority,
    cluster.certificateAuthorityData,
    cluster.tlsServerName,
    user.token,
    user.tokenFile,
    user.username,
    user.password,
    user.clientCertificate,
    user.clientCertificateData,
  ].some(isSet);
}

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

export const IN_CLUSTER_FILES = { token: `${ACCOUNT}/token`, authority: `${ACCOUNT}/ca.crt` };

/**
 * Returns the server of the pod that this runs in. Two flags are read, too, and an authority that
 * is not a certificate falls back to the system's. `undefined` if the variables with the address
 * are not set.
 *
 * @throws {KubeconfigError} for what kubectl refuses.
 */
export function planInClusterTarget(
  flags: GlobalFlags,
  authorityFlag: string | undefined,
  accountAuthority: string | undefined,
  env: Variables,
): Target | undefined {
  const host = env("KUBERNETES_SERVICE_HOST");
  const port = env("KUBERNETES_SERVICE_PORT");
  if (!host || !port) return undefined;
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const inCluster: Origin = { what: "server", from: "in-cluster" };
  const { endpoint, origins } = planEndpoint(urlOf(server), "", [inCluster], env);
  const authority = authorityFlag ?? accountAuthority ?? "";
  if (authorityFlag && !holdsCertificate(authorityFlag)) {
    throw new KubeconfigError("the certificate authority holds no certificate");
  }
  return {
    context: "",
    cluster: "",
    user: "",
    server,
    endpoint: {
      ...endpoint,
      certificateAuthority: holdsCertificate(authority) ? authority : undefined,
    },
    credentials: flags.token ? { token: flags.token } : { tokenFile: IN_CLUSTER_FILES.token },
    origins,
  };
}

function planEndpoint(
  url: ServerUrl & { readonly kind: "server" },
  proxyUrl: string,
  origins: readonly Origin[],
  env: Variables,
): { readonly endpoint: Endpoint; readonly origins: readonly Origin[] } {
  const proxy = chooseProxy(url, proxyUrl, env);
  if (proxy.kind === "refused") throw new KubeconfigError(proxy.reason);
  const endpoint = {
    url: formatVersionUrl(url),
    certificateAuthority: undefined,
    insecure: false,
    tlsServerName: undefined,
    proxy: proxy.kind === "proxy" ? proxy.url : undefined,
  };
  if (proxy.kind === "direct" || proxyUrl !== "") return { endpoint, origins };
  return { endpoint, origins: [...origins, { what: "proxy", from: `$${proxy.from}` }] };
}

function urlOf(server: string): ServerUrl & { readonly kind: "server" } {
  const url = parseServerUrl(server);
  if (url.kind === "refused") throw new KubeconfigError(url.reason);
  return url;
}

function holdsCertificate(pem: string): boolean {
  return pem.includes("-----BEGIN CERTIFICATE-----");
}

function isSet(text: string): boolean {
  return text !== "";
}
