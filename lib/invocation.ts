/**
 * Decides how this program was called: as kubectl, with kubectl's arguments, or by its own name,
 * with a management command. A link, a copy or a shim that is named like kubectl is enough.
 *
 * @module
 */
import type { Platform } from "./platform.ts";

export type Invocation =
  /** Every argument belongs to kubectl. */
  | {
    readonly kind: "kubectl";
    readonly args: readonly string[];
    /** The shortcut that the launcher has looked for. */
    readonly shortcut?: string;
  }
  /** Nothing tells which name it was called by. */
  | { readonly kind: "unknown"; readonly args: readonly string[] }
  /** A management command and its arguments. */
  | { readonly kind: "command"; readonly args: readonly string[] };

/**
 * The argument that `deno install -g -n kubectl URL -- --as-kubectl` writes into its shim: Deno
 * tells a script its own name, never the shim's. The launcher appends `=` and the name of the
 * shortcut that it has looked for.
 */
export const AS_KUBECTL = "--as-kubectl";

export function parseInvocation(
  argv0: string,
  args: readonly string[],
  platform: Platform,
): Invocation {
  const [first, ...others] = args;
  if (first === AS_KUBECTL) return { kind: "kubectl", args: others };
  if (first?.startsWith(`${AS_KUBECTL}=`)) {
    return { kind: "kubectl", args: others, shortcut: first.slice(AS_KUBECTL.length + 1) };
  }
  // Which of the two it is must not be guessed.
  if (argv0 === "") return { kind: "unknown", args };
  if (isKubectlName(argv0, platform)) return { kind: "kubectl", args };
  return args[0] === "kubectl"
    ? { kind: "kubectl", args: args.slice(1) }
    : { kind: "command", args };
}

/**
 * Returns whether a file of this name is called as kubectl: `kubectl`, `my-kubectl`, `kubectl.exe`.
 */
function isKubectlName(argv0: string, { os }: Platform): boolean {
  const name = os === "windows" ? argv0.toLowerCase() : argv0;
  return name.endsWith("kubectl") || name.endsWith("kubectl.exe");
}
