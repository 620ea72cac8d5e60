/**
 * The specs of the commands about kuberlr itself: its settings, its place in PATH, its version.
 *
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { NONE } from "./common_flags.ts";

/** The shells that kuberlr has a completion script for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export const CONFIG: CommandSpec<"config"> = {
  name: "config",
  summary: "show every setting and where it comes from",
  operands: NONE,
  description: [
    "Settings are read from /usr/etc/kuberlr.conf, /etc/kuberlr.conf, ~/.kuberlr/kuberlr.conf and the file that KUBERLR_CFG names (TOML; the later file wins), then from the variables KUBERLR_<KEY>.",
  ],
  flags: [],
  examples: [
    { command: "kuberlr config", comment: "Key, value and origin" },
    { command: "KUBERLR_TIMEOUT=2 kuberlr config", comment: "A variable wins over every file" },
  ],
  json: `[{key, value, origin}]                 // origin: "default", a path, a variable`,
  exitStatuses: [],
};

export const LINK: CommandSpec<"link"> = {
  name: "link",
  summary: "install kuberlr as kubectl",
  operands: NONE,
  description: [
    "Installs a launcher named kubectl, and says if PATH finds it first, or how to change PATH. The launcher is a small shell script: it runs the kubectl that kuberlr remembers for a command, and starts kuberlr for every other command. An older launcher is replaced. If PATH has no kuberlr, link installs one beside the launcher. Without --dir, both go beside kuberlr itself, or into ~/.local/bin.",
  ],
  flags: [
    {
      name: "dir",
      value: "DIR",
      kind: "directory",
      summary: "the directory to install it into",
    },
    { name: "force", summary: "replace another kubectl that is already there" },
    {
      name: "symlink",
      summary: "make a symbolic link instead of a script, for images without a shell",
    },
  ],
  examples: [{ command: "kuberlr link --dir ~/bin", comment: "Install ~/bin/kubectl" }],
  exitStatuses: [],
};

export const UNLINK: CommandSpec<"unlink"> = {
  name: "unlink",
  summary: "remove what link has installed",
  operands: NONE,
  description: [
    "Removes kuberlr's kubectl from the directories of PATH and from ~/.local/bin, and a kuberlr that link installed beside it. Everything else stays: other kubectls, kuberlr itself, and ~/.kuberlr.",
  ],
  flags: [
    {
      name: "dir",
      value: "DIR",
      kind: "directory",
      summary: "the only directory to look in",
    },
  ],
  examples: [{ command: "kuberlr unlink", comment: "Says what it has removed" }],
  exitStatuses: [],
};

export const DOCTOR: CommandSpec<"doctor"> = {
  name: "doctor",
  summary: "look for problems with this installation",
  operands: NONE,
  description: [
    "Checks the configuration, the folders and their permissions, the kubectls and their checksums, PATH, the mirrors, the age of kuberlr, pins that have no effect, and the current cluster. It asks that cluster, and the next kubectl command uses the answer; it changes nothing else.",
  ],
  flags: [],
  examples: [{ command: "kuberlr doctor", comment: "One line per check, and what to do" }],
  json: `[{check, status: "ok" | "warning" | "error", finding, hint?}]`,
  exitStatuses: [{ status: 1, meaning: "it found an error" }],
};

export const COMPLETION: CommandSpec<"completion"> = {
  name: "completion",
  summary: "print the completion script of a shell",
  operands: { synopsis: SHELLS.join("|"), min: 1, max: 1, kind: "shell" },
  description: [
    "This is the completion of kuberlr. That of kubectl comes from kubectl: kubectl completion SHELL.",
  ],
  flags: [],
  examples: [
    { command: `eval "$(kuberlr completion bash)"`, comment: "In ~/.bashrc" },
    { command: "source <(kuberlr completion zsh)", comment: "In ~/.zshrc, after compinit" },
    { command: "kuberlr completion fish | source", comment: "In config.fish" },
    {
      command: "kuberlr completion powershell | Out-String | Invoke-Expression",
      comment: "In $PROFILE",
    },
  ],
  exitStatuses: [],
};

export const VERSION: CommandSpec<"version"> = {
  name: "version",
  summary: "print kuberlr's own version",
  operands: NONE,
  description: [
    "Prints it in the form that Kubernetes uses: gitVersion, gitCommit, gitTreeState, buildDate, platform. Between releases, the version ends in -dev and the commit. A checkout that was not built says so.",
  ],
  flags: [],
  examples: [{ command: "kuberlr version -o json", comment: "For a bug report" }],
  json: `{major, minor, gitVersion, gitCommit, gitTreeState, buildDate, platform, denoVersion}`,
  exitStatuses: [],
};

export const HELP: CommandSpec<"help"> = {
  name: "help",
  summary: "explain a command",
  operands: { synopsis: "[COMMAND]", min: 0, max: 1, kind: "command" },
  description: [`The same as "kuberlr COMMAND --help".`],
  flags: [],
  examples: [{ command: "kuberlr help get", comment: "All about get" }],
  exitStatuses: [],
};
