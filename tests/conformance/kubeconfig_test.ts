/**
 * Kubeconfig files with the real kubectl's verdict (`config view --raw -o json`). A file that it
 * accepts must read the same here. A file that it refuses may be accepted, because it then does not
 * matter which kubectl runs.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { readKubeconfig } from "../../lib/kubeconfig/kubeconfig.ts";
import { readCluster, readContext, readUser } from "../../lib/kubeconfig/entries.ts";
import { KubeconfigError } from "../../lib/kubeconfig/fields.ts";
import { parseKubeconfigBytes } from "../../lib/kubeconfig/text.ts";
import vectors from "../testdata/vectors-kubeconfig.json" with { type: "json" };
import { LINUX } from "../support/fake_host.ts";

/**
 * The fields that kuberlr reads; other `extensions` than exec's and `namespace` do not choose a
 * server.
 */
interface View {
  readonly "current-context": string;
  readonly clusters: readonly { name: string; cluster: Record<string, unknown> }[];
  readonly users: readonly { name: string; user: Record<string, unknown> }[];
  readonly contexts: readonly { name: string; context: Record<string, unknown> }[];
}

function viewOf(bytes: Uint8Array): View {
  const { currentContext, clusters, users, contexts } = readKubeconfig(
    parseKubeconfigBytes(bytes),
    "/home/me/.kube/config",
  );
  return {
    "current-context": currentContext?.value ?? "",
    clusters: [...clusters].map(([name, entry]) => {
      const cluster = readCluster(entry, LINUX);
      return {
        name,
        cluster: nonZero({
          server: cluster.server,
          "tls-server-name": cluster.tlsServerName,
          "insecure-skip-tls-verify": cluster.insecure,
          "certificate-authority": cluster.certificateAuthority,
          "certificate-authority-data": btoa(cluster.certificateAuthorityData),
          "proxy-url": cluster.proxyUrl,
          "disable-compression": cluster.disableCompression,
        }),
      };
    }),
    users: [...users].map(([name, entry]) => {
      const user = readUser(entry, LINUX);
      return {
        name,
        user: nonZero({
          "client-certificate": user.clientCertificate,
          "client-certificate-data": btoa(user.clientCertificateData),
          "client-key": user.clientKey,
          "client-key-data": btoa(user.clientKeyData),
          token: user.token,
          tokenFile: user.tokenFile,
          username: user.username,
          password: user.password,
          as: user.as,
          "as-uid": user.asUid,
          "as-groups": user.asGroups,
          "as-user-extra": user.asUserExtra,
          "auth-provider": user.authProvider ?? "",
          exec: user.exec ?? "",
        }),
      };
    }),
    contexts: [...contexts].map(([name, entry]) => ({
      name,
      context: nonZero({ ...readContext(entry) }),
    })),
  };
}

/** Returns kubectl's view, without the fields that kuberlr does not read. */
function expected(view: Record<string, unknown>): View {
  const list = (key: "clusters" | "users" | "contexts", inner: string) =>
    ((view[key] ?? []) as Record<string, unknown>[]).map(({ name, [inner]: fields }) => {
      const { extensions: _, namespace: __, ...rest } = fields as Record<string, unknown>;
      return { name, [inner]: nonZero(rest) };
    });
  return {
    "current-context": view["current-context"],
    clusters: list("clusters", "cluster"),
    users: list("users", "user"),
    contexts: list("contexts", "context"),
  } as unknown as View;
}

function nonZero(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      value !== "" && value !== false && JSON.stringify(value) !== "[]" &&
      JSON.stringify(value) !== "{}"
    ),
  );
}

let accepted = 0;
for (const [index, vector] of vectors.cases.entries()) {
  const text = vector.kubeconfigText ?? `base64 ${vector.kubeconfigBase64}`;
  const title = `vector ${index}: ${JSON.stringify(text.slice(0, 60))}`;
  const bytes = Uint8Array.fromBase64(vector.kubeconfigBase64);
  if (vector.ok) accepted++;
  if (vector.ok) {
    Deno.test(`readKubeconfig() reads as kubectl does ${title}`, () => {
      assertEquals(viewOf(bytes), expected(vector.view as Record<string, unknown>));
    });
  } else {
    Deno.test(`readKubeconfig() reads or refuses ${title}`, () => {
      try {
        viewOf(bytes);
      } catch (error) {
        if (!(error instanceof KubeconfigError)) throw error;
      }
    });
  }
}

Deno.test("the vectors hold files that kubectl accepts", () => {
  assertEquals(accepted, 43);
});
