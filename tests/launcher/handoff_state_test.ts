/**
 * Compares what the kernel says about a kubectl that was started directly and about one that the
 * launcher became, from the same unusual starting states, in every installed shell.
 * `docs/dev/handoff.md` lists how a shell changes an environment.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { findStat } from "../../lib/launcher/steps/stat_command.ts";
import type { Memo } from "../../lib/memory/memo.ts";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { placeLauncher, rememberShortcut } from "../support/launcher_world.ts";
import { type MemoWorld, memoWorld } from "../support/memo_world.ts";
import {
  type ProcessState,
  type Started,
  startFrom,
  type StartingState,
  writeProbe,
} from "../support/process_probe.ts";
import { testInShells } from "../support/shells.ts";

const KUBECONFIG = `current-context: a
contexts: [{name: a, context: {cluster: a, user: u}}]
clusters: [{name: a, cluster: {server: "http://c"}}]
users: [{name: u, user: {token: t}}]
`;

/** It replaces the machine's environment, which may have variables that a shell sets itself. */
const ENVIRONMENT = { PATH: "/usr/bin:/bin", SHELL: "/bin/sh", TERM: "dumb" };

const STATES: Readonly<Record<string, StartingState>> = {
  "nothing odd": {},
  "ignored signals": { before: "trap '' HUP INT QUIT TSTP TTIN TTOU USR1 USR2 ALRM TERM PIPE" },
  "SIGCHLD ignored": { before: "trap '' CHLD" },
  "another umask": { before: "umask 027" },
  "lowered limits": {
    before: "ulimit -S -c 0; ulimit -S -s 4096; ulimit -t 1000; ulimit -S -n 99",
  },
  "extra descriptors": { before: "exec 3</dev/null 5>>/dev/null 7<>/dev/null 9<&0" },
  "stdin closed": { before: "exec 0<&-" },
  "stdout closed": { before: "exec 1>&-" },
  "stderr closed": { before: "exec 2>&-" },
  "every stream closed": { before: "exec 0<&- 1>&- 2>&-" },
  "a lower priority": { prefix: ["nice", "-n", "5"] },
  "another directory": { before: "cd /usr/lib" },
  "a directory that was deleted": {
    before: 'mkdir "$PROBE_DIR/gone"; cd "$PROBE_DIR/gone"; rmdir "$PROBE_DIR/gone"',
  },
  "variables that are not UTF-8": { before: `ODD="$(printf 'a\\377\\376b')"; export ODD` },
  "variables with odd names": {
    prefix: ["env", "a.b=1", "SPACE D=2", "1a=3", "EMPTY=", "LINES=a\nb=c", "ünï=4"],
  },
  "an exported function": {
    prefix: ["env", "BASH_FUNC_f%%=() {  echo f\n}", "BASH_FUNC_read%%=() { :; }"],
  },
  "what scripts stumble on": {
    before:
      "export ENV=/nowhere BASH_ENV=/nowhere CDPATH=/usr IFS=x POSIXLY_CORRECT=1 LC_ALL=C TZ=Asia/Tokyo",
  },
  "variables that bash sets itself": {
    prefix: ["env", "BASH_VERSION=1", "BASHOPTS=", "PPID=1", "RANDOM=1", "SHELLOPTS=braceexpand"],
  },
  "variables for Node and Deno": { before: "export NODE_OPTIONS=--x DENO_V8_FLAGS=--y" },
  "odd arguments": {
    args: [
      "get",
      `' a  b '`,
      `"$(printf 'line\\nbreak')"`,
      `"$(printf '\\377')"`,
      `'é日本'`,
      `'*'`,
      "-o=",
      "--",
      `''`,
      "--context",
    ],
  },
  "an inherited status": { before: "PROBE_STATUS=7; export PROBE_STATUS" },
};

for (const [name, starting] of Object.entries(STATES)) {
  testInShells(
    `the launcher leaves no trace with ${name}`,
    async ({ name: shell, interpreter }) => {
      using world = memoWorld.build(
        {
          files: { kubeconfig: KUBECONFIG },
          kubectls: [{ folder: "local", version: "1.30.1" }],
          variables: [],
          servers: ["v1.30.2", "v1.30.2", "v1.30.2"],
          args: ["get"],
          changes: [],
        },
        true,
      );
      const probe = writeProbe(`${world.root}/home/.kuberlr/linux-amd64/kubectl1.30.1`);
      const stat = (await findStat(world.host))!;
      const memo = await rememberShortcut(world, stat);
      assertEquals(memo?.shortcut, "");
      placeLauncher(world, interpreter, stat);
      world.change({ kind: "time", seconds: 1 });
      const direct = await start(world, memo!, starting, probe);
      const through = await start(world, memo!, starting, `${world.root}/kubectl`);
      assertMatch(through.state.cmdline!, /^[^|]*\|[^|]*\/kubectl\|/);
      assertEquals(comparable(through, shell), comparable(direct, shell));
    },
  );
}

function start(
  world: MemoWorld,
  memo: Memo,
  starting: StartingState,
  program: string,
): Promise<Started> {
  world.proc();
  // Restores the environment that the memo was made in; the tests may run in another.
  const variables = memo.facts.flatMap((fact) =>
    fact[0] !== "env"
      ? []
      : fact[2] === null
      ? [`unset ${fact[1]}`]
      : [`export ${fact[1]}=${quoteShellWord(fact[2])}`]
  );
  const { before = "", args = ["get"] } = starting;
  return startFrom(
    { environment: ENVIRONMENT, ...starting, args, before: `${variables.join("\n")}\n${before}` },
    [program],
  );
}

/** Leaves out the shell's own variables, and variables whose names a shell cannot hold. */
function comparable(started: Started, shell: string): Started {
  const own = shell === "bash"
    ? /^(?:PWD|OLDPWD|SHLVL|_|IFS|PPID|RANDOM|BASH_VERSION|BASHOPTS|SHELLOPTS)=/
    : /^(?:PWD|OLDPWD|SHLVL|_|IFS|PPID)=/;
  const cannotHave = shell === "bash" ? /^$/ : /^(?![A-Za-z_][A-Za-z0-9_]*=)/;
  const { environ = "", cmdline = "", status = "", ...state } = started.state;
  const variables = entriesOf(environ)
    .filter((entry) => !own.test(entry) && !cannotHave.test(entry)).toSorted();
  const arguments_ = cmdline.replace(/^([^|]*\|)[^|]*/, "$1");
  // A shell that starts in a deleted directory prints a message before it runs the script.
  const stderr = started.stderr.replace(/^.*(?:getcwd|shell-init).*\n/gm, "");
  const comparable: ProcessState = {
    ...state,
    // The process has the name of the link.
    status: status.replace(/^Name:.*/m, ""),
    environ: variables.join("\n"),
    cmdline: arguments_,
  };
  return { ...started, stderr, state: comparable };
}

/** Splits the environment into lines. A value with line ends becomes several of them. */
function entriesOf(environ: string): readonly string[] {
  return environ.split("\n");
}
