/**
 * kubectl's behaviour on a keyboard and in pipes: called directly, in kuberlr's place and as a
 * child, it is always the same.
 */
import { assertEquals } from "@std/assert";
import { quote } from "../../support/process_probe.ts";
import {
  CTRL_BACKSLASH,
  CTRL_C,
  CTRL_Z,
  missingTerminal,
  openTerminal,
  type TerminalSession,
} from "../../support/terminal_session.ts";

const HAND_OFF = `${import.meta.dirname}/../../support/hand_off.ts`;
const COUNT_SIGNALS = `${import.meta.dirname}/../../support/count_signals.ts`;
type Way = "direct" | "exec" | "spawn";
const WAYS: readonly Way[] = ["direct", "exec", "spawn"];

/** Returns shell code that starts this script as kubectl, in the given way. */
function kubectl(way: Way, script: string): string {
  const file = Deno.makeTempFileSync({ dir: folder(), prefix: "kubectl" });
  Deno.writeTextFileSync(file, `#!/bin/sh\n${script}\n`);
  Deno.chmodSync(file, 0o755);
  if (way === "direct") return quote(file);
  const deno = quote(Deno.execPath());
  return `${deno} run -A --no-check ${quote(HAND_OFF)} ${way} own ${quote(file)} kubectl`;
}

let temporary: string | undefined;

function folder(): string {
  return temporary ??= Deno.makeTempDirSync({ prefix: "kuberlr-terminal-" });
}

Deno.test.afterAll(() => {
  if (temporary !== undefined) Deno.removeSync(temporary, { recursive: true });
});

function onTerminal(name: string, fn: (way: Way, terminal: TerminalSession) => Promise<void>) {
  const missing = missingTerminal();
  for (const way of WAYS) {
    const full = `handOff() ${name} (${way})`;
    Deno.test({
      name: missing === undefined ? full : `${full} (ignored: ${missing})`,
      ignore: missing !== undefined,
      async fn() {
        await using terminal = await openTerminal();
        await fn(way, terminal);
      },
    });
  }
}

onTerminal("passes one Ctrl-C on once", async (way, terminal) => {
  const script = `exec ${quote(Deno.execPath())} run --no-check ${
    quote(COUNT_SIGNALS)
  } SIGINT SIGTERM`;
  await terminal.type(`${kubectl(way, script)}; echo "status $?"\n`);
  const [, own = "", parent = ""] = await terminal.waitFor(/ready (\d+) (\d+)\./);
  await terminal.type(CTRL_C);
  await terminal.waitFor(/caught 1/);
  // SIGTERM goes the way of Ctrl-C, so it comes after any signal that kuberlr made of Ctrl-C.
  Deno.kill(Number(way === "spawn" ? parent : own), "SIGTERM");
  await terminal.waitFor(/\n1 in all\./);
  await terminal.waitFor(/status 9/);
});

onTerminal("lets Ctrl-C end kubectl and kuberlr", async (way, terminal) => {
  await terminal.type(`${kubectl(way, "echo ready $$.; exec sleep 60")}; echo "status $?"\n`);
  const [, pid = ""] = await terminal.waitFor(/ready (\d+)\./);
  await terminal.type(CTRL_C);
  await terminal.waitFor(/sh> /);
  await terminal.type("echo status $?\n");
  await terminal.waitFor(/status 130/);
  assertEquals(isAlive(pid), false);
});

onTerminal("lets Ctrl-\\ end kubectl and kuberlr", async (way, terminal) => {
  await terminal.type(`ulimit -c 0; ${kubectl(way, "echo ready $$.; exec sleep 60")}\n`);
  const [, pid = ""] = await terminal.waitFor(/ready (\d+)\./);
  await terminal.type(CTRL_BACKSLASH);
  await terminal.waitFor(/sh> /);
  await terminal.type("echo status $?\n");
  await terminal.waitFor(/status 131/);
  assertEquals(isAlive(pid), false);
});

onTerminal("stops at Ctrl-Z and goes on with fg", async (way, terminal) => {
  // It reads only after it goes on: a reader that is about to stop may take the shell's input.
  // It uses the processor: a `wait` could begin just after the trap has run, and would not end.
  const script = `trap on=1 CONT; echo ready.; until [ "$on" ]; do :; done
read line; echo "got <$line>"; exit 3`;
  await terminal.type(`${kubectl(way, script)}\n`);
  await terminal.waitFor(/ready\./);
  await terminal.type(CTRL_Z);
  await terminal.waitFor(/Stopped[^>]*sh> /);
  await terminal.type("echo shell $((1+1))\n");
  await terminal.waitFor(/shell 2/);
  await terminal.type("fg; echo status $?\n");
  await terminal.type("words\n");
  await terminal.waitFor(/got <words>/);
  await terminal.waitFor(/status 3/);
});

onTerminal("tells kubectl when the window changes", async (way, terminal) => {
  const script = `trap 'echo "size: $(stty size < /dev/tty)"; exit 5' WINCH
sleep 60 & echo "ready $(tty)."; wait $!; kill $!`;
  await terminal.type(`${kubectl(way, script)}; echo "status $?"\n`);
  const [, tty = ""] = await terminal.waitFor(/ready (\S+)\./);
  const { success } = await new Deno.Command("stty", {
    args: ["-F", tty, "cols", "91"],
  }).output();
  assertEquals(success, true);
  await terminal.waitFor(/size: \d+ 91/);
  await terminal.waitFor(/status 5/);
});

onTerminal("leaves nothing running when the window is closed", async (way, terminal) => {
  await terminal.type(`${kubectl(way, "echo ready $$ $PPID.; exec sleep 60")}\n`);
  const [, own = "", parent = ""] = await terminal.waitFor(/ready (\d+) (\d+)\./);
  terminal.hangUp();
  await untilGone(own);
  if (way === "spawn") await untilGone(parent);
});

for (const way of WAYS) {
  Deno.test({
    name: `handOff() lets a closed pipe end kubectl (${way})`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const command = `{ ${kubectl(way, "exec yes")}; echo "status $?" >&2; } | head -n 1`;
      const { stdout, stderr } = await new Deno.Command("/bin/sh", { args: ["-c", command] })
        .output();
      const decoder = new TextDecoder();
      assertEquals([decoder.decode(stdout), lastLine(decoder.decode(stderr))], [
        "y\n",
        "status 141",
      ]);
    },
  });
}

function lastLine(text: string): string | undefined {
  return text.trim().split("\n").at(-1);
}

function isAlive(pid: string): boolean {
  try {
    return !/^State:\s*Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

async function untilGone(pid: string): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}
