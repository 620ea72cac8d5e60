/**
 * The keys of a real terminal, with a kubectl that the launcher has become: Ctrl-C, Ctrl-\ and
 * Ctrl-Z have the same effect as on a kubectl that a shell starts itself. A shell ignores or
 * catches some of these signals while it runs a script, and must restore them.
 */
import { assertEquals } from "@std/assert";
import { findStat } from "../../lib/launcher/steps/stat_command.ts";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { placeLauncher, rememberShortcut } from "../support/launcher_world.ts";
import { memoWorld } from "../support/memo_world.ts";
import { shells } from "../support/shells.ts";
import {
  CTRL_BACKSLASH,
  CTRL_C,
  CTRL_Z,
  missingTerminal,
  openTerminal,
  type TerminalSession,
} from "../support/terminal_session.ts";

const KUBECONFIG = `current-context: a
contexts: [{name: a, context: {cluster: a, user: u}}]
clusters: [{name: a, cluster: {server: "http://c"}}]
users: [{name: u, user: {token: t}}]
`;

interface Key {
  /** The kubectl, as shell code. */
  readonly script: string;
  readonly press: (terminal: TerminalSession, pid: number) => Promise<void>;
}

const WAITING = `echo "ready $$."; exec sleep 60`;

/** The terminal's shell prints the status after each of them. */
const KEYS: Readonly<Record<string, Key & { readonly status: number }>> = {
  "Ctrl-C ends it": { script: WAITING, press: (terminal) => terminal.type(CTRL_C), status: 130 },
  "Ctrl-\\ ends it": {
    script: `ulimit -c 0; ${WAITING}`,
    press: (terminal) => terminal.type(CTRL_BACKSLASH),
    status: 131,
  },
  "Ctrl-Z stops it and fg continues it": {
    // It only uses the processor: a `wait` could begin just after the trap has run, and would not
    // end; a command could be stopped between vfork and exec, and its parent could not be stopped.
    script: `trap on=1 CONT; echo "ready $$."; until [ "$on" ]; do :; done
read -r line; echo "got <$line>"; exit 3`,
    async press(terminal) {
      await terminal.type(CTRL_Z);
      await terminal.waitFor(/Stopped[^>]*sh> /);
      await terminal.type("fg\n");
      await terminal.type("words\n");
      await terminal.waitFor(/got <words>/);
    },
    status: 3,
  },
  "kill -QUIT ends it": {
    script: `ulimit -c 0; ${WAITING}`,
    press: (_, pid) => Promise.resolve(Deno.kill(pid, "SIGQUIT")),
    status: 131,
  },
};

const missing = missingTerminal();

for (const shell of shells) {
  for (const [name, { script, press, status }] of Object.entries(KEYS)) {
    const reason = missing ?? shell.missing;
    const title = `a kubectl of the launcher on a terminal: ${name} (${shell.name})`;
    Deno.test({
      name: reason === undefined ? title : `${title} (ignored: ${reason})`,
      ignore: reason !== undefined,
      async fn() {
        using world = memoWorld.build({
          files: { kubeconfig: KUBECONFIG },
          kubectls: [{ folder: "local", version: "1.30.1" }],
          variables: [],
          servers: ["v1.30.2", "v1.30.2", "v1.30.2"],
          args: ["get"],
          changes: [],
        }, true);
        const kubectl = `${world.root}/home/.kuberlr/linux-amd64/kubectl1.30.1`;
        Deno.writeTextFileSync(kubectl, `#!/bin/sh\n${script}\nexit\n`);
        // A file must be this large to count as a kubectl.
        Deno.truncateSync(kubectl, 1 << 20);
        const stat = (await findStat(world.host))!;
        assertEquals((await rememberShortcut(world, stat))?.shortcut, "");
        placeLauncher(world, shell.interpreter, stat);
        world.change({ kind: "time", seconds: 1 });
        world.proc();
        await using terminal = await openTerminal();
        const variables = Object.entries({ ...world.env, PATH: "/usr/bin:/bin" })
          .map(([name, value]) => quoteShellWord(`${name}=${value}`));
        const launcher = quoteShellWord(`${world.root}/kubectl`);
        const command = ["env", "-i", ...variables, launcher, "get"].join(" ");
        await terminal.type(`cd ${quoteShellWord(world.cwd)}\n${command}\n`);
        const [, pid] = await terminal.waitFor(/ready (\d+)\./);
        await press(terminal, Number(pid));
        await terminal.waitFor(/sh> /);
        await terminal.type("echo status $?\n");
        const [, shown] = await terminal.waitFor(/status (\d+)/);
        assertEquals(Number(shown), status);
      },
    });
  }
}
