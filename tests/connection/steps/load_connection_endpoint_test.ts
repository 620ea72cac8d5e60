import { assertEquals } from "@std/assert";
import {
  CA,
  config,
  HOME,
  INLINE,
  OTHER_CA,
  target,
  type World,
} from "../../support/connection_world.ts";

// The endpoint.
const DEFAULT_ENDPOINT = {
  url: "https://c:6443/version",
  certificateAuthority: undefined,
  insecure: false,
  tlsServerName: undefined,
  proxy: undefined,
};
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
      files: { "/here/ca": OTHER_CA },
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
      cluster: `insecure-skip-tls-verify: true, ${INLINE}, tls-server-name: n`,
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
