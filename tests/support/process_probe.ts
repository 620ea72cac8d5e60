/**
 * A program that writes down everything the kernel says about its process, to compare a direct
 * start with one through kuberlr. It is a shell script that reads Linux' /proc, so it runs wherever
 * `/bin/sh` exists. The shell's own additions (descriptor 10, its signal handlers) are the same in
 * both starts.
 *
 * @module
 */

/**
 * Texts by name, made comparable: values that differ between any two runs (times, counters, process
 * ids) are left out.
 */
export type ProcessState = Readonly<Record<string, string>>;

/**
 * Everything runs as a child of one shell, which first executes `before` and then becomes the
 * command, preceded by `prefix`.
 */
export interface StartingState {
  /** Lines of shell code. */
  readonly before?: string;
  /**
   * Words before the command, for example `["nice", "-n", "5"]`. `FOLDER` in them is replaced by
   * the folder of the probe's files.
   */
  readonly prefix?: readonly string[];
  /** Shell words, including quotes and substitutions. */
  readonly args?: readonly string[];
  /** The whole environment; the tests' environment if absent. */
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
 * Writes the probe. It is larger than a script, so that it counts as a kubectl in kuberlr's own
 * folder. It writes into the folder that `PROBE_DIR` names, and ends with the status in
 * `PROBE_STATUS`.
 */
export function writeProbe(path: string): string {
  const script = [
    "#!/bin/sh",
    // Children with redirections of their own read these, so the shell's descriptors stay
    // unchanged.
    ...[...COPIED, "personality", "timerslack_ns"].map((name) =>
      `(cat "/proc/$$/${name}" > "$PROBE_DIR/${name}" 2>/dev/null)`
    ),
    // The shell itself reads this: while it waits for a child, it blocks every signal.
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
 * Starts the command and reads what the probe wrote down at its end. `pty` starts it on a terminal,
 * by script(1).
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
    // `set --` comes first: both starts must get the same words, even if redirections follow.
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
 * Returns true if Deno passes arguments that are not UTF-8. Deno 2.6 refuses them before anything
 * runs, and executables that it compiles panic.
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
      // Reads bytes, so that two of them do not become one character.
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
 * Removes signals 32 and 33. They belong to glibc's threads: every program with threads takes them,
 * and resets them to the default.
 */
function withoutOwnSignals(line: string): string {
  return line.replace(
    /^(Sig(?:Ign|Blk):\s*)([0-9a-f]+)$/,
    (_, name, mask) => name + (BigInt(`0x${mask}`) & ~0x180000000n).toString(16),
  );
}

/** FDSize is the size of the table of descriptors: bash opens its script as number 255. */
const VOLATILE =
  /^(?:FDSize|Vm|Rss|Hugetlb|Threads|Pid|PPid|Tgid|Ngid|NS|SigQ|State|THP|untag|CoreDump|(?:non)?voluntary|x86|Speculation)/;
