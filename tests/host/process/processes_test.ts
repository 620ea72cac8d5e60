import { assert, assertEquals } from "@std/assert";
import type { RunRequest, RunResult } from "../../../lib/ports/host.ts";
import { denoProcesses } from "../../../lib/host/process/processes.ts";

const processes = denoProcesses({ monotonicMs: () => performance.now() });
const WINDOWS = Deno.build.os === "windows";

function run(request: Partial<RunRequest>): Promise<RunResult> {
  return processes.run({
    command: Deno.execPath(),
    args: [],
    env: {},
    deadlineMs: performance.now() + 30_000,
    maxOutputBytes: 1024 * 1024,
    ...request,
  });
}

/** Runs a script in a child of Deno's. */
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
      env: {}, deadlineMs: performance.now() + 30_000, maxOutputBytes: 1024,
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

Deno.test("run() kills a program that takes too long", async () => {
  const result = await evaluate("setInterval(() => {}, 1000)", {
    deadlineMs: performance.now() + 200,
  });
  assertEquals(text(result), "timeout");
});

Deno.test({
  name: "run() kills the children of a program that takes too long",
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
  name: "run() does not wait beyond the deadline for who inherited the output",
  ignore: WINDOWS,
  async fn() {
    const result = await run({
      command: "sh",
      args: ["-c", "sleep 1000 & echo done"],
      deadlineMs: performance.now() + 500,
    });
    assertEquals(text(result), "timeout");
  },
});

Deno.test("run() stops a program that prints too much", async () => {
  const code = `const line = new TextEncoder().encode("x".repeat(1023) + "\\n");
    for (;;) Deno.stdout.writeSync(line);`;
  assertEquals(text(await evaluate(code, { maxOutputBytes: 64 * 1024 })), "output-too-large");
});

Deno.test("run() does not start a program when the deadline has passed", async () => {
  assertEquals(text(await evaluate("", { deadlineMs: performance.now() - 1 })), "timeout");
});

Deno.test("run() reports a program that is not there", async () => {
  for (const command of ["no-such-program-here", "/no/such/program"]) {
    assertEquals(text(await run({ command })), "not-found");
  }
});

Deno.test({
  name: "run() reports a file that cannot be executed",
  ignore: WINDOWS,
  async fn() {
    const path = await Deno.makeTempFile();
    try {
      assertEquals(text(await run({ command: path })), "not-executable");
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test({
  name: "run() takes a bare name from PATH, and never from the current directory",
  ignore: WINDOWS,
  async fn() {
    const folder = await Deno.makeTempDir();
    const { PATH = "" } = Deno.env.toObject();
    const before = Deno.cwd();
    try {
      await Deno.writeTextFile(`${folder}/kuberlr-plugin`, "#!/bin/sh\necho found\n");
      await Deno.chmod(`${folder}/kuberlr-plugin`, 0o755);
      Deno.chdir(folder);
      for (const [path, want] of [[`:.:${PATH}`, "not-found"], [`${PATH}:${folder}`, "found\n"]]) {
        Deno.env.set("PATH", path!);
        assertEquals(text(await run({ command: "kuberlr-plugin" })), want);
      }
    } finally {
      Deno.env.set("PATH", PATH);
      Deno.chdir(before);
      await Deno.remove(folder, { recursive: true });
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
        env: {}, deadlineMs: performance.now() + 30_000, maxOutputBytes: 1024,
      });
      console.log(result.reason);`;
    const path = await Deno.makeTempFile({ suffix: ".ts" });
    try {
      await Deno.writeTextFile(path, script);
      // A shell does not ignore SIGCHLD when told to; env of coreutils does.
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
          env: {}, deadlineMs: performance.now() + 60_000, maxOutputBytes: 1024,
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

/** Waits until no process has this number; fails after ten seconds. */
async function gone(pid: number): Promise<void> {
  assert(Number.isInteger(pid) && pid > 1);
  for (const start = performance.now(); performance.now() - start < 10_000;) {
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] })
      .output();
    const state = new TextDecoder().decode(stdout).trim();
    // A zombie waits for its parent, which is not us.
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
