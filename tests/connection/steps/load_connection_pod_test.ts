import { assertEquals } from "@std/assert";
import {
  ACCOUNT,
  CA,
  config,
  HOME,
  IN_CLUSTER,
  OTHER_CA,
  POD,
  target,
  type World,
} from "../../support/connection_world.ts";

// In a pod.
const IN_POD: readonly (World & { name: string; want: string })[] = [
  { name: "without files", want: "https://10.0.0.1:443" },
  { name: "with an empty file", files: { [HOME]: "" }, want: "https://10.0.0.1:443" },
  {
    name: "with KUBECONFIG all missing",
    env: { KUBECONFIG: "/missing" },
    want: "https://10.0.0.1:443",
  },
  {
    name: "with clusters and no current context",
    files: { [HOME]: config({ current: '""' }) },
    want: "https://10.0.0.1:443",
  },
  {
    name: "with a context without a cluster",
    files: { [HOME]: config({ current: "bare" }) },
    want: "https://10.0.0.1:443",
  },
  {
    name: "with a context of an unknown cluster",
    files: { [HOME]: config({ current: "astray" }) },
    want: "https://10.0.0.1:443",
  },
  {
    name: "with the default server in a file",
    files: { [HOME]: config().replace("https://c:6443", "http://localhost:8080") },
    want: "https://10.0.0.1:443",
  },
  {
    name: "with the default server and a slash",
    files: { [HOME]: config().replace("https://c:6443", "http://localhost:8080/") },
    want: "http://localhost:8080/",
  },
  {
    name: "with the default server without scheme",
    files: { [HOME]: config().replace("https://c:6443", "localhost:8080") },
    want: "localhost:8080",
  },
  {
    name: "with a timeout",
    flags: { "request-timeout": "5s" },
    want: "http://localhost:8080",
  },
  { name: "with no timeout", flags: { "request-timeout": "0s" }, want: "https://10.0.0.1:443" },
  { name: "as somebody", flags: { as: "me" }, want: "http://localhost:8080" },
  {
    name: "without compression",
    flags: { "disable-compression": "true" },
    want: "http://localhost:8080",
  },
  {
    name: "with a proxy-url",
    files: { [HOME]: config().replace('server: "https://c:6443"', 'proxy-url: "http://p"') },
    want: "http://localhost:8080",
  },
  {
    name: "with flags that http ignores",
    flags: { token: "t", "insecure-skip-tls-verify": "true", "tls-server-name": "x" },
    want: "https://10.0.0.1:443",
  },
  { name: "with a server flag", flags: { server: "https://s" }, want: "https://s" },
  { name: "with a real context", files: { [HOME]: config() }, want: "https://c:6443" },
  {
    name: "with KUBERNETES_MASTER",
    env: { KUBERNETES_MASTER: "http://m" },
    want: "https://10.0.0.1:443",
  },
  {
    name: "of IPv6",
    env: { KUBERNETES_SERVICE_HOST: "fd00::1" },
    want: "https://[fd00::1]:443",
  },
  { name: "without a port", env: { KUBERNETES_SERVICE_PORT: "" }, want: "http://localhost:8080" },
  {
    name: "whose token is a folder",
    files: { [`${ACCOUNT}/token`]: { kind: "directory" } },
    want: "http://localhost:8080",
  },
];
for (const { name, files = {}, flags = {}, env = {}, want } of IN_POD) {
  Deno.test(`loadConnection() in a pod ${name} asks ${want}`, async () => {
    const world = { files: { ...POD, ...files }, flags, env: { ...IN_CLUSTER, ...env } };
    assertEquals((await target(world)).server, want);
  });
}

Deno.test("loadConnection() in a pod uses the account's token and authority", async () => {
  assertEquals(await target({ files: POD, env: IN_CLUSTER }), {
    context: "",
    cluster: "",
    user: "",
    server: "https://10.0.0.1:443",
    endpoint: {
      url: "https://10.0.0.1/version",
      certificateAuthority: CA,
      insecure: false,
      tlsServerName: undefined,
      proxy: undefined,
    },
    credentials: { tokenFile: `${ACCOUNT}/token` },
    origins: [{ what: "server", from: "in-cluster" }],
  });
});

Deno.test("loadConnection() in a pod honours --token and --certificate-authority only", async () => {
  const { endpoint, credentials } = await target({
    files: { ...POD, "/here/ca": OTHER_CA },
    env: IN_CLUSTER,
    flags: {
      token: "mine",
      "certificate-authority": "ca",
      "tls-server-name": "x",
    },
  });
  assertEquals(endpoint.certificateAuthority, OTHER_CA);
  assertEquals(endpoint.tlsServerName, undefined);
  assertEquals(credentials, { token: "mine" });
});

Deno.test("loadConnection() in a pod falls back to the system's authorities", async () => {
  const files = { ...POD, [`${ACCOUNT}/ca.crt`]: "rubbish" };
  assertEquals((await target({ files, env: IN_CLUSTER })).endpoint.certificateAuthority, undefined);
});
