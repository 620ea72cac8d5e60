import { assertEquals } from "@std/assert";
import type { Credentials, Target } from "../../lib/connection.ts";
import type { GlobalFlags } from "../../lib/kubectl_argv.ts";
import type { Platform } from "../../lib/platform.ts";
import { type ConnectionPolicy, loadConnection } from "../../lib/steps/load_connection.ts";
import {
  fakeEnv,
  type FakeFile,
  fakeFiles,
  fakeProgram,
  LINUX,
  WINDOWS,
} from "../support/fake_host.ts";

const CA = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const OTHER_CA = CA.replace("AAAA", "BBBB");
const CA_DATA = btoa(CA);
const NOW_MS = Date.UTC(2026, 0, 1);
const IN_CLUSTER = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const POD = { [`${ACCOUNT}/token`]: "t", [`${ACCOUNT}/ca.crt`]: CA };
const HOME = "/home/me/.kube/config";

interface World {
  readonly flags?: GlobalFlags;
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  readonly policy?: Partial<ConnectionPolicy>;
}

async function load(world: World) {
  const { flags = {}, files = {}, env = {}, platform = LINUX, policy = {} } = world;
  const { read, host } = recording(fakeFiles(files, platform.os === "windows" ? "\\" : "/"));
  const loaded = await loadConnection(
    { globals: flags },
    { forbidsPlugin: () => false, nowMs: NOW_MS, ...policy },
    {
      files: host,
      env: fakeEnv({ HOME: "/home/me", ...env }),
      platform,
      program: fakeProgram({ cwd: () => platform.os === "windows" ? "C:\\work" : "/work" }),
    },
  );
  return { loaded, read };
}

/** Which files were looked at. */
function recording(files: ReturnType<typeof fakeFiles>) {
  const read = new Set<string>();
  const noting = <T>(method: (path: string) => T) => (path: string) => {
    read.add(path);
    return method(path);
  };
  const { readBytes, readText, stat } = files;
  return {
    read,
    host: {
      ...files,
      readBytes: noting(readBytes),
      readText: noting(readText),
      stat: noting(stat),
    },
  };
}

async function target(world: World): Promise<Target> {
  const { loaded } = await load(world);
  if (loaded.kind === "refused") throw new Error(loaded.reason);
  return loaded.target;
}

/** Two contexts; `cluster` and `user` go into the current one, as YAML in flow style. */
function config({ cluster = "", user = "", current = "main" } = {}): string {
  return `current-context: ${current}
contexts:
- {name: main, context: {cluster: c, user: u}}
- {name: other, context: {cluster: d, user: v}}
- {name: bare, context: {}}
- {name: astray, context: {cluster: nope, user: nope}}
clusters:
- {name: c, cluster: {server: "https://c:6443", ${cluster}}}
- {name: d, cluster: {server: "https://d:6443"}}
users:
- {name: u, user: {${user}}}
- {name: v, user: {token: other}}
`;
}

// Which server.
for (
  const { name, files = { [HOME]: config() }, flags = {}, env = {}, want } of [
    { name: "the current context's", want: "https://c:6443" },
    { name: "--context's", flags: { context: "other" }, want: "https://d:6443" },
    { name: "no other for an empty --context", flags: { context: "" }, want: "https://c:6443" },
    { name: "--cluster's", flags: { cluster: "d" }, want: "https://d:6443" },
    { name: "--server", flags: { server: "https://s:1" }, want: "https://s:1" },
    { name: "no other for an empty --server", flags: { server: "" }, want: "https://c:6443" },
    {
      name: "the default one for a context without cluster",
      flags: { context: "bare" },
      want: "http://localhost:8080",
    },
    {
      name: "the default one for an unknown cluster",
      flags: { context: "astray" },
      want: "http://localhost:8080",
    },
    { name: "the default one without files", files: {}, want: "http://localhost:8080" },
    {
      name: "KUBERNETES_MASTER's without files",
      files: {},
      env: { KUBERNETES_MASTER: "https://m" },
      want: "https://m",
    },
    {
      name: "the cluster's before KUBERNETES_MASTER's",
      env: { KUBERNETES_MASTER: "https://m" },
      want: "https://c:6443",
    },
    {
      name: "the default one where the only context is not current",
      files: { [HOME]: config({ current: '""' }) },
      want: "http://localhost:8080",
    },
    {
      name: "that of a context rescued by --context",
      files: { [HOME]: config({ current: "gone" }) },
      flags: { context: "other" },
      want: "https://d:6443",
    },
    {
      name: "that of the context named by nothing",
      files: {
        [HOME]:
          'contexts: [{context: {cluster: ""}}]\nclusters: [{cluster: {server: "https://e"}}]\n',
      },
      want: "https://e",
    },
    {
      name: "the flag's file's before KUBECONFIG's",
      files: { "/work/mine": config(), "/x": "bad: [", [HOME]: "bad: [" },
      flags: { kubeconfig: "mine" },
      env: { KUBECONFIG: "/x" },
      want: "https://c:6443",
    },
    {
      name: "KUBECONFIG's before home's",
      files: { "/work/mine": config(), [HOME]: "bad: [" },
      env: { KUBECONFIG: "/missing:mine" },
      want: "https://c:6443",
    },
    {
      name: "the default one where KUBECONFIG names missing files only",
      files: { [HOME]: config() },
      env: { KUBECONFIG: "/missing:/too" },
      want: "http://localhost:8080",
    },
    {
      name: "one of several files, names crossing them",
      files: {
        "/a": "current-context: x\ncontexts: [{name: x, context: {cluster: k}}]\n",
        "/b": 'clusters: [{name: k, cluster: {server: "https://k"}}]\n',
      },
      env: { KUBECONFIG: "/a:/b" },
      want: "https://k",
    },
    {
      name: "the legacy file's where the usual one is missing",
      files: { "/home/me/.kube/.kubeconfig": config() },
      want: "https://c:6443",
    },
    {
      name: "no legacy file's where the usual one is there",
      files: { "/home/me/.kube/.kubeconfig": config(), [HOME]: "" },
      want: "http://localhost:8080",
    },
    {
      name: "the working directory's file's where there is no home",
      files: { "/work/.kube/config": config() },
      env: { HOME: "" },
      want: "https://c:6443",
    },
    { name: "JSON's", files: { [HOME]: JSON.stringify(jsonConfig()) }, want: "https://j" },
    {
      name: "one without userinfo for people",
      flags: { server: "https://u:secret@s:1" },
      want: "https://s:1",
    },
  ] as readonly (World & { name: string; want: string })[]
) {
  Deno.test(`loadConnection() asks ${name}`, async () => {
    assertEquals((await target({ files, flags, env })).server, want);
  });
}

function jsonConfig() {
  return {
    "current-context": "x",
    contexts: [{ name: "x", context: { cluster: "k" } }],
    clusters: [{ name: "k", cluster: { server: "https://j" } }],
  };
}

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
    name: "with a context of no cluster",
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
    files: { ...POD, "/work/ca": OTHER_CA },
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

// The endpoint.
const DEFAULT_ENDPOINT = {
  url: "https://c:6443/version",
  certificateAuthority: undefined,
  insecure: false,
  tlsServerName: undefined,
  proxy: undefined,
};
const INLINE = `certificate-authority-data: ${CA_DATA}`;
for (
  const { name, cluster = "", flags = {}, env = {}, files = {}, want } of [
    { name: "inline authority", cluster: INLINE, want: { certificateAuthority: CA } },
    {
      name: "an authority's file beside the kubeconfig",
      cluster: "certificate-authority: ca",
      files: { "/home/me/.kube/ca": OTHER_CA },
      want: { certificateAuthority: OTHER_CA },
    },
    {
      name: "an empty authority's file",
      cluster: "certificate-authority: ca",
      files: { "/home/me/.kube/ca": "" },
      want: {},
    },
    {
      name: "--certificate-authority over inline authority and insecure",
      cluster: "insecure-skip-tls-verify: true",
      flags: { "certificate-authority": "ca" },
      files: { "/work/ca": OTHER_CA },
      want: { certificateAuthority: OTHER_CA },
    },
    {
      name: "--insecure-skip-tls-verify over an authority",
      cluster: INLINE,
      flags: { "insecure-skip-tls-verify": "true" },
      want: { insecure: true },
    },
    {
      name: "--insecure-skip-tls-verify=false, which undoes nothing",
      cluster: "insecure-skip-tls-verify: yes",
      flags: { "insecure-skip-tls-verify": "false" },
      want: { insecure: true },
    },
    {
      name: "--server with the cluster's authority and proxy, and without its TLS name",
      cluster: `${INLINE}, proxy-url: "socks5://p:1", tls-server-name: n`,
      flags: { server: "https://s:1/x" },
      want: {
        url: "https://s:1/x/version",
        certificateAuthority: CA,
        proxy: "socks5://p:1",
      },
    },
    {
      name: "a TLS name",
      cluster: "tls-server-name: n",
      want: { tlsServerName: "n" },
    },
    {
      name: "--tls-server-name",
      cluster: "tls-server-name: n",
      flags: { "tls-server-name": "m" },
      want: { tlsServerName: "m" },
    },
    {
      name: "the environment's proxy",
      env: { HTTPS_PROXY: "u:p@p:1" },
      want: { proxy: "http://u:p@p:1" },
    },
    {
      name: "http without any of TLS",
      cluster: `${INLINE}, tls-server-name: n`,
      flags: { server: "s:1" },
      want: { url: "http://s:1/version" },
    },
  ] as readonly (World & { name: string; cluster?: string; want: object })[]
) {
  Deno.test(`loadConnection() makes an endpoint of ${name}`, async () => {
    const world = { flags, env, files: { [HOME]: config({ cluster }), ...files } };
    assertEquals((await target(world)).endpoint, { ...DEFAULT_ENDPOINT, ...want });
  });
}

// The credentials.
const claims = (exp: number) => `h.${btoa(JSON.stringify({ exp }))}.s`;
const PLUGIN = "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./aws, args: [a]";
const PLANNED = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "/home/me/.kube/aws",
  args: ["a"],
  env: [],
  interactiveMode: "IfAvailable",
  installHint: undefined,
  clusterInfo: undefined,
  forbidden: false,
} as const;
const IDENTITY = { clientCertificate: { text: "cert" }, clientKey: { file: "/home/me/.kube/k" } };
const IDENTITY_TEXT = `client-certificate-data: ${btoa("cert")}, client-key: k`;
for (
  const { name, user = "", cluster = "", flags = {}, policy = {}, want } of [
    { name: "nothing", want: {} },
    { name: "a token", user: "token: t", want: { token: "t" } },
    { name: "--token", user: "token: t", flags: { token: "f" }, want: { token: "f" } },
    {
      name: "a token and its file",
      user: "token: t, tokenFile: f",
      want: { token: "t", tokenFile: "/home/me/.kube/f" },
    },
    {
      name: "--token and a file",
      user: "tokenFile: /f",
      flags: { token: "t" },
      want: { token: "t", tokenFile: "/f" },
    },
    {
      name: "a user and no password",
      user: "username: n",
      want: { basic: { username: "n", password: "" } },
    },
    { name: "a password and no user", user: "password: p", want: {} },
    {
      name: "--username and --password",
      flags: { username: "n", password: "p" },
      want: { basic: { username: "n", password: "p" } },
    },
    {
      name: "the URL's userinfo before a token",
      user: "token: t",
      flags: { server: "https://a:b@s" },
      want: { basic: { username: "a", password: "b" } },
    },
    { name: "a client certificate", user: IDENTITY_TEXT, want: IDENTITY },
    {
      name: "a client certificate beside a token",
      user: `token: t, ${IDENTITY_TEXT}`,
      want: { token: "t", ...IDENTITY },
    },
    {
      name: "flags' client certificate over inline data",
      user: IDENTITY_TEXT.replace("client-key: k", `client-key-data: ${btoa("key")}`),
      flags: { "client-certificate": "c", "client-key": "/k" },
      want: { clientCertificate: { file: "/work/c" }, clientKey: { file: "/k" } },
    },
    { name: "a key without certificate", user: "client-key: k", want: {} },
    { name: "a plugin", user: `${PLUGIN}}`, want: { exec: PLANNED } },
    {
      name: "a forbidden plugin",
      user: `${PLUGIN}}`,
      policy: { forbidsPlugin: (command: string) => command === "/home/me/.kube/aws" },
      want: { exec: { ...PLANNED, forbidden: true } },
    },
    { name: "a token before a plugin", user: `token: t, ${PLUGIN}}`, want: { token: "t" } },
    {
      name: "a certificate before a plugin",
      user: `${IDENTITY_TEXT}, ${PLUGIN}}`,
      want: IDENTITY,
    },
    {
      name: "a plugin that only old kubectls know",
      user: "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}",
      want: {},
    },
    {
      name: "a plugin that is told the cluster",
      cluster:
        `${INLINE}, proxy-url: "http://u:p@p", disable-compression: true, extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {audience: "5", n: 5}}]`,
      user: `${PLUGIN}, provideClusterInfo: true, installHint: hint, env: [{name: A, value: b}]}`,
      flags: { server: "https://s/p?x=1", "tls-server-name": "n" },
      want: {
        exec: {
          ...PLANNED,
          env: [{ name: "A", value: "b" }],
          installHint: "hint",
          clusterInfo: {
            server: "https://s/p",
            "tls-server-name": "n",
            "certificate-authority-data": CA_DATA,
            "proxy-url": "http://u:p@p",
            "disable-compression": true,
            config: { audience: "5", n: 5 },
          },
        },
      },
    },
    {
      name: "a plugin that is told the cluster, of which little is known",
      cluster: "insecure-skip-tls-verify: true",
      user: `${PLUGIN}, provideClusterInfo: true}`,
      want: {
        exec: {
          ...PLANNED,
          clusterInfo: {
            server: "https://c:6443",
            "insecure-skip-tls-verify": true,
            config: null,
          },
        },
      },
    },
    {
      name: "a fresh id-token",
      user: `auth-provider: {name: oidc, config: {id-token: ${claims(NOW_MS / 1000 + 11)}}}`,
      want: { token: claims(NOW_MS / 1000 + 11) },
    },
    {
      name: "an id-token about to expire",
      user: `auth-provider: {name: oidc, config: {id-token: ${claims(NOW_MS / 1000 + 10)}}}`,
      want: {},
    },
    {
      name: "an id-token that is none",
      user: "auth-provider: {name: oidc, config: {id-token: x.y.z}}",
      want: {},
    },
    {
      name: "another auth-provider",
      user: `auth-provider: {name: gcp, config: {id-token: ${claims(NOW_MS)}, access-token: x}}`,
      want: {},
    },
    {
      name: "anything on http",
      user: `token: t, ${IDENTITY_TEXT}`,
      flags: { server: "http://a:b@s" },
      want: {},
    },
    { name: "--user's entry", user: "token: t", flags: { user: "v" }, want: { token: "other" } },
  ] as readonly (World & { name: string; user?: string; cluster?: string; want: Credentials })[]
) {
  Deno.test(`loadConnection() finds the credentials of ${name}`, async () => {
    const world = { flags, policy, files: { [HOME]: config({ user, cluster }) } };
    assertEquals((await target(world)).credentials, want);
  });
}

// What kubectl refuses.
for (
  const { name, user = "", cluster = "", ...world } of [
    { name: "an unknown --context", flags: { context: "x" } },
    { name: "an unknown --cluster", flags: { cluster: "x" } },
    { name: "an unknown --user", flags: { user: "x" } },
    {
      name: "a dangling current context, whatever else is given",
      files: { [HOME]: config({ current: "x" }) },
      flags: { cluster: "c", user: "u", server: "https://s" },
    },
    { name: "a missing --kubeconfig", flags: { kubeconfig: "/missing" } },
    {
      name: "a missing --kubeconfig in a pod",
      flags: { kubeconfig: "/missing" },
      files: POD,
      env: IN_CLUSTER,
    },
    { name: "a broken file", files: { [HOME]: "a: [" } },
    {
      name: "a broken file beside a good one",
      files: { "/a": config(), "/b": "a: [" },
      env: { KUBECONFIG: "/a:/b" },
    },
    { name: "a file that may not be read", files: { [HOME]: { error: "EACCES" } } },
    { name: "a folder", files: { [HOME]: { error: "EISDIR" } } },
    { name: "a missing authority", cluster: "certificate-authority: ca" },
    {
      name: "an authority without certificate",
      cluster: `certificate-authority-data: ${btoa("x")}`,
    },
    {
      name: "an authority's file without certificate",
      cluster: "certificate-authority: ca",
      files: { "/home/me/.kube/ca": "x" },
    },
    { name: "an authority twice", cluster: `certificate-authority: ca, ${INLINE}` },
    { name: "insecure with an authority", cluster: `insecure-skip-tls-verify: true, ${INLINE}` },
    {
      name: "--insecure-skip-tls-verify with --certificate-authority",
      flags: { "insecure-skip-tls-verify": "true", "certificate-authority": "ca" },
    },
    { name: "a bad proxy-url", cluster: 'proxy-url: "ftp://p"' },
    { name: "a bad server", flags: { server: "h:1/x" } },
    { name: "a certificate without key", user: "client-certificate: c" },
    { name: "a certificate twice", user: `client-certificate: c, ${IDENTITY_TEXT}` },
    { name: "a key twice", user: `client-key-data: aGk=, ${IDENTITY_TEXT}` },
    { name: "a token with a user", user: "token: t, username: n" },
    { name: "a token with --username", user: "token: t", flags: { username: "n" } },
    { name: "a plugin with an auth-provider", user: `${PLUGIN}}, auth-provider: {name: oidc}` },
    { name: "a plugin without command", user: PLUGIN.replace("./aws", '""') + "}" },
    { name: "a plugin without apiVersion", user: "exec: {command: x, interactiveMode: Never}" },
    {
      name: "a v1 plugin without interactiveMode",
      user: PLUGIN.replace("v1beta1", "v1") + "}",
    },
    { name: "a plugin of a bad interactiveMode", user: `${PLUGIN}, interactiveMode: Maybe}` },
    { name: "a plugin with a nameless variable", user: `${PLUGIN}, env: [{value: x}]}` },
    { name: "groups to impersonate and nobody", user: "as-groups: [g]" },
    { name: "--as-uid and nobody", flags: { "as-uid": "1" } },
    { name: "a number for a token", user: "token: 5" },
  ] as readonly (World & { name: string; user?: string; cluster?: string })[]
) {
  Deno.test(`loadConnection() refuses ${name}`, async () => {
    const files = { [HOME]: config({ user, cluster }), ...world.files };
    assertEquals((await load({ ...world, files })).loaded.kind, "refused");
  });
}

Deno.test("loadConnection() does not mind faults of entries that are not chosen", async () => {
  const text = config().replace("token: other", "token: t, username: n, client-key-data: '?'");
  assertEquals((await target({ files: { [HOME]: text } })).server, "https://c:6443");
});

// What is read.
for (
  const { name, flags = {}, files = {}, env = {}, platform = LINUX, want } of [
    { name: "one file of three places", files: { [HOME]: config() }, want: [HOME] },
    { name: "the flag's file alone", flags: { kubeconfig: "k" }, want: ["/work/k"] },
    {
      name: "the missing files of a list",
      env: { KUBECONFIG: "a:/b" },
      want: ["/work/a", "/b"],
    },
    {
      name: "no token, certificate and key",
      files: {
        [HOME]: config({
          user: "tokenFile: t, client-certificate: c, client-key: k",
          cluster: "certificate-authority: ca",
        }),
        "/home/me/.kube/ca": CA,
      },
      want: [HOME, "/home/me/.kube/ca"],
    },
    {
      name: "no authority on http",
      flags: { server: "http://s" },
      files: { [HOME]: config({ cluster: "certificate-authority: ca" }) },
      want: [HOME],
    },
    {
      name: "the account's files in a pod",
      files: POD,
      env: IN_CLUSTER,
      want: [
        HOME,
        "/home/me/.kube/.kubeconfig",
        `${ACCOUNT}/token`,
        `${ACCOUNT}/ca.crt`,
      ],
    },
    {
      name: "home's file on Windows",
      platform: WINDOWS,
      env: { HOME: "", USERPROFILE: "C:\\me" },
      files: { "C:\\me\\.kube\\config": config() },
      want: ["C:\\me\\.kube\\config"],
    },
  ] as readonly (World & { name: string; want: string[] })[]
) {
  Deno.test(`loadConnection() reads ${name}`, async () => {
    const { read } = await load({ flags, files, env, platform });
    assertEquals([...read], want);
  });
}

Deno.test("loadConnection() says where each part came from", async () => {
  const files = { [HOME]: config({ cluster: 'proxy-url: "http://u:p@p"', user: "token: t" }) };
  assertEquals((await target({ files })).origins, [
    { what: "context", from: `${HOME}: current-context` },
    { what: "cluster", from: `${HOME}: contexts["main"].cluster` },
    { what: "user", from: `${HOME}: contexts["main"].user` },
    { what: "server", from: `${HOME}: clusters["c"].server` },
    { what: "proxy", from: `${HOME}: clusters["c"].proxy-url` },
  ]);
  const flags = { context: "other", cluster: "c", user: "v", server: "https://s" };
  const env = { HTTPS_PROXY: "http://p" };
  assertEquals((await target({ files: { [HOME]: config() }, flags, env })).origins, [
    { what: "context", from: "--context" },
    { what: "cluster", from: "--cluster" },
    { what: "user", from: "--user" },
    { what: "server", from: "--server" },
    { what: "proxy", from: "$HTTPS_PROXY" },
  ]);
  assertEquals((await target({ env: { KUBERNETES_MASTER: "http://m" } })).origins, [
    { what: "server", from: "$KUBERNETES_MASTER" },
  ]);
  assertEquals((await target({})).origins, [{ what: "server", from: "default" }]);
});
