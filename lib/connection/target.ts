/**
 * Turns the chosen cluster and user into the server that kubectl would talk to, or into an error if
 * kubectl would refuse to send a request.
 *
 * Source: client-go, tools/clientcmd/client_config.go, merged_client_builder.go, rest/config.go.
 *
 * @module
 */
import { chooseCredentials, type Credentials } from "./credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import { hostInUrl } from "./ip_address.ts";
import type { GlobalFlags } from "../kubectl/argv.ts";
import { KubeconfigError } from "../kubeconfig/fields.ts";
import { defaultServer, type Origin, type Selection } from "../kubeconfig/selection.ts";
import { chooseProxy, type Variables } from "./proxy.ts";
import { formatVersionUrl, parseServerUrl, type ServerUrl, withoutSecrets } from "./server_url.ts";

/** The server that kubectl would talk to, and the credentials for it. */
export interface Target {
  /** Names in the kubeconfig; `""` if there is none. */
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  /** The configured server without userinfo and query, to be shown. */
  readonly server: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** The origin of each part, for `explain`: a flag, a variable, a file and key. */
  readonly origins: readonly Origin[];
}

export interface TargetInput {
  readonly env: Variables;
  /**
   * Returns the text of the certificate authority's file. @throws {KubeconfigError} if it cannot be
   * read
   */
  readonly readAuthority: (path: string) => string;
  readonly forbidsPlugin: (command: string) => boolean;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Returns the target of a selection. @throws {KubeconfigError} if kubectl refuses the configuration
 */
export function planTarget(selection: Selection, input: TargetInput): Target {
  const { cluster, user } = selection;
  const url = urlOf(cluster.server);
  const { endpoint, origins } = planEndpoint(url, cluster.proxyUrl, selection.origins, input.env);
  const target = {
    context: selection.context,
    cluster: selection.clusterName,
    user: selection.userName,
    server: withoutSecrets(cluster.server),
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
    throw new KubeconfigError("insecure-skip-tls-verify and a certificate authority are both set");
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
 * Returns true if nothing is configured: only then does kubectl try the configuration of the pod
 * that it runs in. A kubeconfig that names `http://localhost:8080` configures nothing, and
 * `--request-timeout=5s` does.
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
  // For http, client-go ignores the settings below.
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
 * Returns the API server of the pod that this runs in; `undefined` if the variables with its
 * address are not set. `--token` and `--certificate-authority` count, too. If the pod's authority
 * is not a certificate, the system's roots are used.
 *
 * @throws {KubeconfigError} if kubectl refuses the configuration
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
  const server = `https://${hostInUrl(host)}:${port}`;
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
