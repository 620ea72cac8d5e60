/** The time and output limits of the programs that `link` starts. */
import { assertEquals } from "@std/assert";
import { findShell } from "../../../lib/launcher/steps/find_shell.ts";
import { loadModules } from "../../../lib/launcher/steps/load_modules.ts";
import { runStat } from "../../../lib/launcher/steps/stat_command.ts";
import type { Processes } from "../../../lib/ports/host.ts";
import { fakeClock, fakeEnv, fakeFiles, LINUX } from "../../support/fake_host.ts";

const START_MS = 1_000_000;

/** `succeeds` says if a program with these arguments does. */
function world(path: string, succeeds: (args: readonly string[]) => boolean = () => true) {
  const limits = new Set<string>();
  const processes: Processes = {
    ancestry: () => undefined,
    run({ args, deadlineMs = Infinity, maxOutputBytes }) {
      limits.add(`${deadlineMs - START_MS} ms, ${maxOutputBytes} bytes`);
      const status = succeeds(args) ? 0 : 1;
      return Promise.resolve({ kind: "exited", status, stdout: new Uint8Array() });
    },
  };
  const host = {
    processes,
    clock: fakeClock(START_MS),
    platform: LINUX,
    env: fakeEnv({ PATH: path }),
    files: fakeFiles({ [`${path}/bash`]: { executable: true } }),
  };
  return { host, limits };
}

Deno.test("runStat() gives stat two seconds", async () => {
  const { host, limits } = world("/bin");
  await runStat(["/"], { path: "/bin/stat", flavor: "gnu3" }, host);
  assertEquals(limits, new Set([`2000 ms, ${1 << 20} bytes`]));
});

Deno.test("loadModules() gives Deno two minutes", async () => {
  const { host, limits } = world("/bin");
  const start = { kind: "source", deno: "/opt/deno", module: "https://a.test/x.js" } as const;
  await loadModules(start, [], host);
  assertEquals(limits, new Set([`120000 ms, ${1 << 20} bytes`]));
});

for (
  const { characters, want } of [
    { characters: 100, want: `/${"x".repeat(94)}/bash -p` },
    { characters: 101, want: "/bin/sh" },
  ]
) {
  Deno.test(`findShell() gives bash two seconds, and takes ${want.slice(-7)} for ${characters} characters`, async () => {
    const folder = `/${"x".repeat(characters - "//bash".length)}`;
    const { host, limits } = world(folder, (args) => args[2]?.startsWith(folder) === true);
    assertEquals(await findShell(host), want);
    assertEquals(limits, new Set([`2000 ms, ${1 << 16} bytes`]));
  });
}
