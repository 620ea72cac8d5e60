/**
 * How kuberc reads kubectl's command line: before any flag is parsed, and so by looking at the bare
 * words.
 *
 * Rules: `getExplicitKuberc` and `searchInArgs` of k8s.io/kubectl/pkg/kuberc, oddities included.
 *
 * @module
 */
import { findShorthand } from "./argv.ts";

/**
 * The path of `--kuberc`: the first one, even where another flag swallows it. `""` where its value
 * is missing, which kubectl refuses; `undefined` where there is none.
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
 * Whether a default for this flag has to yield: it is mentioned anywhere, even behind `--`. Words
 * of letters alone are taken for shorthands: `-napps` mentions `-s`.
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

/** No command of kubectl's own, or `help`, which cobra adds only after kuberc has been applied. */
export function mayBeAlias(command: readonly string[]): boolean {
  return command.length === 0 || command[0] === "help";
}
