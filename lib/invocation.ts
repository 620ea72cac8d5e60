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
    /** The name of the shortcut that the launcher looked for. */
    readonly shortcut?: string;
  }
  /** The name that it was called by is unknown. */
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
  // A guess could pass kubectl's arguments to kuberlr, or the other way round.
  if (argv0 === "") return { kind: "unknown", args };
  if (isKubectlName(argv0, platform)) return { kind: "kubectl", args };
  return args[0] === "kubectl"
    ? { kind: "kubectl", args: args.slice(1) }
    : { kind: "command", args };
}

/**
 * Returns true for `kubectl`, `my-kubectl`, `kubectl.exe`. On Windows, letter case does not count.
 */
function isKubectlName(argv0: string, { os }: Platform): boolean {
  const name = os === "windows" ? argv0.toLowerCase() : argv0;
  return name.endsWith("kubectl") || name.endsWith("kubectl.exe");
}
