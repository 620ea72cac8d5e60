import { assertEquals } from "@std/assert";
import {
  applyKuberc,
  findKuberc,
  type Kuberc,
  type KubercLocation,
  parseKuberc,
  type PluginPolicy,
} from "../../lib/kuberc/kuberc.ts";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { needOfLine } from "../../lib/kubectl/need.ts";
import type { Platform } from "../../lib/platform.ts";
import { fakeEnv, LINUX, WINDOWS } from "../support/fake_host.ts";

const file = (path: string, explicit: boolean): KubercLocation => ({
  kind: "file",
  path,
  explicit,
});

const LOCATIONS: readonly {
  readonly name: string;
  readonly args?: readonly string[];
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  readonly want: KubercLocation;
}[] = [
  { name: "in the home", want: file("/home/me/.kube/kuberc", false) },
  {
    name: "below the working directory without a home",
    home: "",
    want: file(".kube/kuberc", false),
  },
  {
    name: "in the home, on Windows",
    platform: WINDOWS,
    home: "C:\\Users\\me",
    want: file("C:\\Users\\me\\.kube\\kuberc", false),
  },
  { name: "by the variable", env: { KUBERC: "k" }, want: file("k", true) },
  {
    name: "not by an empty variable",
    env: { KUBERC: "" },
    want: file("/home/me/.kube/kuberc", false),
  },
  { name: "by the flag", args: ["get", "--kuberc", "f"], want: file("f", true) },
  { name: "by the flag with =", args: ["get", "--kuberc=f"], want: file("f", true) },
  {
    name: "by the flag before the variable",
    args: ["--kuberc=f"],
    env: { KUBERC: "k" },
    want: file("f", true),
  },
  { name: "by the first of two flags", args: ["--kuberc=f", "--kuberc=g"], want: file("f", true) },
  { name: "by a flag that is swallowed", args: ["-l", "--kuberc=f"], want: file("f", true) },
  {
    name: "not by a flag behind --",
    args: ["--", "--kuberc=f"],
    want: file("/home/me/.kube/kuberc", false),
  },
  {
    name: "by the variable where the flag names the usual file",
    args: ["--kuberc=/home/me/.kube/kuberc"],
    env: { KUBERC: "k" },
    want: file("k", true),
  },
  { name: "nowhere with KUBERC=off", env: { KUBERC: "off" }, want: { kind: "off" } },
  {
    name: "to be refused with KUBERC=off and the flag",
    args: ["--kuberc=f"],
    env: { KUBERC: "off" },
    want: { kind: "refused" },
  },
  { name: "to be refused without a value", args: ["get", "--kuberc"], want: { kind: "refused" } },
  { name: "to be refused with an empty value", args: ["--kuberc="], want: { kind: "refused" } },
  { name: "nowhere with the gate off", env: { KUBECTL_KUBERC: "False" }, want: { kind: "off" } },
  {
    name: "where it is with the gate on",
    env: { KUBECTL_KUBERC: "true" },
    want: file("/home/me/.kube/kuberc", false),
  },
];

for (const { name, args = [], home = "/home/me", env = {}, platform = LINUX, want } of LOCATIONS) {
  Deno.test(`findKuberc() finds it ${name}`, () => {
    assertEquals(findKuberc(args, home, { env: fakeEnv(env), platform }), want);
  });
}

const HEADER = { apiVersion: "kubectl.config.k8s.io/v1beta1", kind: "Preference" };
const EMPTY: Kuberc = { defaults: [], aliases: [], plugins: { kind: "allow-all" } };

const DOCUMENTS: readonly { name: string; document: unknown; want: Kuberc | undefined }[] = [
  { name: "nothing but its kind", document: HEADER, want: EMPTY },
  {
    name: "empty lists",
    document: { ...HEADER, defaults: null, aliases: [], credentialPluginPolicy: null },
    want: EMPTY,
  },
  {
    name: "v1beta1",
    document: {
      ...HEADER,
      defaults: [{ command: "get", options: [{ name: "context", default: "zz" }], more: 1 }],
      aliases: [{ name: "gz", command: "get", prependArgs: ["pods"], appendArgs: ["-A"] }],
    },
    want: {
      ...EMPTY,
      defaults: [{ command: "get", options: [{ name: "context", value: "zz" }] }],
      aliases: [{
        name: "gz",
        command: "get",
        prependArgs: ["pods"],
        appendArgs: ["-A"],
        options: [],
      }],
    },
  },
  {
    name: "v1alpha1",
    document: {
      apiVersion: "kubectl.config.k8s.io/v1alpha1",
      kind: "Preference",
      overrides: [{ command: "get", flags: [{ name: "context", default: "zz" }] }],
      aliases: [{ name: "gz", command: "get", flags: [{ name: "server", default: null }] }],
      credentialPluginPolicy: "DenyAll",
    },
    want: {
      ...EMPTY,
      defaults: [{ command: "get", options: [{ name: "context", value: "zz" }] }],
      aliases: [{
        name: "gz",
        command: "get",
        prependArgs: [],
        appendArgs: [],
        options: [{ name: "server", value: "" }],
      }],
    },
  },
  { name: "nothing", document: null, want: undefined },
  { name: "a text", document: "x", want: undefined },
  { name: "a list", document: [HEADER], want: undefined },
  { name: "another kind", document: { ...HEADER, kind: "Config" }, want: undefined },
  { name: "another version", document: { ...HEADER, apiVersion: "v1" }, want: undefined },
  { name: "a mapping for a list", document: { ...HEADER, defaults: {} }, want: undefined },
  { name: "a text for a mapping", document: { ...HEADER, aliases: ["gz"] }, want: undefined },
  {
    name: "a boolean for a text",
    document: {
      ...HEADER,
      defaults: [{ command: "get", options: [{ name: "x", default: true }] }],
    },
    want: undefined,
  },
  {
    name: "a number among arguments",
    document: { ...HEADER, aliases: [{ name: "a", command: "get", appendArgs: [1] }] },
    want: undefined,
  },
];

for (const { name, document, want } of DOCUMENTS) {
  Deno.test(`parseKuberc() reads ${name}`, () => assertEquals(parseKuberc(document), want));
}

const POLICIES: readonly [policy: string, list: unknown, want: PluginPolicy][] = [
  ["AllowAll", null, { kind: "allow-all" }],
  ["DenyAll", null, { kind: "deny-all" }],
  ["Allowlist", [{ command: "a" }, { name: "/b" }], { kind: "allowlist", commands: ["a", "/b"] }],
  // kubectl refuses all of these.
  ["denyall", null, { kind: "deny-all" }],
  ["Allowlist", null, { kind: "deny-all" }],
  ["Allowlist", [{}], { kind: "deny-all" }],
  ["Allowlist", [{ command: "a" }, {}], { kind: "deny-all" }],
  ["Allowlist", [{ command: "a", name: "b" }], { kind: "deny-all" }],
  ["AllowAll", [{ command: "a" }], { kind: "deny-all" }],
  ["", [{ command: "a" }], { kind: "deny-all" }],
];

for (const [policy, list, plugins] of POLICIES) {
  Deno.test(`parseKuberc() reads the policy "${policy}" with ${JSON.stringify(list)}`, () => {
    assertEquals(
      parseKuberc({
        ...HEADER,
        credentialPluginPolicy: policy,
        credentialPluginAllowlist: list,
      }),
      { ...EMPTY, plugins },
    );
  });
}

const option = (name: string, value: string) => ({ name, value });
const KUBERC: Kuberc = {
  plugins: { kind: "allow-all" },
  defaults: [
    { command: "get", options: [option("context", "zz")] },
    { command: "set env", options: [option("server", "http://d")] },
    { command: "rollout status", options: [option("context", "yy")] },
    { command: "create cm", options: [option("dry-run", "client")] },
    { command: "get", options: [option("cluster", "cy")] },
    { command: "version", options: [option("client", "true")] },
    { command: "nothing", options: [option("context", "zz")] },
    { command: "", options: [option("context", "zz")] },
  ],
  aliases: [
    {
      name: "gz",
      command: "get",
      prependArgs: ["pods"],
      appendArgs: [],
      options: [option("context", "zz")],
    },
    { name: "ap", command: "get pods", prependArgs: [], appendArgs: ["--server=d"], options: [] },
    { name: "ctx", command: "get", prependArgs: ["--context"], appendArgs: [], options: [] },
    {
      name: "rb",
      command: "create rolebinding",
      prependArgs: [],
      appendArgs: [],
      options: [option("user", "u2")],
    },
    {
      name: "get",
      command: "describe",
      prependArgs: [],
      appendArgs: [],
      options: [option("context", "yy")],
    },
    { name: "help", command: "get", prependArgs: ["pods"], appendArgs: [], options: [] },
    { name: "lost", command: "nothing", prependArgs: [], appendArgs: [], options: [] },
  ],
};

/** Seen with kubectl 1.34 and 1.36. */
const APPLIED: readonly [
  line: string,
  globals: Readonly<Record<string, string>>,
  positionals: string,
  need?: "local",
][] = [
  ["get pods", { context: "zz", cluster: "cy" }, "get pods"],
  ["get pods --context xx", { context: "xx", cluster: "cy" }, "get pods"],
  ["get pods -l --context=xx", { cluster: "cy" }, "get pods"],
  ["get pods --cluster=cx --context=", { cluster: "cx", context: "" }, "get pods"],
  ["get pods -- --context=xx", { cluster: "cy" }, "get pods"],
  ["get pods --con_text=xx", { context: "zz", cluster: "cy" }, "get pods"],
  ["set env deploy/x A=b", { server: "http://d" }, "set env deploy/x A=b"],
  ["set env deploy/x -s http://e", { server: "http://e" }, "set env deploy/x"],
  ["set env deploy/x -napps", {}, "set env deploy/x"],
  ["rollout status x", { context: "yy" }, "rollout status x"],
  ["rollout history x", {}, "rollout history x"],
  ["version", {}, "version", "local"],
  ["version --client=false", {}, "version"],
  ["create configmap x", {}, "create configmap x", "local"],
  ["create configmap x --dry-run=server", {}, "create configmap x"],
  ["create", {}, "create", "local"],
  ["", {}, "", "local"],
  ["gz", { context: "zz" }, "get pods"],
  ["gz x --context yy", { context: "yy" }, "get pods x"],
  ["--context=yy gz", { context: "yy" }, "get pods"],
  ["--context yy gz", { context: "yy" }, "gz", "local"],
  ["-n gz foo", {}, "foo", "local"],
  ["-n gz gz", {}, "gz", "local"],
  ["ap", { server: "d" }, "get"],
  ["ap --", {}, "get"],
  ["ap -s e", { server: "d" }, "get"],
  ["ctx yy pods", { context: "yy" }, "get pods"],
  ["rb x --clusterrole=c", {}, "create rolebinding x"],
  ["help", {}, "get pods"],
  ["lost", {}, "lost", "local"],
  ["__complete get x", {}, "__complete get x"],
  ["__complete gz x", { context: "zz" }, "__complete get pods x"],
];

for (const [line, globals, positionals, need = "server"] of APPLIED) {
  Deno.test(`applyKuberc() makes of "kubectl ${line}" what kubectl makes of it`, () => {
    const applied = applyKuberc(scanKubectlArgv(line === "" ? [] : line.split(" ")), KUBERC);
    assertEquals(
      { globals: applied.globals, positionals: applied.positionals.join(" ") },
      { globals, positionals },
    );
    if (!line.startsWith("__complete")) assertEquals(needOfLine(applied).kind, need);
  });
}
