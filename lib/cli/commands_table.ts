/**
 * Every command of kuberlr: what it is called, what it takes, what it is for. One table drives parsing, help,
 * suggestions, completion and docs/commands.md.
 *
 * @module
 */
import type { CommandSpec, FlagSpec, Operands } from "./command_spec.ts";

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

const NONE: Operands = { synopsis: "", least: 0, most: 0, kind: "none" };
const KUBECTL_ARGS: Operands = {
  synopsis: "[ARGS…]",
  least: 0,
  most: Infinity,
  kind: "kubectl",
};

const OUTPUT: FlagSpec = {
  name: "output",
  short: "o",
  value: "FORMAT",
  kind: "choice",
  choices: ["json"],
  summary: `"json" for scripts`,
};
const REFRESH: FlagSpec = {
  name: "refresh",
  summary: "ask the server, whatever is remembered of it",
};
/** Of commands that change nothing: kubectl goes on with what it knows. */
const REFRESH_ONLY_HERE: FlagSpec = {
  name: "refresh",
  summary: "ask the server, and leave what is remembered of it as it is",
};
const KUBECONFIG: FlagSpec = {
  name: "kubeconfig",
  value: "FILE",
  kind: "file",
  summary: "the kubeconfig to read instead of KUBECONFIG and ~/.kube/config",
};

export const HELP_FLAG: FlagSpec = { name: "help", short: "h", summary: "show this help" };

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "kubectl",
    summary: "run the kubectl that fits the cluster",
    operands: KUBECTL_ARGS,
    description: [
      "Finds out which version the API server runs, picks a kubectl within one minor of it, downloads and verifies one if none is there, and becomes it. Every argument belongs to kubectl. A link named kubectl to kuberlr does the same.",
    ],
    flags: [],
    examples: [
      { command: "kuberlr kubectl get pods", comment: "What kubectl get pods says" },
      { command: "kuberlr link", comment: "From now on, kubectl is kuberlr" },
    ],
    exitStatuses: [
      { status: 126, meaning: "the kubectl that was found cannot be executed" },
      { status: 127, meaning: "no kubectl can be had" },
    ],
  },
  {
    name: "get",
    summary: "download kubectls",
    operands: { synopsis: "VERSION…", least: 1, most: Infinity, kind: "versions" },
    description: [
      "A VERSION is a release (1.30.2), a minor (1.30: its newest patch), stable (the newest release of all), or auto (what the current cluster needs). What is there already is not downloaded again. The path of each is printed.",
    ],
    flags: [
      {
        name: "platform",
        value: "GOOS/GOARCH",
        summary: "for another platform than this one, such as linux/arm64",
      },
      {
        name: "to",
        value: "DIR",
        kind: "directory",
        summary: "put them into this directory, of an image for instance",
      },
      {
        name: "mirror",
        summary: "with --to: lay the directory out as a mirror, checksums and stable.txt included",
      },
      { name: "context", value: "NAME", summary: "the context that auto means" },
      KUBECONFIG,
      REFRESH,
      OUTPUT,
    ],
    examples: [
      { command: "kuberlr get 1.30 1.31.4", comment: "The newest 1.30, and 1.31.4" },
      { command: "kuberlr get auto", comment: "What the current cluster needs" },
      {
        command: "kuberlr get auto --refresh",
        comment: "After the cluster was upgraded: the next kubectl knows",
      },
      {
        command: "kuberlr get 1.30 --platform linux/arm64 --to /srv/mirror --mirror",
        comment: "Fill a mirror",
      },
    ],
    exitStatuses: [{ status: 127, meaning: "one of them cannot be had" }],
  },
  {
    name: "bins",
    summary: "list the kubectls at hand",
    operands: NONE,
    description: [
      "Lists the kubectls in kuberlr's own folder (local) and in the directories of SystemPath (system), newest first.",
    ],
    flags: [OUTPUT],
    examples: [{ command: "kuberlr bins", comment: "Version, folder and path of each" }],
    exitStatuses: [],
  },
  {
    name: "which",
    summary: "print the path of the kubectl that would run",
    operands: KUBECTL_ARGS,
    description: [
      "Decides as kubectl ARGS would, and prints the path instead of running it. It downloads nothing. Without ARGS, a command that asks the server is meant. Flags of kuberlr stand before the first argument of kubectl.",
    ],
    flags: [REFRESH_ONLY_HERE],
    examples: [
      { command: "kuberlr which", comment: "For the current context" },
      { command: "kuberlr which --context prod get pods", comment: "For another one" },
    ],
    exitStatuses: [{ status: 127, meaning: "no kubectl can be had" }],
  },
  {
    name: "explain",
    summary: "tell how the kubectl for a command is chosen",
    operands: KUBECTL_ARGS,
    description: [
      "Decides as kubectl ARGS would, and tells the story: the files, the context and the server, where its version is known from, every kubectl that was looked at, and how long each step took. It downloads nothing and shows no secret. Without ARGS, a command that asks the server is meant. Flags of kuberlr stand before the first argument of kubectl.",
    ],
    flags: [REFRESH_ONLY_HERE, OUTPUT],
    examples: [
      { command: "kuberlr explain", comment: "For the current context" },
      {
        command: "kuberlr explain -o json --context prod get pods",
        comment: "For another one, as JSON",
      },
    ],
    exitStatuses: [],
  },
  {
    name: "clusters",
    summary: "list every context with its server's version and its kubectl",
    operands: NONE,
    description: [
      "Asks the server of every context of the kubeconfig at the same time, and shows its version, the age of the answer, the kubectl that would run (or has to be got first) and how many minors lie between the two.",
    ],
    flags: [
      { name: "get", summary: "download every kubectl that is missing" },
      KUBECONFIG,
      REFRESH,
      OUTPUT,
    ],
    examples: [
      { command: "kuberlr clusters", comment: "What runs where" },
      { command: "kuberlr clusters --get", comment: "Be ready for all of them" },
    ],
    exitStatuses: [{ status: 127, meaning: "with --get: one of them cannot be had" }],
  },
  {
    name: "prune",
    summary: "remove kubectls that no known cluster needs",
    operands: NONE,
    description: [
      "Keeps the kubectls that the pins and every remembered server, of whatever kubeconfig, would be given, those that a server was given last, and the newest. Removes the rest from kuberlr's own folder, if kuberlr installed them.",
    ],
    flags: [
      { name: "dry-run", summary: "only say what would be removed" },
      OUTPUT,
    ],
    examples: [{ command: "kuberlr prune --dry-run", comment: "What could go" }],
    exitStatuses: [],
  },
  {
    name: "skew",
    summary: "take a Kubernetes version string apart",
    operands: { synopsis: "VERSION", least: 1, most: 1, kind: "version" },
    description: [
      "Says what a gitVersion means: the release, the commits since its tag, the vendor's suffix; which kubectls may talk to such a server; which k8s.io Go modules and which row of client-go's compatibility table belong to it; and whether the minor is still supported.",
    ],
    flags: [OUTPUT],
    examples: [
      { command: "kuberlr skew v1.30.2-eks-1552ad0", comment: "A server's version" },
      { command: "kuberlr skew v1.36.0-alpha.1.139+150247a304f2cb", comment: "A CI build" },
    ],
    exitStatuses: [],
  },
  {
    name: "config",
    summary: "show every setting and where it comes from",
    operands: NONE,
    description: [
      "Settings are read from /usr/etc/kuberlr.conf, /etc/kuberlr.conf, ~/.kuberlr/kuberlr.conf and the file that KUBERLR_CFG names (TOML; the later file wins), then from the variables KUBERLR_<KEY>.",
    ],
    flags: [OUTPUT],
    examples: [
      { command: "kuberlr config", comment: "Key, value and origin" },
      { command: "KUBERLR_TIMEOUT=2 kuberlr config", comment: "A variable wins over every file" },
    ],
    exitStatuses: [],
  },
  {
    name: "link",
    summary: "put the kubectl link in place",
    operands: NONE,
    description: [
      "Makes a file named kubectl that starts kuberlr, and says whether PATH finds it first. Without --dir it goes beside kuberlr itself, or into ~/.local/bin.",
    ],
    flags: [
      {
        name: "dir",
        value: "DIR",
        kind: "directory",
        summary: "the directory to put it into",
      },
      { name: "force", summary: "replace a kubectl that is there and is not kuberlr's" },
    ],
    examples: [{ command: "kuberlr link --dir ~/bin", comment: "~/bin/kubectl is kuberlr" }],
    exitStatuses: [],
  },
  {
    name: "doctor",
    summary: "look for what is wrong with this installation",
    operands: NONE,
    description: [
      "Checks the configuration, the folders and their permissions, the kubectls and their checksums, PATH, the way of handing over, the mirror and the current cluster. Changes nothing.",
    ],
    flags: [OUTPUT],
    examples: [{ command: "kuberlr doctor", comment: "A line per check, and what to do" }],
    exitStatuses: [{ status: 1, meaning: "something is wrong" }],
  },
  {
    name: "completion",
    summary: "print the completion script of a shell",
    operands: { synopsis: SHELLS.join("|"), least: 1, most: 1, kind: "shell" },
    description: [
      "For kuberlr itself. The completion of kubectl is kubectl's own: kubectl completion SHELL.",
    ],
    flags: [],
    examples: [
      { command: "source <(kuberlr completion bash)", comment: "In ~/.bashrc" },
      { command: "source <(kuberlr completion zsh)", comment: "In ~/.zshrc, after compinit" },
      { command: "kuberlr completion fish | source", comment: "In config.fish" },
      {
        command: "kuberlr completion powershell | Out-String | Invoke-Expression",
        comment: "In $PROFILE",
      },
    ],
    exitStatuses: [],
  },
  {
    name: "version",
    summary: "print kuberlr's own version",
    operands: NONE,
    description: [
      "As Kubernetes states versions: gitVersion, gitCommit, gitTreeState, buildDate, platform. A checkout that was not built says so.",
    ],
    flags: [OUTPUT],
    examples: [{ command: "kuberlr version -o json", comment: "For a bug report" }],
    exitStatuses: [],
  },
  {
    name: "help",
    summary: "explain a command",
    operands: { synopsis: "[COMMAND]", least: 0, most: 1, kind: "command" },
    description: [`The same as "kuberlr COMMAND --help".`],
    flags: [],
    examples: [{ command: "kuberlr help get", comment: "All about get" }],
    exitStatuses: [],
  },
];

export function findCommand(name: string): CommandSpec | undefined {
  return COMMANDS.find((command) => command.name === name);
}
