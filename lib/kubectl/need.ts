/**
 * Whether a command needs a server. Most do; some of kubectl's commands contact none, so no server
 * is asked before they run.
 *
 * Measured by counting the connections of kubectl 1.24 to 1.36. Where in doubt the answer is
 * `server`: a needless question costs a moment once, a question not asked may cost the right
 * kubectl.
 *
 * @module
 */
import type { Env } from "../ports/host.ts";
import { type CommandLine, findCompletionRequest, isTrueFlag } from "./argv.ts";

/** Whether the command needs a server. */
export type Need =
  /** It will talk to one. */
  | { readonly kind: "server" }
  /** It will not; any kubectl serves. The reason names the rule. */
  | { readonly kind: "local"; readonly reason: string }
  /** `__complete*`: must not wait for anything, a download least of all. */
  | { readonly kind: "completion"; readonly reason: string };

/** Besides its command, what {@linkcode needOfLine} looks at. A kuberc may set these, too. */
export const NEED_FLAGS = [
  "client",
  "dry-run",
  "filename",
  "from",
  "help",
  "image",
  "kustomize",
  "local",
  "non-resource-url",
  "resource",
] as const;

const SERVER: Need = { kind: "server" };

/** Local with all their subcommands and arguments. */
const LOCAL = ",alpha kuberc,completion,config,help,kuberc,kustomize,options,plugin,";

/** Local when nothing follows: they print their help. */
const GROUPS = ",alpha,auth,certificate,config,create secret,create service,rollout,set,top,";

/** Local with `--dry-run=client`. */
const DRY_RUNS = ",create clusterrolebinding,create configmap,create cronjob,create deployment," +
  "create ingress,create namespace,create poddisruptionbudget,create priorityclass,create quota," +
  "create rolebinding,create secret docker-registry,create secret generic,create secret tls," +
  "create service clusterip,create service externalname,create service loadbalancer," +
  "create service nodeport,create serviceaccount,";

/** Local with `--local` and `-f`. */
const LOCAL_EDITS = ",annotate,label,patch,set env,set image,set resources,set selector," +
  "set serviceaccount,set subject,";

/** Built into kubectls that some cluster may still need, where they did ask the server. */
const FORMER_COMMANDS = ",convert,rolling-update,";

/** kuberlr sets this variable for the credential plugins that it runs. */
export const RESOLVING_VARIABLE = "KUBERLR_RESOLVING_VERSION";

/**
 * client-go sets the first for every credential plugin, kuberlr the second for those that it runs
 * itself. A plugin that calls kubectl is asked on behalf of a command that waits for it: asking the
 * server again would recurse.
 */
const PLUGIN_MARKERS = ["KUBERNETES_EXEC_INFO", RESOLVING_VARIABLE];

/** Of the line and its surroundings. */
export function findNeed(line: CommandLine, env: Env): Need {
  const need = needOfLine(line);
  if (need.kind !== "server") return need;
  const marker = PLUGIN_MARKERS.find((name) => env.get(name));
  if (marker === undefined) return need;
  return { kind: "local", reason: `called by a credential plugin (${marker} is set)` };
}

/** Of the line alone; the reason of a local one names the rule. */
export function needOfLine(line: CommandLine): Need {
  const { positionals, command, flags } = line;
  const first = positionals[0];
  const request = findCompletionRequest(positionals);
  if (request !== undefined) {
    return { kind: "completion", reason: `"kubectl ${request}" must not keep the shell waiting` };
  }
  if (isTrueFlag(flags.get("help"))) return local(`"--help"`);
  if (first === undefined) return local(`"kubectl" without a command`);
  if (line.incomplete !== undefined) {
    return refused(`"${dashed(line.incomplete)}" lacks its value`);
  }
  if (command.length === 0) {
    if (FORMER_COMMANDS.includes(`,${first},`)) return SERVER;
    return {
      kind: "local",
      reason: `"${first}" is not a command of kubectl: a plugin, or an error`,
    };
  }

  const name = command[0]!;
  const path = command.join(" ");
  const isBare = positionals.length === command.length;
  if (LOCAL.includes(`,${name},`) || path.startsWith("alpha kuberc")) {
    return local(`"kubectl ${path}"`);
  }
  if (isBare && GROUPS.includes(`,${path},`)) return local(`"kubectl ${path}" alone`);
  if (name === "version" && isTrueFlag(flags.get("client"))) {
    return local(`"kubectl version --client"`);
  }
  if (
    name === "cp" && positionals.length === 3 && !positionals.some((word) => word.includes(":"))
  ) {
    return refused(`"kubectl cp" has no remote side`);
  }
  if (name === "create") return findNeedOfCreate(line, path, isBare);
  if (LOCAL_EDITS.includes(`,${path},`) && isTrueFlag(flags.get("local")) && isLocalEdit(flags)) {
    return local(`"kubectl ${path} --local"`);
  }
  return SERVER;
}

function findNeedOfCreate({ flags }: CommandLine, path: string, isBare: boolean): Need {
  if (path === "create") {
    return isBare && !flags.has("filename") && !flags.has("kustomize")
      ? refused(`"kubectl create" has nothing to create`)
      : SERVER;
  }
  if (!isClientDryRun(flags.get("dry-run"))) return SERVER;
  const isLocal = DRY_RUNS.includes(`,${path},`) ||
    (path === "create job" && flags.has("image") && !flags.has("from")) ||
    (path === "create clusterrole" && flags.has("non-resource-url") && !flags.has("resource"));
  return isLocal ? local(`"kubectl ${path} --dry-run=client"`) : SERVER;
}

/** `set env --from` reads from the server even so. */
function isLocalEdit(flags: ReadonlyMap<string, string>): boolean {
  return flags.has("filename") && !flags.has("from");
}

function local(what: string): Need {
  return { kind: "local", reason: `${what} contacts no server` };
}

function refused(why: string): Need {
  return { kind: "local", reason: `${why}: kubectl refuses it and contacts no server` };
}

function dashed(flag: string): string {
  return flag.length === 1 ? `-${flag}` : `--${flag}`;
}

/** A bare `--dry-run` and the booleans of old mean the same. */
function isClientDryRun(value: string | undefined): boolean {
  return value === "client" || isTrueFlag(value);
}
