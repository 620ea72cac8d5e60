/**
 * The specs of the commands that ask servers and decide, without running a kubectl.
 *
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { KUBECONFIG, KUBECTL_ARGS, REFRESH } from "./common_flags.ts";

export const WHICH: CommandSpec<"which"> = {
  name: "which",
  summary: "print the path of the kubectl that would run",
  operands: KUBECTL_ARGS,
  description: [
    `Chooses the kubectl as "kubectl ARGS" would, and prints its path instead of running it. It changes only the remembered version of the server. Without ARGS, it chooses for a command that asks the server. kuberlr's own flags come before the first argument of kubectl.`,
  ],
  flags: [REFRESH],
  examples: [
    { command: "kuberlr which", comment: "For the current context" },
    { command: "kuberlr which --context prod get pods", comment: "For another one" },
  ],
  exitStatuses: [{ status: 127, meaning: "no kubectl is available" }],
};

export const EXPLAIN: CommandSpec<"explain"> = {
  name: "explain",
  summary: "show how the kubectl for a command is chosen",
  operands: KUBECTL_ARGS,
  description: [
    `Chooses the kubectl as "kubectl ARGS" would, and shows each step: the files, the context and the server, the source of its version, every kubectl that was considered, and how long each step took. It shows no secret, and changes only the remembered version of the server. Without ARGS, it chooses for a command that asks the server. kuberlr's own flags come before the first argument of kubectl.`,
  ],
  flags: [REFRESH],
  examples: [
    { command: "kuberlr explain", comment: "For the current context" },
    {
      command: "kuberlr explain -o json --context prod get pods",
      comment: "For another one, as JSON",
    },
  ],
  json: `{
  server, context, cluster, user,          // "" where there is none
  local, localReason?,                     // the command contacts no server
  version: {value, source: "probe" | "cache" | "stale" | "unknown", ageSeconds?, reason?},
  window?: {oldest, newest},               // minors
  candidates: [{path, version, source, verdict}],
  unversioned?: {path, command},           // a kubectl without a version in its name: not chosen
  plan: {kind: "use" | "download" | "refuse", path?, version?, reason, warning?, hint?},
  launcher?: {follows, reason?},           // whether the launcher runs it by itself
  pin?: {kubectl, context?, origin},
  origins: [{what, from}],                 // where context, cluster, user, server, proxy come from
  files: [{path, found}],                  // what was looked at
  settings: [{key, value, origin}],        // those that are not the default
  stages: [{name, milliseconds}],
  warnings: [text],
  refused?, refusedHint?,                  // why kubectl will refuse the kubeconfig, and what helps
  leftToKubectl?                           // why kuberlr does not read the kubeconfig: it is a pipe
}`,
  exitStatuses: [],
};

export const CLUSTERS: CommandSpec<"clusters"> = {
  name: "clusters",
  summary: "list every context with its server's version and its kubectl",
  operands: { synopsis: "[GLOB…]", min: 0, max: Infinity, kind: "contexts" },
  description: [
    "Asks the servers of all contexts of the kubeconfig at the same time, or of those that a GLOB matches (* stands for any characters). The next kubectl commands use these answers.",
    "AGE is the age of the answer. KUBECTL is the version that will run; one that is missing is downloaded when it is needed. SKEW is kubectl's minor minus the server's: from -1 to +1 is supported. END OF LIFE is the last day on which Kubernetes supports the server's minor.",
  ],
  flags: [
    { name: "cached", summary: "ask no server: show what is remembered" },
    {
      name: "check",
      summary: "exit with 1 if a server could not be asked, or its kubectl is outside the window",
    },
    { name: "get", summary: "download every kubectl that is missing" },
    KUBECONFIG,
  ],
  examples: [
    { command: "kuberlr clusters", comment: "Ask them all" },
    { command: "kuberlr clusters --check 'prod*'", comment: "In a pipeline" },
    { command: "kuberlr clusters --get", comment: "Get ready for a day offline" },
  ],
  json: `[{
  context, cluster, server, status: "ok" | "unreachable" | "denied" | "unknown",
  version?, ageSeconds?,
  endOfLife?, support?: "supported" | "maintenance" | "ended", // of the server's minor, upstream
  kubectl?,                                // the path of the kubectl that will run
  missing?,                                // the version that would be downloaded
  skew?,                                   // kubectl's minor minus the server's
  trouble?,
  ok                                       // whether --check finds nothing wrong
}]`,
  exitStatuses: [
    { status: 1, meaning: "with --check: not every context is ok" },
    { status: 127, meaning: "with --get: a kubectl is not available" },
  ],
};

export const SKEW: CommandSpec<"skew"> = {
  name: "skew",
  summary: "explain a Kubernetes version string",
  operands: { synopsis: "VERSION", min: 1, max: 1, kind: "version" },
  description: [
    "Says what a gitVersion means: the release, the commits since its tag, the vendor's suffix; which kubectls may talk to such a server; which k8s.io Go modules and which row of client-go's compatibility table belong to it; and whether the minor is still supported.",
  ],
  flags: [],
  examples: [
    { command: "kuberlr skew v1.30.2-eks-1552ad0", comment: "A server's version" },
    { command: "kuberlr skew v1.36.0-alpha.1.139+150247a304f2cb", comment: "A CI build" },
  ],
  json: `{
  input, release, preRelease?, commitsSinceTag?, commit?, dirty, vendor?,
  kubectl: {oldest, newest},               // minors
  goModule, kubernetesTag,
  clientGo: {major?, alsoTagged?, compatibility, row?, tableOf},
  support: {status, released?, endOfLife?, newestPatch?, knownOn}
} | {input, commit?, dirty, explanation}   // of a build without a version`,
  exitStatuses: [],
};
