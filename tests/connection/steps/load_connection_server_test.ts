import { assertEquals } from "@std/assert";
import { config, HOME, target, type World } from "../../support/connection_world.ts";

// These choose the server.
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
      files: { "/here/mine": config(), "/x": "bad: [", [HOME]: "bad: [" },
      flags: { kubeconfig: "mine" },
      env: { KUBECONFIG: "/x" },
      want: "https://c:6443",
    },
    {
      name: "KUBECONFIG's before home's",
      files: { "/here/mine": config(), [HOME]: "bad: [" },
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
      files: { "/here/.kube/config": config() },
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
