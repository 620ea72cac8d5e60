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
  choices: { json: "for scripts" },
  summary: `"json" for scripts`,
};
export const REFRESH: FlagSpec = {
  name: "refresh",
  summary: "ask the server even if its version is remembered",
};
export const CONTEXT: FlagSpec = {
  name: "context",
  value: "NAME",
  kind: "context",
  summary: "the context that auto means",
};
export const KUBECONFIG: FlagSpec = {
  name: "kubeconfig",
  value: "FILE",
  kind: "file",
  summary: "the kubeconfig to read instead of KUBECONFIG and ~/.kube/config",
};

export const HELP_FLAG: FlagSpec = { name: "help", short: "h", summary: "show this help" };
