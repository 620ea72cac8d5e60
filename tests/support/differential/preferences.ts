/**
 * Generates kuberc files and the ways in which kubectl is told about them.
 *
 * @module
 */
import fc from "fast-check";
import { type Json, json, maybe, type Placed, weighted } from "./arbitraries.ts";
import { plainServer } from "./clusters.ts";
import { FOLDERS } from "./world.ts";

const option = fc.oneof(
  fc.constantFrom("a", "b", "c").map((value) => ({ name: "context", default: value })),
  plainServer.map((value) => ({ name: "server", default: value })),
  fc.constantFrom(
    { name: "user", default: "b" },
    { name: "kubeconfig", default: "{case}/elsewhere/two" },
    { name: "namespace", default: "x" },
    { name: "token", default: "kuberc-token" },
  ),
);
const options = fc.uniqueArray(option, {
  minLength: 1,
  maxLength: 2,
  selector: ({ name }) => name,
});

const kuberc = fc.record({
  version: weighted([3, "v1beta1"], [0, "v1alpha1"]),
  defaults: fc.uniqueArray(
    fc.record({
      command: fc.constantFrom("get", "version", "create clusterrolebinding", "rollout status"),
      options,
    }),
    { minLength: 1, maxLength: 3, selector: ({ command }) => command },
  ),
  policy: weighted<Json>(
    [6, {}],
    [1, { credentialPluginPolicy: "DenyAll" }],
    [1, { credentialPluginPolicy: "AllowAll" }],
    [2, { credentialPluginPolicy: "Allowlist", credentialPluginAllowlist: [{ command: "cred" }] }],
    [1, {
      credentialPluginPolicy: "Allowlist",
      credentialPluginAllowlist: [{ name: "{pki}/elsewhere/plugin" }],
    }],
  ),
}).map(({ version, defaults, policy }) => {
  const alpha = version === "v1alpha1";
  const list = alpha ? "flags" : "options";
  const renamed = defaults.map(({ command, options }) => ({ command, [list]: options }));
  return json({
    apiVersion: `kubectl.config.k8s.io/${version}`,
    kind: "Preference",
    [alpha ? "overrides" : "defaults"]: renamed,
    aliases: [
      {
        name: "gz",
        command: "get",
        prependArgs: ["pods"],
        [list]: [{ name: "context", default: "c" }],
      },
      { name: "vv", command: "version", appendArgs: ["--context", "b"] },
    ],
    ...alpha ? {} : policy,
  });
});

export const kubercPlace: fc.Arbitrary<Placed> = fc.record({
  text: kuberc,
  place: fc.constantFrom("home", "home", "flag", "variable", "off", "missing"),
  alias: maybe(2, fc.constantFrom("gz", "vv")),
}).map(({ text, place, alias }) => {
  const words = alias === undefined ? [] : [alias];
  switch (place) {
    case "home":
      return { files: { [`${FOLDERS[0]}/kuberc`]: text }, env: {}, args: words };
    case "flag":
      return { files: { [`${FOLDERS[1]}/rc`]: text }, env: {}, args: ["--kuberc", "rc", ...words] };
    case "variable":
      return {
        files: { [`${FOLDERS[1]}/rc`]: text },
        env: { KUBERC: "{case}/work/rc" },
        args: words,
      };
    case "off":
      return { files: { [`${FOLDERS[0]}/kuberc`]: text }, env: { KUBERC: "off" }, args: words };
    default:
      return { files: {}, env: { KUBERC: "missing" }, args: words };
  }
});
