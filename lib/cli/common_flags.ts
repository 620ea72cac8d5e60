/**
 * Flags and operands that several commands share.
 *
 * @module
 */
import type { FlagSpec, Operands } from "./command_spec.ts";

export const NONE: Operands = { synopsis: "", min: 0, max: 0, kind: "none" };
export const KUBECTL_ARGS: Operands = {
  synopsis: "[ARGS…]",
  min: 0,
  max: Infinity,
  kind: "kubectl",
};

export const OUTPUT: FlagSpec = {
  name: "output",
  short: "o",
  value: "FORMAT",
  kind: "choice",
  choices: ["json"],
  summary: `"json" for scripts`,
};
export const REFRESH: FlagSpec = {
  name: "refresh",
  summary: "ask the server, whatever is remembered of it",
};
/** Of commands that change nothing: kubectl goes on with what it knows. */
export const REFRESH_ONLY_HERE: FlagSpec = {
  name: "refresh",
  summary: "ask the server, and leave what is remembered of it as it is",
};
export const KUBECONFIG: FlagSpec = {
  name: "kubeconfig",
  value: "FILE",
  kind: "file",
  summary: "the kubeconfig to read instead of KUBECONFIG and ~/.kube/config",
};

export const HELP_FLAG: FlagSpec = { name: "help", short: "h", summary: "show this help" };
