/**
 * kubectl replaces kuberlr: it has the same process, arguments, environment and descriptors, and
 * its status is the status.
 */
import { assertEquals } from "@std/assert";
import { story } from "../support/sandbox.ts";
import { assertRan, assertRefused } from "../support/verdicts.ts";

for (const handOff of ["exec", "spawn"]) {
  const env = { KUBERLR_HANDOFF: handOff };

  story(`arguments arrive as they were typed (${handOff})`, async (box) => {
    box.fakeKubectl("1.30.2");
    const args = ["get", "", "a b", "*", "'\"$HOME`\\", "--", "ü", "-o=jsonpath={.a}\t", "\n"];
    assertRan(await box.run("kubectl", args, { env }), "1.30.2", args);
  });

  story(`stdin is kubectl's, to the last byte (${handOff})`, async (box) => {
    box.fakeKubectl("1.30.2", { then: "cat" });
    const { stdout } = await box.run("kubectl", ["apply", "-f-"], { env, stdin: "a: 1\nb: 2" });
    assertEquals(stdout, "kubectl 1.30.2\n<apply>\n<-f->\na: 1\nb: 2");
  });

  story(`the environment arrives as it was (${handOff})`, async (box) => {
    // It is as large as a kubectl. A smaller file may be a wrapper, and gets the counter that ends
    // loops.
    const padding = "#".repeat(2 ** 20);
    const then = `env -u _ -u PWD -u SHLVL -u OLDPWD | sort; exit\n${padding}`;
    box.fakeKubectl("1.30.2", { then });
    const { stdout } = await box.run("kubectl", [], { env: { ...env, HTTPS_PROXY: "http://p:1" } });
    const want = { ...box.env, ...env, HTTPS_PROXY: "http://p:1" };
    assertEquals(
      stdout.trimEnd().split("\n").slice(1),
      Object.entries(want).map(([name, value]) => `${name}=${value}`).toSorted(),
    );
  }, { unix: "its kubectl is a shell script" });

  story(`the working directory stays (${handOff})`, async (box) => {
    box.fakeKubectl("1.30.2", { then: "pwd" });
    const { stdout } = await box.run("kubectl", [], { env });
    assertEquals(stdout, `kubectl 1.30.2\n${box.cwd}\n`);
  });

  for (const status of [0, 1, 3, 125, 255]) {
    story(`exit status ${status} is kubectl's (${handOff})`, async (box) => {
      box.fakeKubectl("1.30.2", { then: `exit ${status}` });
      assertEquals((await box.run("kubectl", [], { env })).status, status);
    });
  }
}

story("kubectl runs under the process id that was started", async (box) => {
  box.fakeKubectl("1.30.2", { then: "echo $$" });
  const running = box.start("kubectl");
  assertEquals((await running.done).stdout, `kubectl 1.30.2\n${running.pid}\n`);
}, { unix: "kubectl is a child there" });

story("a kubectl killed by a signal looks killed by a signal", async (box) => {
  box.fakeKubectl("1.30.2", { then: "kill -TERM $$" });
  const { signal } = await box.run("kubectl");
  assertEquals(signal, "SIGTERM");
}, { unix: "there are no signals" });

story("a kubectl that cannot be executed: exit status 126", async (box) => {
  const path = box.write("pinned/kubectl", "#!/bin/sh\n", 0o644);
  assertRefused(await box.run("kubectl", ["get", "pods"], { env: { KUBERLR_KUBECTL: path } }), {
    status: 126,
    error: /pinned\/kubectl/,
    hint: /./,
  });
});

story("a kubectl for another machine: exit status 126", async (box) => {
  box.write(box.kubectl("1.30.2"), "\x7fNOT an executable\n", 0o755);
  assertRefused(await box.run("kubectl", ["get", "pods"]), {
    status: 126,
    error: /kubectl1\.30\.2/,
    hint: /./,
  });
});

story("a pin to a path that is not there: exit status 127", async (box) => {
  box.fakeKubectl("1.30.2");
  const env = { KUBERLR_KUBECTL: `${box.root}/nowhere/kubectl` };
  assertRefused(await box.run("kubectl", ["get", "pods"], { env }), {
    status: 127,
    error: /nowhere\/kubectl/,
    hint: /./,
  });
});
