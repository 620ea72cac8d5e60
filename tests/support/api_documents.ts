/**
 * The documents of a Kubernetes API server: its version, and the part of its API that `kubectl get
 * namespaces` and `kubectl get pods` ask for.
 *
 * @module
 */

/** The answer of an API server of this version to `GET /version`. */
export function versionBody(gitVersion: string): Record<string, string> {
  const [, major = "", minor = ""] = /^v?(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    gitVersion,
    gitCommit: "39683505b630ff2121012f3c5b16215a1449d5ed",
    gitTreeState: "clean",
    buildDate: "2024-06-11T20:21:00Z",
    goVersion: "go1.22.4",
    compiler: "gc",
    platform: "linux/amd64",
  };
}

const VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"];
/** The other documents by path, for servers that hold only the default namespace. */
export const API_DOCUMENTS: Readonly<Record<string, unknown>> = {
  "/api": {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "127.0.0.1:443" }],
  },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [] },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [
      {
        name: "namespaces",
        singularName: "namespace",
        namespaced: false,
        kind: "Namespace",
        verbs: VERBS,
        shortNames: ["ns"],
      },
      {
        name: "pods",
        singularName: "pod",
        namespaced: true,
        kind: "Pod",
        verbs: VERBS,
        shortNames: ["po"],
        categories: ["all"],
      },
    ],
  },
  "/api/v1/namespaces": {
    kind: "NamespaceList",
    apiVersion: "v1",
    metadata: { resourceVersion: "1" },
    items: [{
      metadata: { name: "default", uid: "1", creationTimestamp: "2024-06-11T20:21:00Z" },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    }],
  },
  "/api/v1/pods": emptyPods(),
  "/api/v1/namespaces/default/pods": emptyPods(),
};

function emptyPods(): unknown {
  return { kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "1" }, items: [] };
}
