import { assertEquals } from "@std/assert";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { needOfLine } from "../../lib/kubectl/need.ts";
import table from "../../tools/kubectl_flags.json" with { type: "json" };

const alone = (command: string) => `"kubectl ${command}" alone contacts no server`;
const never = (command: string) => `"kubectl ${command}" contacts no server`;
const plugin = (word: string) => `"${word}" is not a command of kubectl: a plugin, or an error`;
const refused = (why: string) => `${why}: kubectl refuses it and contacts no server`;
const HELP = `"--help" contacts no server`;
const NOTHING = `"kubectl" without a command contacts no server`;

const LOCAL: readonly [line: string, reason: string][] = [
  ["", NOTHING],
  ["--context yy", NOTHING],
  ["-- get pods", NOTHING],
  ["--context yy -- get pods", NOTHING],
  ["--help", HELP],
  ["get pods --help", HELP],
  ["get pods -h", HELP],
  ["-h get pods", HELP],
  ["mine --help", HELP],
  ["help", never("help")],
  ["help get", never("help")],
  ["options", never("options")],
  ["completion bash", never("completion")],
  ["--context yy completion zsh", never("completion")],
  ["config", never("config")],
  ["config view --minify", never("config view")],
  ["config use x", never("config use-context")],
  ["config set-context x --cluster=c", never("config set-context")],
  ["plugin", never("plugin")],
  ["plugin list", never("plugin list")],
  ["kustomize dir", never("kustomize")],
  ["kuberc view", never("kuberc view")],
  ["alpha kuberc set", never("alpha kuberc set")],
  ["alpha", alone("alpha")],
  ["version --client", never("version --client")],
  ["version --client=true -o json", never("version --client")],
  ["--context yy version --output=yaml --client", never("version --client")],
  ["create", refused(`"kubectl create" has nothing to create`)],
  ["create --context yy", refused(`"kubectl create" has nothing to create`)],
  ["create secret", alone("create secret")],
  ["create svc", alone("create service")],
  ["set", alone("set")],
  ["rollout -n x", alone("rollout")],
  ["auth", alone("auth")],
  ["certificate", alone("certificate")],
  ["top", alone("top")],
  ["mine get pods", plugin("mine")],
  ["mine get pods --context yy", plugin("mine")],
  ["get pods -o", refused(`"--output" lacks its value`)],
  ["get pods --context", refused(`"--context" lacks its value`)],
  ["get pods -v", refused(`"-v" lacks its value`)],
  ["cp a b", refused(`"kubectl cp" has no remote side`)],
  ["create configmap x --dry-run=client", never("create configmap --dry-run=client")],
  ["create cm x --dry-run=client -o yaml", never("create configmap --dry-run=client")],
  ["create --dry-run=client cm x --validate", never("create configmap --dry-run=client")],
  ["create cm x --dry-run", never("create configmap --dry-run=client")],
  ["create cm x --dry-run=true", never("create configmap --dry-run=client")],
  ["create secret tls x --dry-run=client", never("create secret tls --dry-run=client")],
  ["create service nodeport x --dry-run=client", never("create service nodeport --dry-run=client")],
  ["create rolebinding x --dry-run=client", never("create rolebinding --dry-run=client")],
  ["create job x --image=i --dry-run=client", never("create job --dry-run=client")],
  [
    "create clusterrole x --verb=get --non-resource-url=/x --dry-run=client",
    never("create clusterrole --dry-run=client"),
  ],
  ["label --local -f x a=b", never("label --local")],
  ["annotate -f x --local a=b", never("annotate --local")],
  ["patch --local -f x -p {}", never("patch --local")],
  ["set image --local -f x a=b", never("set image --local")],
  ["set sa --local -f x y", never("set serviceaccount --local")],
];

for (const [line, reason] of LOCAL) {
  Deno.test(`needOfLine() finds that "kubectl ${line}" needs no server`, () => {
    assertEquals(needOfLine(scanKubectlArgv(wordsOf(line))), { kind: "local", reason });
  });
}

const SERVER = [
  "get pods",
  "get pods --help=false",
  "get pods -l --help",
  "exec p -- ls --help",
  "version",
  "version --client=false",
  "version -- --client",
  "create -f x",
  "create --filename=x --dry-run=client",
  "create -k x",
  "create foo",
  "create token x --dry-run=client",
  "create role x --verb=get --resource=pods --dry-run=client",
  "create clusterrole x --verb=get --resource=pods --dry-run=client",
  "create clusterrole x --resource=pods --non-resource-url=/x --dry-run=client",
  "create job x --from=cronjob/y --dry-run=client",
  "create cm x --dry-run=server",
  "create cm x --dry-run=none",
  "create cm x --dry-run=false",
  "create cm x",
  "create cm x -- --dry-run=client",
  "run x --image=i --dry-run=client",
  "expose pod x --port=1 --dry-run=client",
  "apply -f x --dry-run=client",
  "delete -f x --dry-run=client",
  "label -f x a=b --dry-run=client",
  "label --local a=b",
  "label --local=false -f x a=b",
  "set image --local deploy/x a=b",
  "set env --local -f x --from=configmap/y",
  "scale --local -f x",
  "cluster-info dump",
  "auth can-i get pods",
  "auth whoami",
  "auth foo",
  "explain pods",
  "api-resources --cached",
  "top node",
  "top nodes",
  "cp a p:/b",
  "proxy",
  "port-forward p 1",
  "get --raw /version",
  "alpha debug p",
  "convert -f x",
  "rolling-update x",
];

for (const line of SERVER) {
  Deno.test(`needOfLine() finds that "kubectl ${line}" needs a server`, () => {
    assertEquals(needOfLine(scanKubectlArgv(wordsOf(line))), { kind: "server" });
  });
}

for (const word of ["__complete", "__completeNoDesc"]) {
  Deno.test(`needOfLine() lets "${word}" wait for nothing`, () => {
    for (const rest of ["get pods", "get --context", "config use-context", "--help", ""]) {
      assertEquals(needOfLine(scanKubectlArgv(["", word, ...wordsOf(rest), ""])), {
        kind: "completion",
        reason: `"kubectl ${word}" must not keep the shell waiting`,
      });
    }
  });
}

Deno.test("needOfLine() knows every command of the table by its name", () => {
  const locals = Object.keys(table._commands).filter((path) => path !== "<root>").filter((path) =>
    needOfLine(scanKubectlArgv([...path.split(" "), "x"])).kind === "local"
  );
  assertEquals(locals.filter((path) => !/^(config|plugin|kuberc|alpha kuberc)( |$)/.test(path)), [
    "completion",
    "kustomize",
    "options",
  ]);
});

function wordsOf(line: string): string[] {
  return line === "" ? [] : line.split(" ");
}
