import { assertEquals } from "@std/assert";
import type { Credentials } from "../../../lib/connection/credentials.ts";
import {
  CA_DATA,
  config,
  HOME,
  IDENTITY_TEXT,
  INLINE,
  NOW_MS,
  PLUGIN,
  target,
  type World,
} from "../../support/connection_world.ts";

// The credentials.
const claims = (exp: number) => `h.${btoa(JSON.stringify({ exp }))}.s`;
const PLANNED = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "/home/me/.kube/aws",
  args: ["a"],
  env: [],
  interactiveMode: "IfAvailable",
  clusterInfo: undefined,
  forbidden: false,
} as const;
const IDENTITY = { clientCertificate: { text: "cert" }, clientKey: { file: "/home/me/.kube/k" } };
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
      want: { clientCertificate: { file: "/here/c" }, clientKey: { file: "/k" } },
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
        `${INLINE}, proxy-url: "HTTP://u:p@p", disable-compression: true, extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {audience: "5", n: 5}}]`,
      user: `${PLUGIN}, provideClusterInfo: true, installHint: hint, env: [{name: A, value: b}]}`,
      flags: { server: "https://s/p?x=1", "tls-server-name": "n" },
      want: {
        exec: {
          ...PLANNED,
          env: [{ name: "A", value: "b" }],
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
      name: "an invalid id-token",
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
