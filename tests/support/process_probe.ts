/**
 * A program that writes down everything the kernel says about its process, to compare how it starts
 * directly and through kuberlr. A shell script over Linux' /proc: it runs wherever a `/bin/sh` is.
 * What its shell adds (descriptor 10, its own signal handlers) it adds both times.
 *
 * @module
 */

/**
 * Text by name, made comparable: what differs between any two runs (times, counters, process ids)
 * is left out.
 */
export type ProcessState = Readonly<Record<string, string>>;

/**
 * Everything runs as a child of one shell that first does `before` and then becomes the command,
 * after `prefix`.
 */
export interface StartingState {
  /** Shell lines. */
  readonly before?: string;
  /**
   * What is to stand before the command: `["nice", "-n", "5"]`; `FOLDER` in it is the folder of the
   * probe's files.
   */
  readonly prefix?: readonly string[];
  /** A shell word each, quotes and substitutions included. */
  readonly args?: readonly string[];
  /** The whole environment; that of the tests if absent. */
  readonly environment?: Readonly<Record<string, string>>;
}

const COPIED = [
  "cmdline",
  "environ",
  "limits",
  "stat",
  "oom_score_adj",
  "coredump_filter",
];

/**
 * Writes the probe; it is larger than a script, so that in kuberlr's own folder it is taken for a
 * kubectl. It writes into the folder that `PROBE_DIR` names, and ends with the status that
 * `PROBE_STATUS` gives.
 */
export function writeProbe(path: string): string {
  const script = [
    "#!/bin/sh",
    // By children with redirections of their own: the shell's descriptors stay as they are.
    ...[...COPIED, "personality", "timerslack_ns"].map((name) =>
      `(cat "/proc/$$/${name}" > "$PROBE_DIR/${name}" 2>/dev/null)`
    ),
    // By the shell itself: while it waits for a child, it has every signal blocked.
    `while IFS= read -r line; do printf "%s\\n" "$line"; done ` +
    `< "/proc/$$/status" > "$PROBE_DIR/status"`,
    `readlink "/proc/$$/cwd" > "$PROBE_DIR/cwd"`,
    `(ls -l "/proc/$$/fd" > "$PROBE_DIR/fd")`,
    `(find "/proc/$$/fdinfo" -type f -exec grep -H "^flags" {} + > "$PROBE_DIR/fdinfo")`,
    `exit "\${PROBE_STATUS:-0}"`,
  ];
  Deno.writeTextFileSync(path, `${script.join("\n")}\n${"#\n".repeat(600_000)}`, { mode: 0o755 });
  Deno.chmodSync(path, 0o755);
  return path;
}

export interface Started {
  readonly state: ProcessState;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the command and reads what the probe, at its end, wrote down. `pty`: on a terminal, by
 * script(1).
 */
export async function startFrom(
  { before = "", prefix = [], args = [], environment }: StartingState,
  command: readonly string[],
  { pty = false }: { readonly pty?: boolean } = {},
): Promise<Started> {
  const folder = Deno.makeTempDirSync({ prefix: "kuberlr-probe-" });
  try {
    const words = [...prefix.map((word) => word.replace("FOLDER", folder)), ...command].map(quote)
      .join(" ");
    // `set --` first: the arguments must be the same words for both, whatever the redirections do
    // later.
    const script = `set -- ${args.join(" ")}\n` +
      `cut -d" " -f1,4 /proc/$$/stat > ${quote(folder)}/launcher\n${before}\nexec ${words} "$@"\n`;
    Deno.writeTextFileSync(`${folder}/start`, script);
    const [file, ...rest] = pty
      ? ["script", "-qec", `/bin/sh ${quote(`${folder}/start`)}`, "/dev/null"]
      : ["/bin/sh", `${folder}/start`];
    const output = await new Deno.Command(file!, {
      args: rest,
      env: { ...environment, PROBE_DIR: folder },
      clearEnv: environment !== undefined,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decoder = new TextDecoder();
    return {
      state: readState(folder),
      status: output.code,
      stdout: decoder.decode(output.stdout),
      stderr: decoder.decode(output.stderr),
    };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/**
 * Deno 2.6 refuses arguments that are not UTF-8 before anything runs, and what it compiles panics
 * at them.
 */
export function denoTakesBytes(): boolean {
  return new Deno.Command("/bin/sh", {
    args: ["-c", `exec "$0" eval "" "$(printf '\\377')"`, Deno.execPath()],
    stderr: "null",
  }).outputSync().success;
}

export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function readState(folder: string): ProcessState {
  const asBytes = String.fromCharCode(...new TextEncoder().encode(folder));
  const read = (name: string) => {
    try {
      // As bytes: no two of them become one character.
      return Array.from(Deno.readFileSync(`${folder}/${name}`), (b) => String.fromCharCode(b))
        .join("").replaceAll(asBytes, "FOLDER");
    } catch {
      return "(not written)";
    }
  };
  const [pid, parent] = read("launcher").trim().split(" ");
  const stat = read("stat");
  const [, ppid, group, session, terminal, foreground] = stat.slice(stat.lastIndexOf(")") + 2)
    .split(" ");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).trim().split(" ");
  const named = (id: string | undefined) =>
    id === pid ? "the launcher" : id === parent ? "its parent" : id === "-1" ? "none" : "another";
  const plain = Object.fromEntries(
    [...COPIED, "personality", "timerslack_ns"].map((name) => [name, read(name)]),
  );
  return {
    ...plain,
    environ: read("environ").split("\0").join("\n"),
    cmdline: read("cmdline").split("\0").join("|"),
    // Fields 18, 19, 40 and 41 of proc_pid_stat(5): priority, nice, real-time priority and policy.
    stat: [15, 16, 37, 38].map((index) => fields[index]).join(" "),
    pid: named(stat.split(" ")[0]),
    family: `parent: ${named(ppid)}, group: ${named(group)}, session: ${named(session)}, ` +
      `terminal: ${terminal !== "0"}, in foreground: ${group === foreground}`,
    status: read("status").split("\n").filter((line) => !VOLATILE.test(line)).map(withoutOwnSignals)
      .join("\n"),
    cwd: read("cwd"),
    fd: read("fd").split("\n").flatMap((line) => {
      const [, access, number, target = ""] = /^(\S+).* (\d+) -> (.*)$/.exec(line) ?? [];
      const known = target.replace(/\[\d+\]/, "").replace(/pts\/\d+/, "pts/N")
        .replace(/\/kubectl[^/]*$/, "/kubectl");
      return access === undefined ? [] : [`${number} ${access} ${known}`];
    }).toSorted().join("\n"),
    fdinfo: read("fdinfo").split("\n").map((line) => line.replace(/^.*\/fdinfo\//, "")).toSorted()
      .join("\n"),
  };
}

/**
 * 32 and 33 belong to glibc's threads: every program with threads takes them, and gives them back
 * as default.
 */
function withoutOwnSignals(line: string): string {
  return line.replace(
    /^(Sig(?:Ign|Blk):\s*)([0-9a-f]+)$/,
    (_, name, mask) => name + (BigInt(`0x${mask}`) & ~0x180000000n).toString(16),
  );
}

/** FDSize is how large the table of descriptors is: bash opens its script as number 255. */
const VOLATILE =
  /^(?:FDSize|Vm|Rss|Hugetlb|Threads|Pid|PPid|Tgid|Ngid|NS|SigQ|State|THP|untag|CoreDump|(?:non)?voluntary|x86|Speculation)/;
