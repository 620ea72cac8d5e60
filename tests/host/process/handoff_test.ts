/**
 * Statuses, signals from other processes and failures, both if kubectl replaces kuberlr and if it
 * is a child.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { LOOP_VARIABLE } from "../../../lib/handoff/wrapper_loop.ts";
import {
  type Box,
  COUNT_SIGNALS,
  handOff,
  type Mode,
  type Options,
  run,
  test,
} from "../../support/handoff_story.ts";
import { quote } from "../../support/process_probe.ts";
import { noteWaits } from "../../support/timers.ts";

for (const status of [0, 1, 7, 125, 255]) {
  test(`handOff() ends with kubectl's status ${status}`, async (mode, { file }) => {
    const kubectl = file("kubectl", `#!/bin/sh\necho out; echo err >&2; exit ${status}\n`);
    assertEquals(await run(handOff(mode, kubectl)), {
      code: status,
      signal: null,
      stdout: "out\n",
      stderr: "err\n",
    });
  });
}

for (
  const [signal, code] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGABRT", 134],
    ["SIGKILL", 137],
    ["SIGUSR1", 138],
    ["SIGSEGV", 139],
    ["SIGPIPE", 141],
    ["SIGTERM", 143],
  ] as const
) {
  test(`handOff() dies of ${signal} as kubectl did`, async (mode, { file }) => {
    const kubectl = file(
      "kubectl",
      `#!/bin/sh\nulimit -c 0\nkill -${signal.slice(3)} $$\nsleep 60\n`,
    );
    assertEquals(await run(handOff(mode, kubectl)), { code, signal, stdout: "", stderr: "" });
  });
}

test("handOff() ends with 128+n where the signal is ignored", async (mode, { file }) => {
  const kubectl = file("kubectl", `#!/bin/sh\nkill -KILL $$\n`);
  const script = `trap '' TERM; ${quote(Deno.execPath())} ${
    handOff(mode, kubectl).map(quote).join(" ")
  }; echo $?`;
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", script] }).output();
  assertEquals(new TextDecoder().decode(stdout), "137\n");
});

/** Deno's flags for a program that records its waits, and the recorded waits. */
function noting({ folder, file }: Box, code = "") {
  const path = `${folder}/waits`;
  const flags = ["-A", `--preload=${file("preload.js", noteWaits(path) + code, 0o644)}`];
  return { flags, waits: () => Deno.readTextFileSync(path).trimEnd().split("\n") };
}

test("handOff() tries a busy file five times, a moment apart", async (mode, box) => {
  const { flags, waits } = noting(box);
  const kubectl = box.file("kubectl", "#!/bin/sh\n");
  using _writer = Deno.openSync(kubectl, { write: true });
  const { code, stderr } = await run(handOff(mode, kubectl, [], flags));
  assertEquals([code, waits()], [126, Array(4).fill("20")], stderr);
}, { modes: ["exec"], only: "linux" });

test("handOff() gives its own death half a second at most", async (mode, box) => {
  // The result is the same as if the signal is blocked from the start.
  const { flags, waits } = noting(
    box,
    "const { kill } = Deno; Deno.kill = (pid, name) => pid === Deno.pid || kill(pid, name);",
  );
  const kubectl = box.file("kubectl", "#!/bin/sh\nkill -TERM $$\n");
  const { code, signal } = await run(handOff(mode, kubectl, [], flags));
  assertEquals([code, signal, waits()], [143, null, ["50", "500"]]);
}, { modes: ["spawn"] });

test("handOff() passes stdin on", async (mode, { file }) => {
  const kubectl = file("kubectl", `#!/bin/sh\nread a; echo "1: $a"; cat\n`);
  const child = new Deno.Command(Deno.execPath(), {
    args: handOff(mode, kubectl),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("first\nsecond\n"));
  await writer.close();
  const { stdout } = await child.output();
  assertEquals(new TextDecoder().decode(stdout), "1: first\nsecond\n");
});

/** Returns the lines of a child, one after the other. */
function linesOf(stream: ReadableStream<Uint8Array>): () => Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  return async function next() {
    while (!rest.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) return rest;
      rest += value;
    }
    const [line = ""] = rest.split("\n", 1);
    rest = rest.slice(line.length + 1);
    return line;
  };
}

for (const signal of ["TERM", "HUP", "USR1", "USR2", "ALRM", "INT", "QUIT"] as const) {
  test(`handOff() passes a SIG${signal} from elsewhere on once`, async (mode) => {
    const last = signal === "TERM" ? "SIGUSR2" : "SIGTERM";
    const counter = ["run", "--no-check", COUNT_SIGNALS, `SIG${signal}`, last];
    // It runs without a terminal, even if the tests have one.
    const child = new Deno.Command("setsid", {
      args: ["-w", Deno.execPath(), ...handOff(mode, Deno.execPath(), counter)],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const next = linesOf(child.stdout);
    assertMatch(await next(), /^ready/);
    // setsid forks only if it leads a group, and a child of Deno does not lead one: this is
    // kuberlr's own process.
    child.kill(`SIG${signal}`);
    assertEquals(await next(), "caught 1");
    child.kill(last);
    assertEquals([await next(), await next()], ["1 in all.", ""]);
    assertEquals((await child.status).code, 9);
  }, { only: "linux" });
}

test("handOff() leaves what nohup ignores ignored", async (mode, { file }) => {
  const kubectl = file(
    "kubectl",
    `#!/bin/sh\n${untilListening(mode)}\nkill -HUP $$ $PPID; echo alive\n`,
  );
  const script = `trap '' HUP; ${quote(Deno.execPath())} ${
    handOff(mode, kubectl).map(quote).join(" ")
  }; echo $?`;
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", script] }).output();
  assertEquals(new TextDecoder().decode(stdout), "alive\n0\n");
}, { only: "linux" });

test("handOff() tells the status though signals come to the end", async (mode, { file }) => {
  const rain = `for _ in $(seq 20000); do kill -HUP "$PPID" || exit; done`;
  const kubectl = file(
    "kubectl",
    `#!/bin/sh\ntrap '' HUP\n${untilListening(mode)}
(${rain}) > /dev/null 2>&1 &\nsleep 0.03; exit 7\n`,
  );
  for (let round = 0; round < 5; round++) {
    const { code, signal } = await run(handOff(mode, kubectl));
    assertEquals([code, signal], [7, null]);
  }
}, { modes: ["spawn"], only: "linux" });

test("handOff() knows the status where SIGCHLD is ignored", async (mode, { file }) => {
  const kubectl = file("kubectl", `#!/bin/sh\n${untilListening(mode)}\nexit 7\n`);
  // A shell does not ignore SIGCHLD when told to; coreutils' env does.
  const { code } = await new Deno.Command("env", {
    args: ["--ignore-signal=CHLD", Deno.execPath(), ...handOff(mode, kubectl)],
  }).output();
  assertEquals(code, 7);
}, { only: "linux" });

/**
 * Shell code that waits until the parent catches the last of the rules' signals, SIGABRT (bit 5).
 */
function untilListening(mode: Mode): string {
  const caught = `grep -q "SigCgt:.*[2367abef].$" "/proc/$PPID/status"`;
  return mode === "exec" ? "" : `until ${caught}; do kill -0 $PPID || exit 99; done`;
}

test("handOff() falls back to a child where FFI is refused", async (mode, { file }) => {
  const kubectl = file("kubectl", `#!/bin/sh\necho "$PPID"; exit 7\n`);
  const child = new Deno.Command(Deno.execPath(), {
    args: handOff(mode, kubectl, [], ["--allow-read", "--allow-env", "--allow-run"]),
    stdout: "piped",
  }).spawn();
  const { code, stdout } = await child.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [7, `${child.pid}\n`]);
}, { modes: ["exec"] });

test("handOff() loads no libc from the working directory", async (mode, box) => {
  // If only the bare name is permitted, Deno looks for it there.
  const [libc] = /\/\S+\/libc\.so\.6$/m.exec(Deno.readTextFileSync("/proc/self/maps")) ?? [];
  if (libc !== undefined) Deno.copyFileSync(libc, `${box.folder}/libc.so.6`);
  const allowed = ["--allow-read", "--allow-env", "--allow-run", "--allow-ffi=libc.so.6"];
  const kubectl = box.file(
    "kubectl",
    `#!/bin/sh\necho "$PPID $(grep -c "$PWD/" "/proc/$PPID/maps")"\n`,
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: handOff(mode, kubectl, [], allowed),
    cwd: box.folder,
    stdout: "piped",
  }).spawn();
  // It is a child, whose parent has loaded nothing from there.
  const { stdout } = await child.output();
  assertEquals(new TextDecoder().decode(stdout), `${child.pid} 0\n`);
}, { modes: ["exec"], only: "linux" });

const FAILURES: Readonly<
  Record<string, Options & { make(box: Box): string; status: number; says: RegExp; hint: RegExp }>
> = {
  "a missing file": {
    make: ({ folder }) => `${folder}/kubectl`,
    status: 126,
    says: /no longer there/,
    hint: /again/,
  },
  "a file that is not executable": {
    make: ({ file }) => file("kubectl", "#!/bin/sh\n", 0o644),
    status: 126,
    says: /permission denied/,
    hint: /chmod a\+rx/,
  },
  "a directory": {
    make({ folder }) {
      Deno.mkdirSync(`${folder}/kubectl`);
      return `${folder}/kubectl`;
    },
    status: 126,
    says: /permission denied/,
    hint: /chmod/,
  },
  "a file in a file": {
    make: ({ file }) => `${file("kubectl", "")}/kubectl`,
    status: 126,
    says: /no longer there/,
    hint: /again/,
  },
  "an empty file": {
    // posix_spawnp(3) gives a file that is not a program to a shell.
    modes: ["exec"],
    make: ({ file }) => file("kubectl", ""),
    status: 126,
    says: /not a program for this system/,
    hint: /Remove/,
  },
  "a script without an interpreter": {
    modes: ["exec"],
    make: ({ file }) => file("kubectl", "echo\n"),
    status: 126,
    says: /not a program for this system/,
    hint: /Remove/,
  },
  "an interpreter that is missing": {
    // Some machines have a folder /nonexistent that only root can read.
    make: ({ file }) => file("kubectl", "#!/nonexistent-interpreter\n"),
    status: 126,
    says: /interpreter or loader/,
    hint: /"file /,
  },
  "links in a circle": {
    make({ folder }) {
      Deno.symlinkSync("kubectl", `${folder}/kubectl`);
      return `${folder}/kubectl`;
    },
    status: 126,
    says: /too many links/,
    hint: /SystemPath/,
  },
};

for (const [name, { make, status, says, hint, ...options }] of Object.entries(FAILURES)) {
  test(`handOff() explains ${name}`, async (mode, box) => {
    const { code, stdout, stderr } = await run(handOff(mode, make(box)));
    assertEquals([code, stdout], [status, ""]);
    const [said = "", hinted = ""] = stderr.split("\nhint: ");
    assertMatch(said, says);
    assertMatch(hinted, hint);
  }, options);
}

test("handOff() explains arguments that are too long", async (mode, { file }) => {
  const list = file("args.json", JSON.stringify(["x".repeat(200_000), "x".repeat(4_000_000)]));
  const { code, stderr } = await run(handOff(mode, file("kubectl", "#!/bin/sh\n"), [`@${list}`]));
  assertMatch(stderr, /^argument-list-too-long: .*too long together\nhint: .*--filename/);
  assertEquals(code, 125);
});

test("handOff() explains a file that is being written", async (mode, { file }) => {
  const kubectl = file("kubectl", "");
  Deno.copyFileSync("/bin/sh", kubectl);
  Deno.chmodSync(kubectl, 0o755);
  using _writer = Deno.openSync(kubectl, { append: true });
  const { code, stderr } = await run(handOff(mode, kubectl));
  assertEquals(code, 126);
  assertMatch(stderr, /another process is writing to it\nhint: .*fuser/);
}, { only: "linux" });

test("handOff() ends a wrapper that leads back for ever", async (mode, { file, folder }) => {
  const wrapper = `${folder}/kubectl1.30.0`;
  const command = [Deno.execPath(), ...handOff(mode, wrapper)].map(quote).join(" ");
  file(
    "kubectl1.30.0",
    `#!/bin/sh\necho round >> ${quote(`${folder}/rounds`)}\nsh -c ${quote(command)}\n`,
  );
  const { code, stderr } = await run(handOff(mode, wrapper));
  assertEquals(Deno.readTextFileSync(`${folder}/rounds`), "round\n".repeat(20));
  assertEquals(code, 125);
  assertMatch(stderr, /^wrapper-loop: .*leads back to kuberlr\nhint: .*SystemPath/);
});

test("handOff() forgets a loop counter that is old", async (mode, { file }) => {
  const kubectl = file("kubectl", `#!/bin/sh\necho "$${LOOP_VARIABLE}"\n`);
  const long = String(Math.floor(Date.now() / 1000) - 120);
  const { code, signal, stdout, stderr } = await run(handOff(mode, kubectl), {
    [LOOP_VARIABLE]: `20:${long}`,
  });
  assertEquals({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
  assertMatch(stdout, /^1:/);
});
