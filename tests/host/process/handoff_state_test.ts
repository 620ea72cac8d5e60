/**
 * Compares what the kernel says about a kubectl that was started directly and about one that
 * kuberlr became, from the same unusual starting states.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { denoDir } from "../../support/sandbox.ts";
import { LOOP_VARIABLE } from "../../../lib/handoff/wrapper_loop.ts";
import {
  denoTakesBytes,
  type ProcessState,
  startFrom,
  type StartingState,
  writeProbe,
} from "../../support/process_probe.ts";

const HAND_OFF = `${import.meta.dirname}/../../support/hand_off.ts`;
const PROBE_C = `${import.meta.dirname}/../../testdata/probe.c`;
const LINUX = Deno.build.os === "linux";

/** Returns the command line of a program that becomes `target`. */
function throughKuberlr(mode: "exec" | "spawn", folder: "own" | "system", target: string) {
  return [Deno.execPath(), "run", "-A", "--no-check", HAND_OFF, mode, folder, target, "kubectl"];
}

function test(name: string, needs: Needs, fn: (folder: string) => Promise<void>): void {
  const reason = missing(needs);
  Deno.test({
    name: reason === undefined ? name : `${name} (ignored: ${reason})`,
    ignore: reason !== undefined,
    async fn() {
      const folder = Deno.makeTempDirSync({ prefix: "kuberlr-handoff-" });
      try {
        await fn(folder);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

type Needs = readonly ("cc" | "script" | "bytes")[];

function missing(needs: Needs): string | undefined {
  if (!LINUX) return "it reads Linux' /proc";
  return needs.flatMap((need) => {
    if (need === "bytes") return denoTakesBytes() ? [] : ["this Deno takes no such arguments"];
    return works(need) ? [] : [`no ${need} here`];
  })[0];
}

function works(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

const STATES: Readonly<Record<string, StartingState>> = {
  "nothing odd": {},
  "ignored signals": { before: "trap '' HUP INT QUIT TSTP TTIN TTOU USR1 USR2 ALRM TERM" },
  "another umask": { before: "umask 027" },
  "lowered limits": {
    before: "ulimit -S -c 0; ulimit -S -s 4096; ulimit -t 1000; ulimit -S -v 99999999",
  },
  "a lowered hard limit of descriptors": { before: "ulimit -n 200" },
  "extra descriptors": { before: "exec 3</dev/null 5>>/dev/null 7<>/dev/null 9<&0" },
  "a lower priority": { prefix: ["nice", "-n", "5"] },
  "another directory": { before: "cd /usr/lib" },
  "variables that are not UTF-8": {
    before:
      `ODD="$(printf 'a\\377\\376b')"; HTTPS_PROXY="$(printf '\\350')"; export ODD HTTPS_PROXY`,
  },
  "variables with odd names": { prefix: ["env", "a.b=1", "SPACE D=2", "EMPTY=", "LINES=a\nb=c"] },
  "variables that Deno takes for itself": {
    prefix: ["env", "DENO_EXTRA_STDIO_FDS=", "DENO_V8_FLAGS=--no-opt"],
  },
  // The deno command changes its environment if PATH lacks a node.
  // Without DENO_DIR, Deno does not start for a user without a home.
  "almost no variables": { prefix: ["env", "-i", `DENO_DIR=${denoDir()}`, "PROBE_DIR=FOLDER"] },
  "odd arguments": {
    args: [`''`, `' a  b '`, `"$(printf 'line\\nbreak')"`, `'"é日本'`, `'*'`, `--`, `-o=`],
  },
  "arguments that are not UTF-8": {
    args: [
      "get",
      `"$(printf 'a\\377\\376b')"`,
      `"$(printf '\\357\\277\\275')"`,
      `''`,
      `"$(printf '\\303')"`,
    ],
  },
  "an argument that only looks replaced": { args: [`"$(printf '\\357\\277\\275')"`] },
  "an inherited status": { before: "PROBE_STATUS=7; export PROBE_STATUS" },
};

for (const [name, starting] of Object.entries(STATES)) {
  const needs: Needs = /arguments that are not UTF-8/.test(name) ? ["bytes"] : [];
  test(`handOff() leaves no trace with ${name}`, needs, async (folder) => {
    const probe = writeProbe(`${folder}/kubectl1.30.0`);
    const direct = await startFrom(starting, [probe]);
    const through = await startFrom(starting, throughKuberlr("exec", "own", probe));
    assertEquals(through, { ...direct, state: afterDeno(direct.state) });
    assertMatch(direct.state.environ!, /^PROBE_DIR=/m);
  });
}

test("handOff() leaves no trace on a terminal", ["script"], async (folder) => {
  const probe = writeProbe(`${folder}/kubectl1.30.0`);
  const direct = await startFrom({}, [probe], { pty: true });
  const through = await startFrom({}, throughKuberlr("exec", "own", probe), { pty: true });
  assertEquals(through, { ...direct, state: afterDeno(direct.state) });
  assertMatch(direct.state.family!, /terminal: true, in foreground: true/);
});

// Rust's runtime opens /dev/null for them before kuberlr's code runs; Go's runtime does the same in
// kubectl itself.
for (
  const [closed, redirections] of [["0", "0<&-"], ["1", "1>&-"], ["2", "2>&-"], [
    "0 1 2",
    "0<&- 1>&- 2>&-",
  ]] as const
) {
  test(`handOff() leaves /dev/null where ${closed} was closed`, [], async (folder) => {
    const probe = writeProbe(`${folder}/kubectl1.30.0`);
    const starting = { before: `exec ${redirections}` };
    const direct = await startFrom(starting, [probe]);
    const through = await startFrom(starting, throughKuberlr("exec", "own", probe));
    const opened = closed.split(" ").map((number) => `${number} lrwx------ /dev/null`);
    assertEquals(
      through.state.fd,
      [...opened, ...direct.state.fd!.split("\n")].toSorted().join("\n"),
    );
    const { fd: _, fdinfo: __, ...rest } = afterDeno(direct.state);
    const { fd: ___, fdinfo: ____, ...same } = through.state;
    assertEquals(same, rest);
  });
}

test("handOff() adds the loop counter for a kubectl of another folder", [], async (folder) => {
  const probe = writeProbe(`${folder}/kubectl1.30.0`);
  const direct = await startFrom({}, [probe]);
  const through = await startFrom({}, throughKuberlr("exec", "system", probe));
  const [added] = new RegExp(`${LOOP_VARIABLE}=1:\\d+\n`).exec(through.state.environ!) ?? [];
  const state = afterDeno(direct.state);
  assertEquals(through.state, { ...state, environ: direct.state.environ! + added });
});

test("handOff() takes the loop counter from a kubectl of its own folder", [], async (folder) => {
  const probe = writeProbe(`${folder}/kubectl1.30.0`);
  const direct = await startFrom({}, [probe]);
  const before = `${LOOP_VARIABLE}=3:99; export ${LOOP_VARIABLE}`;
  const through = await startFrom({ before }, throughKuberlr("exec", "own", probe));
  assertEquals(through.state, afterDeno(direct.state));
});

test("handOff() gives a child everything but its own process", [], async (folder) => {
  const probe = writeProbe(`${folder}/kubectl1.30.0`);
  for (
    const name of [
      "ignored signals",
      "extra descriptors",
      "variables that are not UTF-8",
      "almost no variables",
    ]
  ) {
    const starting = STATES[name]!;
    const direct = await startFrom(starting, [probe]);
    const through = await startFrom(starting, throughKuberlr("spawn", "own", probe));
    // Deno.Command passes variables on in the order of their names.
    assertEquals({ ...through.state, environ: sortLines(through.state.environ!) }, {
      ...afterDeno(direct.state),
      environ: sortLines(direct.state.environ!),
      pid: "another",
      family: direct.state.family!.replace("parent: its parent", "parent: the launcher"),
    });
  }
});

test("handOff() passes argv[0] on as it was given", [], async () => {
  const [deno, ...rest] = throughKuberlr("exec", "own", "/bin/sh");
  const args = [...rest.slice(0, -1), "my kubectl", "-c", 'tr "\\0" "|" < /proc/$$/cmdline; :'];
  const { stdout } = await new Deno.Command(deno!, { args }).output();
  assertMatch(new TextDecoder().decode(stdout), /^my kubectl\|-c\|/);
});

test("handOff() leaves no trace that a program of its own could see", ["cc"], async (folder) => {
  const probe = `${folder}/probe`;
  const built = await new Deno.Command("cc", { args: ["-o", probe, PROBE_C] }).output();
  assert(built.success, new TextDecoder().decode(built.stderr));
  // A file must be this large to count as a kubectl.
  Deno.writeFileSync(probe, new Uint8Array(2 << 20), { append: true });
  const show = async (command: readonly string[]) => {
    const { stdout, stderr } = await new Deno.Command(probe, {
      args: ["odd", ...command],
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  };
  const [deno, ...args] = throughKuberlr("exec", "own", probe);
  const direct = await show([probe, "kubectl", "show", "é\n"]);
  assertMatch(direct, /^env TWICE=2\n(?:.*\n)*pending 10\n(?:.*\n)*fd 33 .*\n/m);
  assertEquals(await show([deno!, "deno", ...args, "show", "é\n"]), direct);
});

/**
 * Raises the soft limit of open files to the hard one, as `deno run` does first; see
 * docs/dev/handoff.md.
 */
function afterDeno(state: ProcessState): ProcessState {
  const limits = state.limits!.replace(
    /^(Max open files +)(\d+)( +)(\S+)/m,
    (_, name, soft, space, hard) => name + hard.padEnd((soft + space).length) + hard,
  );
  return { ...state, limits };
}

function sortLines(text: string): string {
  return text.split("\n").toSorted().join("\n");
}
