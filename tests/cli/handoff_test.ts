/** kubectl sees no trace of kuberlr. The whole program runs, from the arguments to kubectl. */
import { assertEquals, assertMatch } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import {
  denoTakesBytes,
  quote,
  type Started,
  startFrom,
  type StartingState,
  writeProbe,
} from "../support/process_probe.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const LINUX = Deno.build.os === "linux";

/** Returns a command that sets only this world's variables, in a fixed order. */
function worldOf(box: Sandbox): readonly string[] {
  const env = Object.entries(box.env).map(([name, value]) => `${name}=${value}`);
  return ["env", "-i", ...env, "PROBE_DIR=FOLDER", "HTTPS_PROXY=http://user@127.0.0.1:9"];
}

/**
 * Asserts that the kubectl at `path` starts through kuberlr as it does when it is called directly.
 */
async function assertNoTrace(
  box: Sandbox,
  path: string,
  starting: StartingState,
): Promise<void> {
  const from = { ...starting, prefix: [...worldOf(box), ...starting.prefix ?? []] };
  const through = await startFrom(from, [...programUnderTest(), "kubectl"]);
  const direct = await startFrom(from, [path]);
  assertEquals(comparable(through), comparable(direct));
  assertMatch(direct.state.cmdline!, /^\/bin\/sh\|/);
}

/** `deno run` raises the soft limit of open files: see docs/dev/handoff.md. */
function comparable({ state, status, stdout, stderr }: Started) {
  const limits = state.limits!.replace(/^(Max open files).*$/m, "$1");
  return { state: { ...state, limits }, status, stdout, stderr };
}

function linuxStory(name: string, fn: (box: Sandbox) => Promise<void>): void {
  if (LINUX) story(name, fn);
  else Deno.test({ name: `${name} (ignored: it reads Linux' /proc)`, ignore: true, fn() {} });
}

const STATES: Readonly<Record<string, StartingState>> = {
  "nothing odd": { args: ["config", "view"] },
  "odd arguments": { args: ["config", "view", `''`, `"$(printf 'a\\nb')"`, `'é  x'`] },
  ...(LINUX && programUnderTest().length > 1 && denoTakesBytes()
    ? { "arguments that are not UTF-8": { args: ["config", "view", `"$(printf 'a\\377b')"`] } }
    : {}),
  "ignored signals": { args: ["config", "view"], before: "trap '' HUP INT QUIT TERM TSTP USR1" },
  "another umask and extra descriptors": {
    args: ["config", "view"],
    before: "umask 027; exec 5>>/dev/null 7</dev/null",
  },
  "variables that are not UTF-8": {
    args: ["config", "view"],
    prefix: ["sh", "-c", `ODD="$(printf 'a\\377')"; export ODD; exec "$@"`, "sh"],
  },
};

for (const [name, starting] of Object.entries(STATES)) {
  linuxStory(`kubectl finds no trace of kuberlr with ${name}`, async (box) => {
    Deno.mkdirSync(box.binaries, { recursive: true });
    const path = writeProbe(box.kubectl("1.30.0"));
    // The first command resolves, the second follows the memo.
    await assertNoTrace(box, path, starting);
    await assertNoTrace(box, path, starting);
  });
}

for (const [name, before] of [["", ""], [" and signals are ignored", "trap '' HUP INT USR1"]]) {
  linuxStory(`kubectl finds no trace where it was downloaded first${name}`, async (box) => {
    const probe = writeProbe(`${box.root}/probe`);
    await using cluster = await startCluster(box, {
      api: { version: "v1.30.0" },
      kubectls: [{ version: "1.30.0", bytes: Deno.readFileSync(probe) }],
    });
    const from = { before: before!, prefix: worldOf(box), args: ["get", "pods"] };
    const through = await startFrom(from, [...programUnderTest(), "kubectl"]);
    const direct = await startFrom(from, [box.kubectl("1.30.0")]);
    // Before the hand-off, kuberlr asked a server over TLS without the proxy, and made a download
    // that a signal would have cleaned up.
    assertEquals(cluster.mirror.binaryRequests().length, 1);
    assertEquals(comparable({ ...through, stderr: "" }), comparable(direct));
  });
}

linuxStory("a wrapper in SystemPath that calls kubectl again ends with an error", async (box) => {
  const rounds = box.write("rounds", "");
  const command = [...programUnderTest(), "kubectl"].map(quote).join(" ");
  box.write(
    "system/kubectl1.30.0",
    `#!/bin/sh\necho x >> ${quote(rounds)}\n${command} "$@"\n`,
    0o755,
  );
  const { status, stdout, stderr } = await box.run("kubectl", ["config", "view"]);
  assertEquals([status, stdout], [125, ""]);
  assertMatch(
    stderr,
    /^kuberlr: error: Cannot run ".*\/kubectl1.30.0": it leads back to kuberlr\nkuberlr: hint: /,
  );
  assertEquals(Deno.readTextFileSync(rounds).length, 40);
});

linuxStory("a plugin that calls kubectl again and again is not a loop", async (box) => {
  box.fakeKubectl("1.30.0", {
    folder: box.system,
    then:
      `level=$((\${LEVEL:-0} + 1)); [ $level -gt 12 ] || LEVEL=$level sh -c "kubectl config view"`,
  });
  const { status, stderr } = await box.run("kubectl", ["config", "view"]);
  assertEquals([status, stderr], [0, ""]);
});
