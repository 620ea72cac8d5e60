/** A kubeconfig that kubectl refuses is not kuberlr's error: kubectl runs and reports it. */
import { assertEquals } from "@std/assert";
import { story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const BROKEN: Readonly<Record<string, string>> = {
  "no YAML": "apiVersion: v1\nclusters: [\n",
  "a list": "- a\n- b\n",
  "binary": "\u0000\u0001\u0002",
  "no such context": "apiVersion: v1\nkind: Config\ncurrent-context: nowhere\n",
  "certificates that are not base64": `apiVersion: v1
kind: Config
current-context: a
clusters: [{name: a, cluster: {server: "https://127.0.0.1:9", certificate-authority-data: "!!"}}]
contexts: [{name: a, context: {cluster: a, user: ""}}]
`,
  "a server that is not a URL": `apiVersion: v1
kind: Config
current-context: a
clusters: [{name: a, cluster: {server: "https://[::1"}}]
contexts: [{name: a, context: {cluster: a, user: ""}}]
`,
};

for (const [name, text] of Object.entries(BROKEN)) {
  story(`a kubeconfig with ${name} is left to kubectl`, async (box) => {
    box.kubeconfig(text);
    box.fakeKubectl("1.29.4");
    box.fakeKubectl("1.31.0", { then: "echo 'error: loading config file' >&2; exit 1" });

    const { status, stderr } = await box.run("kubectl", ["get", "pods"]);
    assertEquals({ status, stderr }, { status: 1, stderr: "error: loading config file\n" });
  });
}

story("a kubeconfig that is not there is left to kubectl", async (box) => {
  box.fakeKubectl("1.31.0");
  assertRan(await box.run("kubectl", ["get", "pods"]), "1.31.0", ["get", "pods"]);
});

story("a --kubeconfig that is not there is left to kubectl", async (box) => {
  box.fakeKubectl("1.31.0");
  const args = ["get", "pods", "--kubeconfig", `${box.root}/missing`];
  assertRan(await box.run("kubectl", args), "1.31.0", args);
});

story("a kubeconfig that is a folder is left to kubectl", async (box) => {
  Deno.mkdirSync(`${box.home}/.kube/config`, { recursive: true });
  box.fakeKubectl("1.31.0");
  assertRan(await box.run("kubectl", ["get", "pods"]), "1.31.0", ["get", "pods"]);
});
