/**
 * Decides if a command needs a server. Most do; some of kubectl's commands contact none, so no
 * server is asked before they run.
 *
 * The rules were measured by counting the connections of kubectl 1.24 to 1.36. In doubt the answer
 * is `server`: an unneeded request costs a moment once, a missing one may cost the right kubectl.
 *
 * @module
 */
import type { Env } from "../ports/host.ts";
import { type CommandLine, findCompletionRequest, isTrueFlag } from "./argv.ts";

/** A command's need for a server. */
export type Need =
  /** The command will contact a server. */
  | { readonly kind: "server" }
  /** It will not, so any kubectl will do. The reason names the rule. */
  | { readonly kind: "local"; readonly reason: string }
  /** `__complete*`, which must not wait, least of all for a download. */
  | { readonly kind: "completion"; readonly reason: string };

/** The flags that {@linkcode needOfLine} looks at. A kuberc may set them, too. */
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

/** Local if nothing follows: they print their help. */
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

/**
 * Commands of old kubectls, which contacted a server. Some cluster may still need such a kubectl.
 */
const FORMER_COMMANDS = ",convert,rolling-update,";

/** kuberlr sets this variable for the credential plugins that it runs. */
export const RESOLVING_VARIABLE = "KUBERLR_RESOLVING_VERSION";

/**
 * client-go sets the first for every credential plugin. A plugin that calls kubectl serves a
 * command that waits for it: asking the server again would recurse.
 */
const PLUGIN_MARKERS = ["KUBERNETES_EXEC_INFO", RESOLVING_VARIABLE];

/** Returns the need of a command line in its environment. */
export function findNeed(line: CommandLine, env: Env): Need {
  const need = needOfLine(line);
  if (need.kind !== "server") return need;
  const marker = PLUGIN_MARKERS.find((name) => env.get(name));
  if (marker === undefined) return need;
  return { kind: "local", reason: `called by a credential plugin (${marker} is set)` };
}

/** Returns the need of a command line alone. */
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
    // Another word than a name may be a URL with a password.
    const shown = /^[\w-]+$/.test(first) ? `"${first}"` : "the first word";
    return {
      kind: "local",
      reason: `${shown} is not a command of kubectl: a plugin, or an error`,
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

/** `set env --from` reads from the server in spite of `--local`. */
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

/** A bare `--dry-run` and the boolean values of older kubectls mean `client`. */
function isClientDryRun(value: string | undefined): boolean {
  return value === "client" || isTrueFlag(value);
}
