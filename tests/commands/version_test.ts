import { assertEquals } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import type { CommandRun } from "../../lib/cli/command_line.ts";
import { version } from "../../lib/commands/version.ts";
import type { RunRequest } from "../../lib/ports/host.ts";
import {
  fakeClock,
  fakeEnv,
  fakeFiles,
  fakeProgram,
  fakeTerminal,
  LINUX,
} from "../support/fake_host.ts";

Deno.test("version gives git two seconds", async () => {
  const requests: RunRequest[] = [];
  await version(parseCommandLine(["version"]) as CommandRun, {
    platform: LINUX,
    env: fakeEnv({ PATH: "/bin" }),
    files: fakeFiles({ "/bin/git": { executable: true }, "/src/.git": { kind: "directory" } }),
    program: fakeProgram({
      startCommand: () => ({ kind: "source", deno: "/opt/deno", module: "/src/main.ts" }),
    }),
    terminal: fakeTerminal(),
    clock: fakeClock(1_000_000),
    processes: {
      ancestry: () => undefined,
      run(request) {
        requests.push(request);
        return Promise.resolve({ kind: "exited", status: 1, stdout: new Uint8Array() });
      },
    },
  });
  assertEquals(requests.map(({ deadlineMs, maxOutputBytes }) => [deadlineMs, maxOutputBytes]), [
    [1_002_000, 1_000],
  ]);
});
