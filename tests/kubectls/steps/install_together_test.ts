import { assertEquals, assertMatch } from "@std/assert";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import { spawnInstall } from "../../support/install_child.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  wanted,
} from "../../support/install_world.ts";
import { type Mirror, startMirror } from "../../support/mirror.ts";
import { isBinary } from "../../support/mirror_faults.ts";
import { elfBytes } from "../../support/mirror_files.ts";
import { fakeClock } from "../../support/fake_host.ts";

const windows = Deno.build.os === "windows";
const BYTES = elfBytes(1_000_000);
const KUBECTLS = [{ version: "1.30.2", bytes: BYTES }];
/**
 * True if none of SIGHUP, SIGINT and SIGTERM is ignored, which children inherit; only Linux can
 * tell.
 */
const unshielded = Deno.build.os === "linux" &&
  (BigInt(`0x${/^SigIgn:\s*(\w+)/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]}`) &
      0x4003n) === 0n;

async function output(child: Deno.ChildProcess) {
  const { code, signal, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, signal, stdout: decode(stdout), stderr: decode(stderr) };
}

/** Waits until the mirror has got this many requests for the kubectl. */
async function asked(mirror: Mirror, times: number): Promise<void> {
  while (mirror.binaryRequests().length < times) await tick();
}

/** Waits until a part of a download is on the disk. */
async function begun(world: InstallWorld): Promise<void> {
  while (!world.kubectls().some((name) => name.endsWith(".part"))) await tick();
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("sixteen processes at once on an empty cache download one kubectl once", async () => {
  using world = installWorld();
  await using mirror = await startMirror({
    kubectls: KUBECTLS,
    fault: ({ path }) =>
      isBinary({ path }) ? { kind: "drip", bytes: 20_000, everyMs: 30 } : undefined,
  });
  const children = Array.from({ length: 16 }, () => spawnInstall(mirror.url, world.home, "1.30.2"));
  const outputs = await Promise.all(children.map(output));
  for (const { code, stdout, stderr } of outputs) {
    assertEquals(code, 0, stderr);
    assertEquals(stdout, `${world.pathOf("1.30.2")}\n`);
  }
  assertEquals(mirror.binaryRequests().length, 1);
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  assertEquals(Deno.readFileSync(world.pathOf("1.30.2")), BYTES);
});

Deno.test({
  name: `a process that dies in the middle lets the next one in at once, which sweeps up after it${
    windows ? " (ignored: Windows has no SIGKILL)" : ""
  }`,
  ignore: windows,
  async fn() {
    using world = installWorld();
    await using mirror = await startMirror({
      kubectls: KUBECTLS,
      fault: ({ path, nth }) =>
        isBinary({ path }) && nth === 1 ? { kind: "stall", afterBytes: 500_000 } : undefined,
    });
    const holder = spawnInstall(mirror.url, world.home, "1.30.2");
    await asked(mirror, 1);
    await begun(world);
    const waiting = spawnInstall(mirror.url, world.home, "1.30.2");
    const waited = output(waiting);
    holder.kill("SIGKILL");
    assertEquals((await output(holder)).signal, "SIGKILL");
    const { code, stderr } = await waited;
    assertEquals(code, 0, stderr);
    assertEquals(mirror.binaryRequests().length, 2);
    assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  },
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test({
    name:
      `${signal} in the middle of a download leaves nothing behind and ends the process as it should${
        unshielded ? "" : " (ignored: signals are, or may be, ignored here)"
      }`,
    ignore: !unshielded,
    async fn() {
      using world = installWorld();
      await using mirror = await startMirror({
        kubectls: KUBECTLS,
        fault: ({ path }) =>
          isBinary({ path }) ? { kind: "stall", afterBytes: 500_000 } : undefined,
      });
      const child = spawnInstall(mirror.url, world.home, "1.30.2");
      await begun(world);
      child.kill(signal);
      assertEquals((await output(child)).signal, signal);
      assertEquals(world.kubectls(), []);
    },
  });
}

Deno.test({
  name: `what nohup shields goes on downloading after SIGHUP${
    Deno.build.os === "linux" ? "" : " (ignored: only Linux tells what is ignored)"
  }`,
  ignore: Deno.build.os !== "linux",
  async fn() {
    using world = installWorld();
    await using mirror = await startMirror({
      kubectls: KUBECTLS,
      fault: ({ path }) =>
        isBinary({ path }) ? { kind: "drip", bytes: 100_000, everyMs: 40 } : undefined,
    });
    const child = spawnInstall(mirror.url, world.home, "1.30.2", [
      "/bin/sh",
      "-c",
      `trap "" HUP; exec "$0" "$@"`,
    ]);
    await begun(world);
    child.kill("SIGHUP");
    const { code, stderr } = await output(child);
    assertEquals(code, 0, stderr);
    assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  },
});

Deno.test("installKubectl() is right without locks, too, where the file system refuses them", async () => {
  using world = installWorld();
  await using mirror = await startMirror({
    kubectls: KUBECTLS,
    fault: ({ path }) =>
      isBinary({ path }) ? { kind: "drip", bytes: 200_000, everyMs: 10 } : undefined,
  });
  const host = { ...world.host, store: { ...world.host.store, tryLock: () => "refused" as const } };
  const install = () => installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, host);
  const [first, second] = await Promise.all([install(), install()]);
  assertEquals(first.path, second.path);
  assertEquals(mirror.binaryRequests().length, 2);
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  assertEquals(Deno.readFileSync(first.path), BYTES);
});

Deno.test("installKubectl() says whom it waits for, and goes its own way when they have stopped for good", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS });
  const clock = fakeClock();
  const saidAtMs: number[] = [];
  const { terminal, store } = world.host;
  const write = (text: string) => {
    if (text.includes("Waiting")) saidAtMs.push(clock.nowMs());
    terminal.stderr.write(text);
  };
  const host = {
    ...world.host,
    store: { ...store, tryLock: () => "held" as const },
    terminal: { ...terminal, stderr: { ...terminal.stderr, write } },
    clock,
  };
  const { path } = await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, host);
  assertEquals(Deno.readFileSync(path), BYTES);
  // They check from the first second on if they may go on.
  assertEquals([saidAtMs, clock.nowMs()], [[1_000], 121_000]);
  assertEquals(new Set(clock.sleeps), new Set([50]));
  assertMatch(
    world.stderr(),
    /^kuberlr: Waiting for another kuberlr that is downloading kubectl 1\.30\.2\n/,
  );
});
