/**
 * A memo as shell code. Sourced by the launcher, a shortcut checks what the memo rests on and names
 * the kubectl to become; where anything has changed it does nothing, and the launcher starts
 * kuberlr.
 *
 * No shortcut is written if its checks would be weaker than kuberlr's own.
 *
 * @module
 */
import { encodeUtf8 } from "../encoding/utf8.ts";
import type { CommandLine } from "../kubectl/argv.ts";
import { findKubercFlag } from "../kubectl/kuberc_argv.ts";
import type { Need } from "../kubectl/need.ts";
import type { Memo } from "../memory/memo.ts";
import type { Fact, Seen } from "../readings/fact.ts";
import { NAMED_FLAGS, type ShortcutKey } from "./command_words.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import { parseStatLine, type StatFlavor } from "./stat_format.ts";

/**
 * The key that the launcher can tell from the words; `undefined` where the memo's key holds more.
 */
export function shortcutKey(
  line: CommandLine,
  need: Need,
  kubeconfigs: string | undefined,
): ShortcutKey | undefined {
  const { globals } = line;
  const isNamed = (flag: string) => (NAMED_FLAGS as readonly string[]).includes(flag);
  if (!Object.keys(globals).every(isNamed) || findKubercFlag(line.args) !== undefined) {
    return undefined;
  }
  return {
    kind: need.kind,
    context: globals.context,
    kubeconfig: globals.kubeconfig,
    kubeconfigs: kubeconfigs || undefined,
  };
}

/** The state of the machine that a shortcut is written from. */
export interface Surroundings {
  /**
   * The paths of {@linkcode ShortcutPlan.looks}, as {@linkcode StatFlavor}'s command prints them.
   */
  readonly lines: readonly string[];
  readonly flavor: StatFlavor;
  /** The raw value of a variable. */
  readonly variable: (name: string) => string | undefined;
  /** The folder by which an absent path is told: the nearest one that exists. */
  readonly nearestFolder: (path: string) => string;
  readonly clock: ShortcutClock;
  /** The path to execute: a link to the memo's kubectl whose last part is `kubectl`. */
  readonly command: string;
}

/**
 * Seconds. `boot` is `undefined` without such a clock: the time of day alone bounds the shortcut
 * then.
 */
export interface ShortcutClock {
  readonly nowMs: number;
  readonly boot: { readonly id: string; readonly uptimeSeconds: number } | undefined;
  /** Where `uptime` and `sys/kernel/random/boot_id` are. */
  readonly proc: string;
}

export type Shortcut =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "none"; readonly reason: string };

export type ShortcutPlan =
  | {
    readonly kind: "plan";
    /** The paths whose `stat` is compared, kuberlr itself being the first. */
    readonly looks: readonly Look[];
    readonly absent: readonly string[];
    readonly variables: readonly (readonly [name: string, value: string | null])[];
    readonly cwd: string | undefined;
  }
  | { readonly kind: "none"; readonly reason: string };

interface Look {
  readonly path: string;
  /** Derived from the facts alone, not from kuberlr itself. */
  readonly seen: readonly Seen[];
  readonly mayBeLink: boolean;
}

/**
 * Lists what a memo's shortcut has to check, or says why there is none. `program` is the file that
 * kuberlr runs from, `command` the link to the memo's kubectl.
 */
export function planShortcut(
  memo: Memo,
  { program, command }: { readonly program: string | undefined; readonly command: string },
): ShortcutPlan {
  if (memo.mode !== "exec") return none(`HandOff is "spawn"`);
  if (memo.warning !== null) return none("every such command repeats a warning");
  if (!memo.skipsLoopGuard) return none("its kubectl is not in kuberlr's own folder");
  if (program === undefined) return none("kuberlr does not run from a file");
  const looks = new Map<string, Look>([[program, { path: program, seen: [], mayBeLink: true }]]);
  const absent: string[] = [];
  const variables: [string, string | null][] = [];
  let cwd: string | undefined;
  for (const fact of memo.facts) {
    const refusal = refuse(fact);
    if (refusal !== undefined) return none(refusal);
    switch (fact[0]) {
      case "env":
        variables.push([fact[1], fact[2]]);
        break;
      case "cwd":
        cwd = fact[2] ?? undefined;
        break;
      default: {
        const [kind, path, seen] = fact;
        if (seen === "absent") absent.push(path);
        else {
          const { seen: earlier = [], mayBeLink = true } = looks.get(path) ?? {};
          looks.set(path, {
            path,
            seen: [...earlier, seen as Seen],
            mayBeLink: mayBeLink && kind !== "lstat",
          });
        }
      }
    }
  }
  if (!looks.has(memo.path)) return none("nothing was noted down of its kubectl");
  if (!isPath(command) || !isPath(program)) return none(`"${command}" is not a path for a shell`);
  return { kind: "plan", looks: [...looks.values()], absent, variables, cwd };
}

/** Names that a shell changes for itself, or has where the environment has none. */
const SHELL_VARIABLES =
  /^(?:_|PWD|OLDPWD|PATH|IFS|SHLVL|PPID|PS[0-9]|OPT(?:IND|ARG|ERR)|LINENO|RANDOM|SECONDS|E?UID|GROUPS|HOST(?:NAME|TYPE)|MACHTYPE|OSTYPE|SHELL|TERM|COLUMNS|LINES|MAIL\w*|ENV|FUNCNAME|DIRSTACK|PIPESTATUS|SHELLOPTS|SRANDOM|EPOCH\w*|BASH\w*|KSH\w*|HIST\w*|COMP_?\w*|READLINE\w*|kl_\w*)$/;

/** Why a fact cannot be told in shell; `undefined` for one that can. */
function refuse(fact: Fact): string | undefined {
  const [kind, name, value] = fact;
  switch (kind) {
    case "env":
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || SHELL_VARIABLES.test(name)) {
        return `a shell cannot tell the variable ${name}`;
      }
      return value === null || isTellable(value) ? undefined : `a shell cannot compare ${name}`;
    case "cwd":
      if (value === null) return "the working directory has been deleted";
      return isPath(value) ? undefined : "a shell cannot compare the working directory";
    case "stat":
    case "lstat":
    case "text":
    case "bytes":
    case "list":
      if (!isPath(name)) return `"${name}" is not a path that a shell can compare`;
      if (fact[3] !== undefined) return `"${name}" has only just changed`;
      if (value === "absent") return undefined;
      if (!Array.isArray(value)) return `"${name}" cannot be checked: ${value}`;
      return value[0] === "link" ? `"${name}" is a link` : undefined;
    default:
      return `it rests on a fact of another kind: ${kind}`;
  }
}

/** Whether it is an absolute path that fits in a line of paths, separated by tabs. */
function isPath(path: string): boolean {
  return path.startsWith("/") && isTellable(path) && !/[\t\n]/.test(path);
}

/** Whether Deno has told the value byte for byte. */
function isTellable(value: string): boolean {
  return !value.includes("\uFFFD") && !value.includes("\0");
}

/** The text of a memo's shortcut, or why there is none. */
export function renderShortcut(
  memo: Memo,
  plan: ShortcutPlan,
  surroundings: Surroundings,
): Shortcut {
  if (plan.kind === "none") return plan;
  const { lines, flavor, variable, nearestFolder, clock, command } = surroundings;
  const changed = plan.looks.find(({ seen }, index) => !isAsSeen(lines[index], seen, flavor));
  if (lines.length !== plan.looks.length || changed !== undefined) {
    return none(`"${changed?.path ?? command}" is not what the memo says any more`);
  }
  const unset = plan.variables.filter(([, value]) => value === null).map(([name]) => name);
  // One command for all tests: each command takes its time. An operand is a path, or begins with
  // "x" or a digit, so that a word is not taken for an operator.
  const { readers, times } = testTimes(memo, clock);
  const tests = new Set<string>([
    // The counter against loops has to go, and that is kuberlr's to do.
    `-z "${["KUBERLR_DEPTH", ...unset].map((name) => `\${${name}+x}`).join("")}"`,
    `"$kl_seen" = ${quoteShellWord(lines.join("\n"))}`,
    ...times,
  ]);
  const patterns: string[] = [];
  for (const [name, value] of plan.variables) {
    if (value === null) continue;
    const raw = variable(name);
    const pattern = raw === value ? undefined : patternOf(name, value, raw);
    if (raw === value) tests.add(`"x\${${name}-}" = ${quoteShellWord(`x${value}`)}`);
    else if (pattern === undefined) {
      return none(`the variable ${name} is stored without its secret`);
    } else patterns.push(`case "\${${name}-}" in ${pattern}) : ;; *) false ;; esac`);
  }
  if (plan.cwd !== undefined) tests.add(`. -ef ${quoteShellWord(plan.cwd)}`);
  for (const { path, mayBeLink } of plan.looks) {
    if (!mayBeLink) tests.add(`! -h ${quoteShellWord(path)}`);
  }
  for (const path of plan.absent) {
    const folder = nearestFolder(path);
    const next = path.slice(folder.length).replace(/^\/*/, "").replace(/\/.*$/s, "");
    if (next === "") return none(`"${path}" is there now`);
    const entry = quoteShellWord(`${folder === "/" ? "" : folder}/${next}`);
    // Only in a folder that can be searched is a missing file certain to be absent. Where stat
    // tells of a file below it, it can be.
    if (!plan.looks.some(({ path }) => path.startsWith(`${folder}/`))) {
      tests.add(`-d ${quoteShellWord(`${folder === "/" ? "" : folder}/.`)}`);
    }
    tests.add(`! -e ${entry}`).add(`! -h ${entry}`);
  }
  tests.add(`${quoteShellWord(command)} -ef ${quoteShellWord(memo.path)}`);
  // Not on a file system that was mounted "noexec" in the meantime.
  tests.add(`-x ${quoteShellWord(command)}`);
  const body = [
    ...readers,
    ...patterns,
    `[ ${[...tests].join(" -a ")} ]`,
    `kl_run=${quoteShellWord(command)}\n`,
  ].join(" &&\n");
  // Kuberlr itself is the launcher's to name.
  const paths = plan.looks.slice(1).map(({ path }) => path);
  return { kind: "text", text: withSize(`\t${paths.join("\t")}\n${body}`) };
}

/** `#1 SIZE` before the rest: a file that was cut off says another size than it has. */
function withSize(rest: string): string {
  const bytes = encodeUtf8(rest).length;
  for (let digits = 1;; digits++) {
    const size = String(bytes + digits + 3);
    if (size.length === digits) return `#1 ${size}${rest}`;
  }
}

function isAsSeen(
  line: string | undefined,
  seen: readonly Seen[],
  flavor: StatFlavor,
): boolean {
  const stat = line === undefined ? undefined : parseStatLine(line, flavor);
  if (stat === undefined) return false;
  const { kind, mode, uid, dev, ino, size, mtimeMs, ctimeMs } = stat;
  const now = [kind, mode, uid, dev, ino, size, mtimeMs, ctimeMs];
  return seen.every((each) =>
    typeof each !== "string" && each.every((value, index) => value === now[index])
  );
}

/**
 * The pattern of a proxy's variable whose value is stored without its secret; `undefined` where no
 * pattern says the same. `raw`: its value now.
 */
function patternOf(name: string, value: string, raw: string | undefined): string | undefined {
  // A proxy is stored without what stands before its last "@": see describeVariable().
  if (raw === undefined || !/_proxy$/i.test(name) || /[@?]/.test(value)) return undefined;
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(value)?.[0] ?? "";
  const host = value.slice(scheme.length);
  if (!raw.startsWith(scheme) || !raw.endsWith(`@${host}`)) return undefined;
  // Without a scheme, the pattern would also fit a value with one.
  if (scheme === "") return undefined;
  return `${quoteShellWord(scheme)}*${quoteShellWord(`@${host}`)}`;
}

/**
 * A memo from the future is not believed, and one that has expired is not either. The time since
 * the machine was started bounds it as well, so that it does not live longer where a clock is set
 * back.
 */
function testTimes(
  memo: Memo,
  { nowMs, boot, proc }: ShortcutClock,
): { readonly readers: readonly string[]; readonly times: readonly string[] } {
  const since = `"$kl_now" -ge ${Math.ceil(memo.writtenAtMs / 1000)}`;
  if (memo.expiresAtMs === null) return { readers: [], times: [since] };
  const times = [since, `"$kl_now" -lt ${Math.floor(memo.expiresAtMs / 1000)}`];
  if (boot === undefined) return { readers: [], times };
  const from = Math.floor(boot.uptimeSeconds);
  const until = Math.floor(from + (memo.expiresAtMs - nowMs) / 1000);
  return {
    readers: [
      `read -r kl_up kl_rest <${quoteShellWord(`${proc}/uptime`)}`,
      `read -r kl_boot <${quoteShellWord(`${proc}/sys/kernel/random/boot_id`)}`,
    ],
    times: [
      ...times,
      `"\${kl_up%%.*}" -ge ${from}`,
      `"\${kl_up%%.*}" -lt ${until}`,
      `"x$kl_boot" = ${quoteShellWord(`x${boot.id}`)}`,
    ],
  };
}

function none(reason: string): { readonly kind: "none"; readonly reason: string } {
  return { kind: "none", reason };
}
