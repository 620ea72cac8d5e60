/**
 * Slow credential plugins, and the processes that wait for them: real processes, their children and
 * their signals.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { CTRL_C, missingTerminal, openTerminal } from "../support/terminal_session.ts";

const ca = await makeAuthority();
const tls = await ca.server();
const V1 = "client.authentication.k8s.io/v1";
const CREDENTIAL = JSON.stringify({
  apiVersion: V1,
  kind: "ExecCredential",
  status: { token: "from-plugin" },
});

/**
 * A cluster that refuses anonymous requests, and a plugin: shell code that runs before it prints
 * the token.
 */
async function cluster(box: Sandbox, code: string) {
  const api = await startApiServer({ tls, token: "from-plugin", anonymous: false });
  const runs = `${box.root}/runs`;
  const plugin = box.write(
    "plugin",
    `#!/bin/sh\necho x >> "${runs}"\n${code}\necho '${CREDENTIAL}'\n`,
    0o755,
  );
  box.kubeconfig(
    kubeconfig().context("prod", {
      server: api.url,
      ca: ca.certificate,
    }, { exec: { apiVersion: V1, command: plugin, interactiveMode: "IfAvailable" } }),
  );
  box.fakeKubectl("1.30.5");
  box.fakeKubectl("1.33.0");
  return {
    api,
    runs: () => box.files(box.root).includes("runs") ? Deno.readTextFileSync(runs).length / 2 : 0,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

const ARGS = ["get", "pods"];

story("a login that takes longer than Timeout is waited for, once", async (box) => {
  await using here = await cluster(box, `echo "Open https://login.example.com" >&2; sleep 2.5`);
  const run = await box.run("kubectl", ARGS, { env: { KUBERLR_TIMEOUT: "1" } });
  assertStringIncludes(run.stdout, "kubectl 1.30.5\n");
  assertEquals(
    run.stderr,
    `kuberlr: Waiting for the credential plugin "plugin"\nOpen https://login.example.com\n`,
  );
  assertEquals(here.runs(), 1);
  const second = await box.run("kubectl", ARGS);
  assertEquals([second.stderr, here.runs()], ["", 1]);
}, { unix: "its plugin is a shell script" });

story("a one-time token is spent once, and what it brought is there for kubectl", async (box) => {
  box.write("token", "");
  const spend = `cd "${box.root}"; mv token spent || [ -e kept ] || exit 1
[ -e kept ] || { sleep 2.5; : > kept; }`;
  await using here = await cluster(box, spend);
  box.fakeKubectl("1.30.5", { then: `"${box.root}/plugin"` });
  const run = await box.run("kubectl", ARGS, { env: { KUBERLR_TIMEOUT: "1" } });
  assertEquals(run.status, 0, run.stderr);
  assertStringIncludes(run.stdout, `kubectl 1.30.5\n<get>\n<pods>\n${CREDENTIAL}\n`);
  // Once for kuberlr, and once for kubectl.
  assertEquals(here.runs(), 2);
}, { unix: "its plugin is a shell script" });

story("what a plugin prints does not reach kubectl's stdout", async (box) => {
  await using here = await cluster(box, `echo noise >&2`);
  const run = await box.run("kubectl", ARGS);
  assertEquals(run.stdout, fakeOutput("1.30.5", ARGS), run.stderr);
  assertEquals(here.runs(), 1);
}, { unix: "its plugin is a shell script" });

story("commands that start together run a slow plugin once between them", async (box) => {
  await using here = await cluster(box, "sleep 1.5");
  const runs = await Promise.all(Array.from({ length: 8 }, () => box.run("kubectl", ARGS)));
  for (const { stdout, stderr } of runs) {
    assertStringIncludes(stdout, "kubectl 1.30.5\n", stderr);
  }
  assertEquals(here.runs(), 1);
}, { unix: "its plugin is a shell script" });

story(
  "a plugin that calls kubectl with an environment of its own does not wait for itself",
  async (box) => {
    const kubectl = quoteShellWord(box.command("kubectl")[0]!);
    const keep = Object.entries(box.env).map(([name, value]) => `${name}='${value}'`).join(" ");
    await using here = await cluster(
      box,
      `[ -e "${box.root}/inner" ] || { : > "${box.root}/inner"; env -i ${keep} ${kubectl} get secret > "${box.root}/inner" 2>&1; }`,
    );
    const run = await box.run("kubectl", ARGS);
    assertStringIncludes(run.stdout, "kubectl 1.30.5\n");
    // The inner command does not know the server's version yet, so the newest runs.
    assertStringIncludes(Deno.readTextFileSync(`${box.root}/inner`), "kubectl 1.33.0\n");
    assertEquals(here.runs(), 1);
  },
  { unix: "its plugin is a shell script" },
);

story("a plugin that fails is run once, and said once", async (box) => {
  await using here = await cluster(box, "exit 1");
  const env = { KUBERLR_UNREACHABLETTL: "0" };
  const first = await box.run("kubectl", ARGS, { env });
  assertStringIncludes(first.stdout, "kubectl 1.33.0\n");
  assertMatch(
    first.stderr,
    /^kuberlr: warning: The version of https:\/\/127\.0\.0\.1:\d+ stays unknown: its credential plugin failed with exit status 1\. Repair the plugin and run "kuberlr clusters", or pin the kubectl \([^\n]*\)\n$/,
  );
  const second = await box.run("kubectl", ARGS, { env });
  assertEquals([second.stderr, here.runs()], ["", 1]);
}, { unix: "its plugin is a shell script" });

story(
  "a process that a plugin leaves running lives on, and may write to its stderr",
  async (box) => {
    const child = `sleep 2; echo noise >&2 && : > "${box.root}/alive"`;
    await using _here = await cluster(box, `(${child}) &`);
    const run = await box.run("kubectl", ARGS);
    assertStringIncludes(run.stdout, "kubectl 1.30.5\n");
    await until(() => box.files(box.root).includes("alive"));
  },
  { unix: "its plugin is a shell script" },
);

story("a child of the plugin that keeps stdout open is not awaited", async (box) => {
  await using here = await cluster(box, `sleep 1000 & echo $! > "${box.root}/pid"`);
  try {
    const run = await box.run("kubectl", ARGS);
    assertStringIncludes(run.stdout, "kubectl 1.30.5\n");
    assertEquals(here.runs(), 1);
  } finally {
    // Throws if the child has ended.
    Deno.kill(Number(readText(`${box.root}/pid`)), "SIGKILL");
  }
}, { unix: "its plugin is a shell script" });

story(
  "on a terminal a plugin cannot ask, Ctrl-C ends both, and the terminal echoes",
  async (box) => {
    const code = `[ -t 0 ] && echo stdin is a terminal >&2
( : < /dev/tty ) 2> "${box.root}/tty" && echo has a terminal >&2
echo $$ > "${box.root}/pid"; echo log in >&2; exec sleep 1000`;
    await using _here = await cluster(box, code);
    await using terminal = await openTerminal(box.env);
    await terminal.type(`${quoteShellWord(box.command("kubectl")[0]!)} get pods\n`);
    await terminal.waitFor(/Waiting for the credential plugin "plugin"\r\nlog in\r\n/);
    await terminal.type(CTRL_C);
    await terminal.waitFor(/sh> $/);
    await until(() => !isAlive(Number(readText(`${box.root}/pid`))));
    await terminal.type("stty -a | grep -ow -e -echo -e echo\n");
    await terminal.waitFor(/\necho\r\n/);
  },
  { unless: missingTerminal() },
);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
  story(`${signal} ends kuberlr and the plugin that it waits for`, async (box) => {
    await using _here = await cluster(box, `echo $$ > "${box.root}/pid"; exec sleep 1000`);
    const running = box.start("kubectl", ARGS);
    await until(() => /^\d+\n$/.test(readText(`${box.root}/pid`)));
    running.kill(signal);
    assertEquals((await running.done).signal, signal);
    await until(() => !isAlive(Number(readText(`${box.root}/pid`))));
  }, { unix: "its plugin is a shell script" });
}

story("timeout(1) ends kuberlr and the plugin that it waits for", async (box) => {
  await using _here = await cluster(box, `echo $$ > "${box.root}/pid"; exec sleep 1000`);
  const kubectl = box.command("kubectl")[0]!;
  const run = await box.exec("/usr/bin/timeout", ["3", kubectl, ...ARGS]);
  assertEquals(run.status, 124);
  await until(() => !isAlive(Number(readText(`${box.root}/pid`))));
}, { unix: "its plugin is a shell script" });

story("a plugin that ignores the signal does not outlive kuberlr", async (box) => {
  await using _here = await cluster(
    box,
    `trap '' TERM; echo $$ > "${box.root}/pid"; while :; do sleep 1; done`,
  );
  const running = box.start("kubectl", ARGS);
  await until(() => /^\d+\n$/.test(readText(`${box.root}/pid`)));
  running.kill("SIGTERM");
  assertEquals((await running.done).signal, "SIGTERM");
  await until(() => !isAlive(Number(readText(`${box.root}/pid`))));
}, { unix: "its plugin is a shell script" });

story("a kubeconfig in a pipe is left to kubectl, and said once a day", async (box) => {
  box.fakeKubectl("1.33.0", { then: 'cat "$(echo "$3" | cut -d= -f2)"' });
  const shell = (command: string) => box.exec("/bin/bash", ["-c", command]);
  const kubectl = quoteShellWord(box.command("kubectl")[0]!);
  const first = await shell(`${kubectl} get pods --kubeconfig=<(echo content)`);
  assertStringIncludes(first.stdout, "content\n");
  assertMatch(
    first.stderr,
    /^kuberlr: warning: The server cannot be determined: "\/dev\/fd\/\d+" is not a regular file, so it can be read only once\. Pin the kubectl [^\n]*\n$/,
  );
  const second = await shell(`${kubectl} get pods --kubeconfig=<(echo content)`);
  assertEquals([second.stdout.includes("content\n"), second.stderr], [true, ""]);
  const explained = await shell(
    `${quoteShellWord(box.command("kuberlr")[0]!)} explain get pods --kubeconfig=<(echo content)`,
  );
  assertStringIncludes(explained.stdout, "only kubectl reads it; KUBERLR_KUBECTL pins a version");
  assertEquals(explained.stdout.includes("kubectl will say"), false);
}, { unix: "its plugin is a shell script" });

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let rounds = 0; !condition(); rounds++) {
    if (rounds > 1_000) throw new Error("It never happened");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
