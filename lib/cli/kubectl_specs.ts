/**
 * The specs of the commands that run, get, list and remove kubectls.
 *
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { CONTEXT, KUBECONFIG, KUBECTL_ARGS, NONE, REFRESH } from "./common_flags.ts";

export const KUBECTL: CommandSpec<"kubectl"> = {
  name: "kubectl",
  summary: "run the kubectl that fits the cluster",
  operands: KUBECTL_ARGS,
  description: [
    "Finds out which version the API server runs, picks a kubectl within one minor of it, downloads and verifies one if none is installed, and becomes it. Every argument belongs to kubectl. A link to kuberlr that is named kubectl does the same.",
  ],
  flags: [],
  examples: [
    { command: "kuberlr kubectl get pods", comment: "Run kubectl get pods" },
    { command: "kuberlr link", comment: "Make kubectl in your PATH run kuberlr" },
  ],
  exitStatuses: [
    { status: 126, meaning: "the kubectl that was found cannot be executed" },
    { status: 127, meaning: "no kubectl is available" },
  ],
};

/** The platforms that upstream builds kubectl for, and kuberlr runs on. */
const PLATFORMS: Readonly<Record<string, string>> = {
  "linux/amd64": "Linux on Intel and AMD",
  "linux/arm64": "Linux on ARM",
  "darwin/amd64": "macOS on Intel",
  "darwin/arm64": "macOS on Apple silicon",
  "windows/amd64": "Windows on Intel and AMD",
  "windows/arm64": "Windows on ARM",
};

export const GET: CommandSpec<"get"> = {
  name: "get",
  summary: "download kubectls",
  operands: { synopsis: "VERSION…", min: 0, max: Infinity, kind: "versions" },
  description: [
    "A VERSION is a release (1.30.2, or the version of a server: v1.30.2-eks-1552ad0), a minor (1.30: its newest patch), stable or latest (the newest release of all), or auto (the kubectl that fits the current cluster). An installed kubectl is not downloaded again. The path of each is printed. prune keeps the kubectls that get was asked for by name.",
  ],
  flags: [
    {
      name: "platform",
      value: "GOOS/GOARCH",
      choices: PLATFORMS,
      summary: "for another platform, for example linux/arm64",
    },
    {
      name: "to",
      value: "DIR",
      kind: "directory",
      summary: "put them into this directory, for example in an image",
    },
    {
      name: "mirror",
      summary: "with --to: make the directory a mirror, with checksums and stable.txt",
    },
    {
      name: "from",
      value: "FILE",
      kind: "file",
      summary: "also the versions in FILE, one per line; # begins a comment",
    },
    {
      name: "lock",
      value: "FILE",
      kind: "file",
      summary:
        "use the releases and digests in FILE, and add missing versions to it; without VERSION: everything in FILE",
    },
    CONTEXT,
    KUBECONFIG,
    REFRESH,
  ],
  examples: [
    { command: "kuberlr get 1.30 1.31.4", comment: "The newest 1.30, and 1.31.4" },
    { command: "kuberlr get auto", comment: "The kubectl that fits the current cluster" },
    {
      command: "kuberlr get auto --refresh",
      comment: "After the cluster was upgraded",
    },
    {
      command: "kuberlr get 1.30 --lock kubectl.lock",
      comment: "In a pipeline: the same bytes tomorrow",
    },
    {
      command: "kuberlr get 1.30 --platform linux/arm64 --to /srv/mirror --mirror",
      comment: "Fill a mirror",
    },
  ],
  json: `[{wanted, version?, path?, status: "downloaded" | "present" | "failed", error?}]`,
  exitStatuses: [
    { status: 1, meaning: "only some of several versions are available" },
    { status: 127, meaning: "none of them is available" },
  ],
};

export const BINS: CommandSpec<"bins"> = {
  name: "bins",
  summary: "list the installed kubectls",
  operands: NONE,
  description: [
    "Lists the kubectls in kuberlr's own folder (local) and in the directories of SystemPath (system), newest first.",
  ],
  flags: [],
  examples: [{ command: "kuberlr bins", comment: "Version, folder and path of each" }],
  json:
    `[{version, path, source: "local" | "system", digest: "pinned" | "mirror" | "none", signature: "none" | "verified" | "invalid"}]`,
  exitStatuses: [],
};

export const PRUNE: CommandSpec<"prune"> = {
  name: "prune",
  summary: "remove kubectls that no known cluster needs",
  operands: NONE,
  description: [
    "Keeps every kubectl that a pin or a known server would use or used last, those that get was asked for by name, and the newest. Removes the rest from kuberlr's own folder, if kuberlr installed them.",
  ],
  flags: [
    { name: "dry-run", summary: "only say what would be removed" },
    { name: "all", summary: "also those that get was asked for by name" },
  ],
  examples: [{ command: "kuberlr prune --dry-run", comment: "What would be removed" }],
  json: `[{version, path, bytes, removed}]`,
  exitStatuses: [],
};
