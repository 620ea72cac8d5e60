/**
 * Reads kubectl's command line as kuberc does: it looks at the bare words, before any flag is
 * parsed.
 *
 * Rules: `getExplicitKuberc` and `searchInArgs` of k8s.io/kubectl/pkg/kuberc, oddities included.
 *
 * @module
 */
import { findShorthand } from "./argv.ts";

/**
 * Returns the path of the first `--kuberc`, even if it is the value of another flag; `""` if its
 * value is missing, which kubectl refuses; `undefined` if there is none.
 */
export function findKubercFlag(args: readonly string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg === "--") return undefined;
    if (arg === "--kuberc") return args[index + 1] ?? "";
    if (arg.includes("--kuberc=")) return arg.split("=")[1];
  }
  return undefined;
}

/**
 * Returns true if the line mentions a flag anywhere, even after `--`: kuberc's default for it is
 * ignored then. A word of letters counts as shorthands: `-napps` mentions `-s`.
 */
export function mentionsFlag(args: readonly string[], flag: string, path: string): boolean {
  const letter = findShorthand(flag, path);
  return args.some((arg) => {
    if (arg[0] !== "-") return false;
    if (arg === `--${flag}` || arg.startsWith(`--${flag}=`)) return true;
    if (letter === undefined || arg[1] === "-") return false;
    return arg[1] === letter || (arg.includes(letter) && /^-[a-zA-Z]+$/.test(arg));
  });
}

/**
 * Returns true for a word that is not a command of kubectl, and for `help`, which cobra adds only
 * after kuberc has been applied.
 */
export function mayBeAlias(command: readonly string[]): boolean {
  return command.length === 0 || command[0] === "help";
}
