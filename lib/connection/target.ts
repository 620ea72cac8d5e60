/**
 * Turns the chosen cluster and user into the server that kubectl would talk to, or into an error if
 * kubectl would refuse to send a request.
 *
 * Source: client-go, tools/clientcmd/client_config.go, rest/config.go.
 *
 * @module
 */
import { chooseCredentials, type Credentials } from "./credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import { KubeconfigError } from "../kubeconfig/fields.ts";
import type { Origin, Selection } from "../kubeconfig/selection.ts";
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
 * Returns the endpoint of a server, without what concerns TLS, and the origins with the proxy's.
 *
 * @throws {KubeconfigError} the proxy's URL is refused
 */
export function planEndpoint(
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

/** @throws {KubeconfigError} kubectl refuses the server's URL */
export function urlOf(server: string): ServerUrl & { readonly kind: "server" } {
  const url = parseServerUrl(server);
  if (url.kind === "refused") throw new KubeconfigError(url.reason);
  return url;
}

export function holdsCertificate(pem: string): boolean {
  return pem.includes("-----BEGIN CERTIFICATE-----");
}
