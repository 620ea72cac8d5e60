import { assertEquals } from "@std/assert";
import { type CommandRun, parseCommandLine } from "../../lib/cli/command_line.ts";
import { unlink } from "../../lib/commands/unlink.ts";
import { fakeEnv, fakeFiles, fakeProgram, fakeTerminal, LINUX } from "../support/fake_host.ts";

const LAUNCHER = `#!/bin/sh\n# made by "kuberlr link"\n`;

for (
  const { dir, removed } of [
    { dir: "/opt/bin", removed: "/opt/bin/kubectl" },
    { dir: "/opt/bin/", removed: "/opt/bin/kubectl" },
    { dir: "bin", removed: "/here/bin/kubectl" },
    { dir: "bin/", removed: "/here/bin/kubectl" },
  ]
) {
  Deno.test(`unlink --dir ${dir} removes ${removed}`, () => {
    const files = fakeFiles({ [removed]: LAUNCHER });
    const terminal = fakeTerminal();
    const status = unlink(parseCommandLine(["unlink", "--dir", dir]) as CommandRun, {
      platform: LINUX,
      env: fakeEnv({}),
      files,
      program: fakeProgram(),
      terminal,
    });
    assertEquals([status, files.stat(removed)], [0, undefined]);
    assertEquals(terminal.stderrText, `kuberlr: Removed "${removed}"\n`);
  });
}
