import { assertEquals } from "@std/assert";
import {
  ACCOUNT,
  CA,
  config,
  HOME,
  IDENTITY_TEXT,
  IN_CLUSTER,
  INLINE,
  load,
  PLUGIN,
  POD,
  target,
  type World,
} from "../../support/connection_world.ts";
import { LINUX, WINDOWS } from "../../support/fake_host.ts";

// kubectl refuses these.
for (
  const { name, user = "", cluster = "", ...world } of [
    { name: "an unknown --context", flags: { context: "x" } },
    { name: "an unknown --cluster", flags: { cluster: "x" } },
    { name: "an unknown --user", flags: { user: "x" } },
    {
      name: "a dangling current context with any flags",
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

Deno.test("loadConnection() ignores faults of entries that are not chosen", async () => {
  const text = config().replace("token: other", "token: t, username: n, client-key-data: '?'");
  assertEquals((await target({ files: { [HOME]: text } })).server, "https://c:6443");
});

// These files are read.
for (
  const { name, flags = {}, files = {}, env = {}, platform = LINUX, want } of [
    { name: "one file of three places", files: { [HOME]: config() }, want: [HOME] },
    { name: "the flag's file alone", flags: { kubeconfig: "k" }, want: ["/here/k"] },
    {
      name: "the missing files of a list",
      env: { KUBECONFIG: "a:/b" },
      want: ["/here/a", "/b"],
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
