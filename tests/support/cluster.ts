/**
 * One cluster as most stories need it: an API server over TLS, a mirror, and a sandbox that knows
 * both.
 *
 * @module
 */
import { type ApiServer, type ApiServerOptions, startApiServer } from "./api_server.ts";
import { makeAuthority } from "./certificates.ts";
import { fakeKubectlBytes } from "./fake_kubectl.ts";
import { kubeconfig } from "./kubeconfig_builder.ts";
import { type Mirror, type MirrorOptions, startMirror } from "./mirror.ts";
import type { MirrorKubectl } from "./mirror_files.ts";
import type { Sandbox } from "./sandbox.ts";

export interface Cluster extends AsyncDisposable {
  readonly api: ApiServer;
  readonly mirror: Mirror;
}

export interface ClusterOptions extends Partial<Omit<MirrorOptions, "kubectls">> {
  readonly api?: ApiServerOptions;
  /** The mirror's content: releases, which are served as fake kubectls, or files. */
  readonly kubectls: readonly (string | MirrorKubectl)[];
}

/**
 * Starts the cluster. The context is named `prod`, and has a token, because old kubectls ask for a
 * name if there are no credentials.
 */
export async function startCluster(
  box: Sandbox,
  { api: apiOptions, kubectls, ...mirrorOptions }: ClusterOptions,
): Promise<Cluster> {
  await using resources = new AsyncDisposableStack();
  const authority = await makeAuthority();
  const api = resources.use(
    await startApiServer({ tls: await authority.server(), token: "t", ...apiOptions }),
  );
  const mirror = resources.use(
    await startMirror({
      ...mirrorOptions,
      kubectls: kubectls.map((one) =>
        typeof one === "string" ? { version: one, bytes: fakeKubectlBytes(one) } : one
      ),
    }),
  );
  const server = { server: api.url, ca: authority.certificate };
  box.kubeconfig(kubeconfig().context("prod", server, { token: "t" }));
  box.env.KUBERLR_KUBEMIRRORURL = mirror.url;
  const owned = resources.move();
  return { api, mirror, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/**
 * Returns the requests that kuberlr made. A real kubectl's requests are left out: as a child, its
 * user agent has the name of its file.
 */
export function askedByKuberlr({ requests }: ApiServer): number {
  const isKubectl = (agent = "") => /^kubectl[\d.]*(?:\.exe)?\//.test(agent);
  return requests.filter(({ headers }) => !isKubectl(headers["user-agent"])).length;
}
