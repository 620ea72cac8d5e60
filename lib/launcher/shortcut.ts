/**
 * A memo as shell code. The launcher sources a shortcut, which checks the memo's facts and names
 * the kubectl to become. If a fact has changed, it does nothing, and the launcher starts kuberlr.
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
 * Returns the key that the launcher finds by the words of a line; `undefined` if the memo's key has
 * more parts.
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
export interface MachineState {
  /**
   * The paths of {@linkcode ShortcutPlan.statChecks}, as {@linkcode StatFlavor}'s command prints
   * them.
   */
  readonly lines: readonly string[];
  readonly flavor: StatFlavor;
  /** Returns the value of a variable, with its secrets. */
  readonly variable: (name: string) => string | undefined;
  /** Returns the nearest folder above an absent path that exists. */
  readonly nearestFolder: (path: string) => string;
  readonly clock: ShortcutClock;
  /** The path to execute: a link named `kubectl` to the memo's kubectl. */
  readonly command: string;
}

export interface ShortcutClock {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** `undefined` if the system does not tell: then only the time of day limits the shortcut. */
  readonly boot: { readonly id: string; readonly uptimeSeconds: number } | undefined;
  /** The folder of `uptime` and `sys/kernel/random/boot_id`. */
  readonly proc: string;
}

export type Shortcut =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "none"; readonly reason: string };

export type ShortcutPlan =
  | {
    readonly kind: "plan";
    /** The paths whose `stat` is compared; kuberlr itself is the first. */
    readonly statChecks: readonly StatCheck[];
    readonly absent: readonly string[];
    readonly variables: readonly (readonly [name: string, value: string | null])[];
    readonly cwd: string | undefined;
  }
  | { readonly kind: "none"; readonly reason: string };

interface StatCheck {
  readonly path: string;
  /** The readings of the facts; none for kuberlr itself. */
  readonly seen: readonly Seen[];
  readonly mayBeLink: boolean;
}

/**
 * Lists the checks of a memo's shortcut, or says why it can have none. `program` is the file that
 * kuberlr runs from, `command` the link to the memo's kubectl.
 */
export function planShortcut(
  memo: Memo,
  { program, command }: { readonly program: string | undefined; readonly command: string },
): ShortcutPlan {
  if (memo.mode !== "exec") return none(`HandOff is "spawn"`);
  if (memo.warning !== null) return none("every such command repeats a warning");
  if (!memo.skipsLoopGuard) {
    return none("its kubectl is outside kuberlr's folder, or may be a script or a link");
  }
  if (program === undefined) return none("kuberlr does not run from a file");
  const statChecks = new Map<string, StatCheck>([[program, {
    path: program,
    seen: [],
    mayBeLink: true,
  }]]);
  const absent: string[] = [];
  const variables: [string, string | null][] = [];
  let cwd: string | undefined;
  for (const fact of memo.facts) {
    const refusal = uncheckableReason(fact);
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
          const { seen: earlier = [], mayBeLink = true } = statChecks.get(path) ?? {};
          statChecks.set(path, {
            path,
            seen: [...earlier, seen as Seen],
            mayBeLink: mayBeLink && kind !== "lstat",
          });
        }
      }
    }
  }
  if (!statChecks.has(memo.path)) return none("its facts do not include its kubectl");
  if (!isPath(command) || !isPath(program)) {
    return none(`"${command}" is not a path that a shell can compare`);
  }
  return { kind: "plan", statChecks: [...statChecks.values()], absent, variables, cwd };
}

/** The variables that a shell changes, or sets even if the environment does not have them. */
const SHELL_VARIABLES =
  /^(?:_|PWD|OLDPWD|PATH|IFS|SHLVL|PPID|PS[0-9]|OPT(?:IND|ARG|ERR)|LINENO|RANDOM|SECONDS|E?UID|GROUPS|HOST(?:NAME|TYPE)|MACHTYPE|OSTYPE|SHELL|TERM|COLUMNS|LINES|MAIL\w*|ENV|FUNCNAME|DIRSTACK|PIPESTATUS|SHELLOPTS|SRANDOM|EPOCH\w*|BASH\w*|KSH\w*|HIST\w*|COMP_?\w*|READLINE\w*|kl_\w*)$/;

/** Returns why a shell cannot check a fact; `undefined` if it can. */
function uncheckableReason(fact: Fact): string | undefined {
  const [kind, name, value] = fact;
  switch (kind) {
    case "env":
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || SHELL_VARIABLES.test(name)) {
        return `a shell cannot check the variable ${name}`;
      }
      return value === null || isLossless(value) ? undefined : `a shell cannot compare ${name}`;
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

/** Returns true if this is an absolute path that fits in a line of paths, separated by tabs. */
function isPath(path: string): boolean {
  return path.startsWith("/") && isLossless(path) && !/[\t\n]/.test(path);
}

/** Returns true if a string of Deno's holds the value byte for byte. */
function isLossless(value: string): boolean {
  return !value.includes("\uFFFD") && !value.includes("\0");
}

/** Returns the text of a memo's shortcut, or why there is none. */
export function renderShortcut(
  memo: Memo,
  plan: ShortcutPlan,
  machine: MachineState,
): Shortcut {
  if (plan.kind === "none") return plan;
  const { lines, flavor, variable, nearestFolder, clock, command } = machine;
  const changed = plan.statChecks.find(({ seen }, index) => !isAsSeen(lines[index], seen, flavor));
  if (lines.length !== plan.statChecks.length || changed !== undefined) {
    return none(`"${changed?.path ?? command}" has changed since the memo was written`);
  }
  const unset = plan.variables.filter(([, value]) => value === null).map(([name]) => name);
  // All tests are one command, because every command takes time. An operand is a path, or begins
  // with "x" or a digit, so it cannot be taken for an operator.
  const { readers, times } = testTimes(memo, clock);
  const tests = new Set<string>([
    // Only kuberlr can remove the counter against loops from the environment.
    `-z "${["KUBERLR_DEPTH", ...unset].map((name) => `\${${name}+x}`).join("")}"`,
    `"$kl_seen" = ${quoteShellWord(lines.join("\n"))}`,
    ...times,
  ]);
  const patterns: string[] = [];
  for (const [name, value] of plan.variables) {
    if (value === null) continue;
    const raw = variable(name);
    const pattern = raw === value ? undefined : proxyPattern(name, value, raw);
    if (raw === value) tests.add(`"x\${${name}-}" = ${quoteShellWord(`x${value}`)}`);
    else if (pattern === undefined) {
      return none(`the variable ${name} holds a secret, which is not stored`);
    } else patterns.push(`case "\${${name}-}" in ${pattern}) : ;; *) false ;; esac`);
  }
  if (plan.cwd !== undefined) tests.add(`. -ef ${quoteShellWord(plan.cwd)}`);
  for (const { path, mayBeLink } of plan.statChecks) {
    if (!mayBeLink) tests.add(`! -h ${quoteShellWord(path)}`);
  }
  for (const path of plan.absent) {
    const folder = nearestFolder(path);
    const next = path.slice(folder.length).replace(/^\/*/, "").replace(/\/.*$/s, "");
    if (next === "") return none(`"${path}" is there now`);
    const entry = quoteShellWord(`${folder === "/" ? "" : folder}/${next}`);
    // A missing file is certainly absent only if the folder can be searched. That is known if stat
    // reads a file below the folder.
    if (!plan.statChecks.some(({ path }) => path.startsWith(`${folder}/`))) {
      tests.add(`-d ${quoteShellWord(`${folder === "/" ? "" : folder}/.`)}`);
    }
    tests.add(`! -e ${entry}`).add(`! -h ${entry}`);
  }
  tests.add(`${quoteShellWord(command)} -ef ${quoteShellWord(memo.path)}`);
  // The file system may have been mounted "noexec" in the meantime.
  tests.add(`-x ${quoteShellWord(command)}`);
  const body = [
    ...readers,
    ...patterns,
    `[ ${[...tests].join(" -a ")} ]`,
    `kl_run=${quoteShellWord(command)}\n`,
  ].join(" &&\n");
  // The first path is kuberlr itself, which the launcher adds.
  const paths = plan.statChecks.slice(1).map(({ path }) => path);
  return { kind: "text", text: withSize(`\t${paths.join("\t")}\n${body}`) };
}

/** Puts `#1 SIZE` before the text, so that a truncated file does not have the size that it says. */
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
 * Returns a shell pattern for a proxy's variable whose value is stored without its secret;
 * `undefined` if no pattern fits only such values. `raw`: its value now.
 */
function proxyPattern(name: string, value: string, raw: string | undefined): string | undefined {
  // A proxy is stored without the part before its last "@": see describeVariable().
  if (raw === undefined || !/_proxy$/i.test(name) || /[@?]/.test(value)) return undefined;
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(value)?.[0] ?? "";
  const host = value.slice(scheme.length);
  if (!raw.startsWith(scheme) || !raw.endsWith(`@${host}`)) return undefined;
  // Without a scheme, the pattern would also fit a value with one.
  if (scheme === "") return undefined;
  return `${quoteShellWord(scheme)}*${quoteShellWord(`@${host}`)}`;
}

/**
 * Returns the tests that the memo is neither from the future nor expired. The time since the boot
 * is tested as well, so that a memo does not live longer if the clock is set back.
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
