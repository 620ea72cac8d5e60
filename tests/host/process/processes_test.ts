import { assert, assertEquals } from "@std/assert";
import type { RunRequest, RunResult } from "../../../lib/ports/host.ts";
import { denoProcesses } from "../../../lib/host/process/processes.ts";
import { noteWaits, recordTimers } from "../../support/timers.ts";

const processes = denoProcesses({ monotonicMs: () => performance.now() });
const WINDOWS = Deno.build.os === "windows";

function run(request: Partial<RunRequest>): Promise<RunResult> {
  return processes.run({
    command: Deno.execPath(),
    args: [],
    env: {},
    maxOutputBytes: 1024 * 1024,
    stderr: { afterMs: 60_000, show: () => {} },
    ...request,
  });
}

/** Starts a program without the shell that holds its stderr back. */
function start(command: string): Promise<RunResult> {
  return processes.run({ command, args: [], env: {}, maxOutputBytes: 1024 });
}

/** Runs a script in a child of Deno. */
function evaluate(code: string, request: Partial<RunRequest> = {}): Promise<RunResult> {
  return run({ args: ["eval", "--no-config", "--no-lock", code], ...request });
}

function text(result: RunResult): string {
  return result.kind === "exited" ? new TextDecoder().decode(result.stdout) : result.reason;
}

Deno.test("run() gives back what a program prints, and its exit status", async () => {
  const result = await evaluate(`console.log("hello"); console.error("hidden"); Deno.exit(3)`);
  assertEquals(
    { ...result, stdout: text(result) },
    { kind: "exited", status: 3, stdout: "hello\n" },
  );
});

Deno.test("run() gives a program nothing of its own stdin", async () => {
  const module = new URL("../../../lib/host/process/processes.ts", import.meta.url).href;
  const code = `console.log(JSON.stringify(await new Response(Deno.stdin.readable).text()))`;
  const script = `
    import { denoProcesses } from ${JSON.stringify(module)};
    const result = await denoProcesses({ monotonicMs: () => performance.now() }).run({
      command: Deno.execPath(),
      args: ["eval", "--no-config", "--no-lock", ${JSON.stringify(code)}],
      env: {}, maxOutputBytes: 1024, stderr: { afterMs: 60_000, show() {} },
    });
    Deno.stdout.writeSync(result.stdout);
    Deno.stdout.writeSync(new TextEncoder().encode(await new Response(Deno.stdin.readable).text()));`;
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, script);
    const kuberlr = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-lock", "--no-check", path],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const writer = kuberlr.stdin.getWriter();
    await writer.write(new TextEncoder().encode("for kubectl"));
    await writer.close();
    const { stdout } = await kuberlr.output();
    assertEquals(new TextDecoder().decode(stdout), `""\nfor kubectl`);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test({
  name: "run() gives a program a session of its own, without a terminal to ask anybody on",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const result = await run({ command: "sh", args: ["-c", "cat /proc/$$/stat"] });
    const [pid, , , , group, session, terminal] = text(result).split(" ");
    assertEquals({ group, session, terminal }, { group: pid, session: pid, terminal: "0" });
  },
});

Deno.test("run() adds to the environment of this process", async () => {
  const code = `console.log(Deno.env.get("ADDED"), Deno.env.get("PATH") !== undefined)`;
  assertEquals(
    text(await evaluate(code, { env: { ADDED: "value with spaces" } })),
    "value with spaces true\n",
  );
});

Deno.test("run() passes arguments as they are", async () => {
  const args = ["eval", "--no-config", "--no-lock", "console.log(JSON.stringify(Deno.args))"];
  const odd = ["$HOME", "a b", "*", "", `"quoted"`];
  assertEquals(JSON.parse(text(await run({ args: [...args, "--", ...odd] }))).slice(-5), odd);
});

for (const stderr of [undefined, { afterMs: 60_000, show: () => {} }]) {
  Deno.test(`run() kills a program at its deadline${stderr === undefined ? "" : ", stderr held back"}`, async () => {
    const result = await evaluate("setInterval(() => {}, 1000)", {
      deadlineMs: performance.now() + 200,
      ...(stderr === undefined ? {} : { stderr }),
    });
    assertEquals(text(result), "timeout");
  });
}

Deno.test("run() does not start a program when the deadline has passed", async () => {
  assertEquals(text(await evaluate("", { deadlineMs: performance.now() - 1 })), "timeout");
});

Deno.test({
  name: "run() kills the children of a program at its deadline",
  ignore: WINDOWS,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const pidFile = `${folder}/pid`;
      const result = await run({
        command: "sh",
        args: [
          "-c",
          `sleep 1000 & echo $! > "${pidFile}.new"; mv "${pidFile}.new" "${pidFile}"; wait`,
        ],
        deadlineMs: performance.now() + 1500,
      });
      assertEquals(text(result), "timeout");
      await gone(Number(await Deno.readTextFile(pidFile)));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "run() does not wait for a child that keeps the output open, and lets it live",
  ignore: WINDOWS,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      // The child outlives its parent, and writes to the stderr that it got.
      const child = `sleep 1; echo still here >&2 && echo alive > "${folder}/new" && ` +
        `mv "${folder}/new" "${folder}/alive"`;
      const result = await run({ command: "sh", args: ["-c", `(${child}) & echo done`] });
      assertEquals(text(result), "done\n");
      assertEquals(await readWhenThere(`${folder}/alive`), "alive\n");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("run() keeps what was printed last before the exit, in pieces", async () => {
  const code = `for (let i = 0; i < 2000; i++) Deno.stdout.writeSync(new TextEncoder().encode("x"));
    Deno.stdout.writeSync(new TextEncoder().encode("end"));`;
  assertEquals(text(await evaluate(code)), "x".repeat(2000) + "end");
});

Deno.test("run() drops the stderr of a program that ends soon", async () => {
  const shown: string[] = [];
  const code = `console.error("hidden"); console.log("out")`;
  const result = await evaluate(code, {
    stderr: { afterMs: 60_000, show: (piece) => shown.push(piece) },
  });
  assertEquals([text(result), shown], ["out\n", []]);
});

Deno.test("run() shows the stderr of a program that takes long, all of it and in order", async () => {
  const shown: string[] = [];
  const code = `console.error("first"); setTimeout(() => console.error("second ü"), 600);
    setTimeout(() => console.log("out"), 1200);`;
  const result = await evaluate(code, {
    stderr: { afterMs: 300, show: (piece) => shown.push(piece) },
  });
  assertEquals([text(result), shown.join("")], ["out\n", "first\nsecond ü\n"]);
});

Deno.test("run() says when a program takes long that is silent", async () => {
  let calls = 0;
  await evaluate(`setTimeout(() => {}, 500)`, { stderr: { afterMs: 50, show: () => calls++ } });
  assert(calls > 0);
});

Deno.test({
  // On other systems it is a file: held_stderr_test.ts.
  name: "run() keeps the end of a flood of stderr",
  ignore: !WINDOWS,
  async fn() {
    const shown: string[] = [];
    const code = `for (let i = 0; i < 3000; i++) console.error("x".repeat(99));
      console.error("the address"); setTimeout(() => {}, 1500);`;
    await evaluate(code, { stderr: { afterMs: 1000, show: (piece) => shown.push(piece) } });
    const all = shown.join("");
    assert(all.endsWith("the address\n"));
    assert(all.length <= 64 * 1024, `${all.length}`);
  },
});

for (
  const { name, script, deadlineMs, status, waits } of [
    {
      name: "a tenth of a second for the end of what was printed",
      script: "sleep 1000 & echo $!",
      status: "exited",
      // The number came with the first look, or before it.
      waits: [[100], [100, 100]],
    },
    {
      name: "a second in all for output that does not end",
      script: "{ while :; do echo x; done; } & exit 0",
      status: "exited",
      waits: [Array(10).fill(100)],
    },
    {
      name: "a tenth of a second for a program that was killed, and one for its output",
      script: "exec sleep 1000",
      deadlineMs: 200,
      status: "timeout",
      waits: [[100], [100, 100]],
    },
  ]
) {
  Deno.test({
    name: `run() waits ${name}`,
    ignore: WINDOWS,
    async fn() {
      using timers = recordTimers();
      const result = await processes.run({
        command: "/bin/sh",
        args: ["-c", script],
        env: {},
        maxOutputBytes: 256 * 1024 * 1024,
        ...(deadlineMs === undefined ? {} : { deadlineMs: performance.now() + deadlineMs }),
      });
      assertEquals(result.kind === "exited" ? result.kind : result.reason, status);
      const after = timers.waits.slice(deadlineMs === undefined ? 0 : 1);
      assert(waits.some((want) => String(want) === String(after)), String(after));
      const [child = ""] = name.startsWith("a tenth") && status === "exited"
        ? text(result).split("\n")
        : [];
      if (child !== "") Deno.kill(Number(child), "SIGKILL");
    },
  });
}

Deno.test("run() stops a program that prints too much", async () => {
  const code = `const line = new TextEncoder().encode("x".repeat(1023) + "\\n");
    for (;;) Deno.stdout.writeSync(line);`;
  assertEquals(text(await evaluate(code, { maxOutputBytes: 64 * 1024 })), "output-too-large");
});

Deno.test("run() reports a program that is not there", async () => {
  assertEquals(text(await start("/no/such/program")), "not-found");
});

Deno.test({
  name: "run() reports a file that cannot be executed",
  ignore: WINDOWS,
  async fn() {
    const path = await Deno.makeTempFile();
    try {
      assertEquals(text(await start(path)), "not-executable");
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test({
  name: "run() reports a status that the system forgets, where SIGCHLD is ignored",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const module = new URL("../../../lib/host/process/processes.ts", import.meta.url).href;
    const script = `
      import { denoProcesses } from ${JSON.stringify(module)};
      const result = await denoProcesses({ monotonicMs: () => performance.now() }).run({
        command: "sh", args: ["-c", "echo token"],
        env: {}, maxOutputBytes: 1024, stderr: { afterMs: 60_000, show() {} },
      });
      console.log(result.reason);`;
    const path = await Deno.makeTempFile({ suffix: ".ts" });
    try {
      await Deno.writeTextFile(path, script);
      // A shell does not ignore SIGCHLD when told to; coreutils' env does.
      const { stdout, stderr } = await new Deno.Command("env", {
        args: [
          "--ignore-signal=CHLD",
          Deno.execPath(),
          "run",
          "-A",
          "--no-lock",
          "--no-check",
          path,
        ],
      }).output();
      const decoder = new TextDecoder();
      assertEquals([decoder.decode(stdout), decoder.decode(stderr)], ["status-lost\n", ""]);
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test({
  name: "run() takes a program along when kuberlr is interrupted",
  ignore: WINDOWS,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const pidFile = `${folder}/pid`;
      const module = new URL("../../../lib/host/process/processes.ts", import.meta.url).href;
      const script = `
        import { denoProcesses } from ${JSON.stringify(module)};
        await denoProcesses({ monotonicMs: () => performance.now() }).run({
          command: "sh",
          args: ["-c", 'echo $$ > "${pidFile}.new"; mv "${pidFile}.new" "${pidFile}"; sleep 1000'],
          env: {}, maxOutputBytes: 1024, stderr: { afterMs: 60_000, show() {} },
        });`;
      await Deno.writeTextFile(`${folder}/main.ts`, script);
      const kuberlr = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-lock", "--no-check", `${folder}/main.ts`],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      const pid = await readWhenThere(pidFile);
      kuberlr.kill("SIGTERM");
      assertEquals((await kuberlr.status).signal, "SIGTERM");
      await gone(Number(pid));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "run() gives an interrupted program a second to end, and the signal half of one",
  ignore: WINDOWS,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const module = new URL("../../../lib/host/process/processes.ts", import.meta.url).href;
      // The result is the same as if the signal is blocked from the start.
      const script = `${noteWaits(`${folder}/waits`)}
        const { kill } = Deno;
        Deno.kill = (pid, signal) => pid === Deno.pid || kill(pid, signal);
        const { denoProcesses } = await import(${JSON.stringify(module)});
        await denoProcesses({ monotonicMs: () => performance.now() }).run({
          command: "/bin/sh",
          args: ["-c", 'trap "" TERM; echo $$ > "$0.new"; mv "$0.new" "$0"; while :; do sleep 1; done',
            ${JSON.stringify(`${folder}/pid`)}],
          env: {}, maxOutputBytes: 1024,
        });`;
      const kuberlr = new Deno.Command(Deno.execPath(), {
        args: ["eval", "--no-config", "--no-lock", script],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      const pid = await readWhenThere(`${folder}/pid`);
      kuberlr.kill("SIGTERM");
      assertEquals((await kuberlr.status).code, 143);
      await gone(Number(pid));
      const waits = (await Deno.readTextFile(`${folder}/waits`)).trimEnd().split("\n");
      // Meanwhile, the output of the killed program is waited for.
      assertEquals([waits[0], waits.at(-1)], ["1000", "!500"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Waits until no process has this number. Fails after ten seconds. */
async function gone(pid: number): Promise<void> {
  assert(Number.isInteger(pid) && pid > 1);
  for (const start = performance.now(); performance.now() - start < 10_000;) {
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] })
      .output();
    const state = new TextDecoder().decode(stdout).trim();
    // A zombie waits for its parent, which is another process.
    if (state === "" || state.startsWith("Z")) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`process ${pid} is still there`);
}

async function readWhenThere(path: string): Promise<string> {
  for (;;) {
    try {
      return await Deno.readTextFile(path);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
