/**
 * The answers of the demo's API servers besides their version: one pod, and CronJobs in the API
 * versions that the release had. A kubectl outside the skew window fails on these: 1.25 removed
 * batch/v1beta1, and batch/v1 has CronJobs since 1.21.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/#cronjob-v125
 * @module
 */
import type { Answer, SeenRequest } from "../tests/support/api_server.ts";

export interface DemoCluster {
  readonly minor: number;
  readonly pod: string;
}

/** Returns the answer to one request; `undefined` if every test server has an answer to it. */
export function answerOf(
  { minor, pod }: DemoCluster,
  { method, path }: SeenRequest,
): Answer | undefined {
  const [plain = ""] = path.split("?");
  if (plain === "/api/v1/namespaces/default/pods") return json(200, podTable(pod));
  const created = /^\/apis\/batch\/(v1beta1|v1)\/namespaces\/default\/cronjobs$/.exec(plain)?.[1];
  if (method !== "POST" || created === undefined) return undefined;
  const isServed = created === "v1beta1" ? minor < 25 : minor >= 21;
  if (!isServed) return { kind: "body", status: 404, body: "404 page not found\n" };
  return json(201, {
    kind: "CronJob",
    apiVersion: `batch/${created}`,
    metadata: { name: "tick", namespace: "default", uid: "1" },
  });
}

/** Returns an API server's answer to `kubectl get pods`. */
function podTable(name: string) {
  const cells = { Name: name, Ready: "1/1", Status: "Running", Restarts: "0", Age: "3d" };
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: "1" },
    columnDefinitions: Object.keys(cells).map((column) => ({
      name: column,
      type: "string",
      format: "",
      description: "",
      priority: 0,
    })),
    rows: [{
      cells: Object.values(cells),
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: { name } },
    }],
  };
}

function json(status: number, value: unknown): Answer {
  return {
    kind: "body",
    status,
    body: JSON.stringify(value),
    headers: { "content-type": "application/json" },
  };
}
