/**
 * The API server of the pod that kuberlr runs in, which kubectl asks if nothing is configured.
 *
 * Source: client-go, tools/clientcmd/merged_client_builder.go, rest/config.go (InClusterConfig).
 *
 * @module
 */
import { hostInUrl } from "./ip_address.ts";
import type { GlobalFlags } from "../kubectl/argv.ts";
import { KubeconfigError } from "../kubeconfig/fields.ts";
import { defaultServer, type Origin, type Selection } from "../kubeconfig/selection.ts";
import type { Variables } from "./proxy.ts";
import { holdsCertificate, planEndpoint, type Target, urlOf } from "./target.ts";

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

function isSet(text: string): boolean {
  return text !== "";
}
