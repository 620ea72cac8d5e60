import { assertEquals, assertRejects } from "@std/assert";
import { type CommandRun, parseCommandLine } from "../../lib/cli/command_line.ts";
import { link } from "../../lib/commands/link.ts";
import { HostError, KuberlrError } from "../../lib/errors.ts";
import type { RunResult, StartCommand } from "../../lib/ports/host.ts";
import type { Platform } from "../../lib/platform.ts";
import {
  fakeEnv,
  type FakeFile,
  fakeFiles,
  fakeProgram,
  fakeTerminal,
  LINUX,
  WINDOWS,
} from "../support/fake_host.ts";

const RAN: RunResult = { kind: "exited", status: 0, stdout: new Uint8Array() };

interface World {
  readonly platform?: Platform;
  readonly start: StartCommand;
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** True if links may be made. */
  readonly mayLink?: boolean;
  readonly noShell?: boolean;
  /** The result of every program. */
  readonly run?: RunResult;
}

async function run(
  {
    platform = LINUX,
    start,
    files = {},
    env = {},
    args = [],
    mayLink = true,
    noShell = false,
    run = RAN,
  }: World,
) {
  const isWindows = platform.os === "windows";
  const shell = isWindows || noShell ? {} : { "/bin/sh": { executable: true } };
  const fake = fakeFiles({ ...shell, ...files }, isWindows ? "\\" : "/");
  const terminal = fakeTerminal();
  const refuse = (_: string, path: string) => {
    throw new HostError("EPERM", path, "A required privilege is not held by the client");
  };
  const status = await link(parseCommandLine(["link", ...args]) as CommandRun, {
    platform,
    env: fakeEnv(env),
    files: mayLink ? fake : { ...fake, linkAtomically: refuse },
    program: fakeProgram({ startCommand: () => start }),
    terminal,
    processes: { run: () => Promise.resolve(run), ancestry: () => undefined },
    clock: {
      nowMs: () => 0,
      monotonicMs: () => 0,
      sleep: () => Promise.resolve(),
      later: () => ({ [Symbol.dispose]() {} }),
    },
  });
  const path = terminal.stdoutText.trim();
  const text = fake.texts.get(path);
  // The part of the launcher that starts kuberlr.
  const found = /^kl_start=(.*)\n[^]*^exec "\$kl_start" (.*) "\$@"\n$/m.exec(text ?? "");
  return {
    status,
    path,
    text: found === null ? text : `${found[1]} ${found[2]}`,
    stderr: terminal.stderrText,
    kuberlr: fake.texts.get(`${path.slice(0, path.lastIndexOf("/"))}/kuberlr`),
  };
}

const EXECUTABLE: StartCommand = { kind: "executable", path: "/opt/bin/kuberlr" };
const SOURCE: StartCommand = {
  kind: "source",
  deno: "/opt/deno's/deno",
  module: "https://example.com/kuberlr.js",
};

for (
  const { name, want, ...world } of [
    {
      name: "writes a launcher for an executable, beside it",
      start: EXECUTABLE,
      want: { path: "/opt/bin/kubectl", text: `/opt/bin/kuberlr --as-kubectl"$kl_asked"` },
    },
    {
      name: "links to an executable where it is told to",
      start: EXECUTABLE,
      args: ["--symlink"],
      want: { path: "/opt/bin/kubectl", text: "/opt/bin/kuberlr" },
    },
    {
      name: "links to an executable without a shell",
      start: EXECUTABLE,
      noShell: true,
      want: { path: "/opt/bin/kubectl", text: "/opt/bin/kuberlr" },
    },
    {
      name: "links to the single file where it is told to",
      start: { ...SOURCE, module: "/opt/kuberlr.js" },
      args: ["--symlink", "--dir", "/bin"],
      want: { path: "/bin/kubectl", text: "/opt/kuberlr.js" },
    },
    {
      name: "goes to the user's programs where another kubectl is beside it",
      start: EXECUTABLE,
      env: { HOME: "/home/me" },
      files: { "/opt/bin/kubectl": "another" },
      want: {
        path: "/home/me/.local/bin/kubectl",
        text: `/opt/bin/kuberlr --as-kubectl"$kl_asked"`,
      },
    },
    {
      name: "writes a launcher for a program that Deno runs",
      start: SOURCE,
      args: ["--dir", "/bin"],
      want: {
        path: "/bin/kubectl",
        text:
          `'/opt/deno'\\''s/deno' run --quiet -A --no-config --no-lock https://example.com/kuberlr.js --as-kubectl"$kl_asked"`,
      },
    },
    {
      name: "leaves a checkout its configuration",
      start: { ...SOURCE, deno: "/bin/deno", module: "/src/kuberlr/main.ts" },
      args: ["--dir", "/bin"],
      want: {
        path: "/bin/kubectl",
        text: `/bin/deno run --quiet -A /src/kuberlr/main.ts --as-kubectl"$kl_asked"`,
      },
    },
    {
      name: "starts the name in PATH, which stays when a package manager brings the next version",
      start: { kind: "executable", path: "/cellar/kuberlr/1.2.3/bin/kuberlr" },
      env: { PATH: "/usr/bin:/brew/bin" },
      files: {
        "/cellar/kuberlr/1.2.3/bin/kuberlr": { executable: true, ino: 7 },
        "/brew/bin/kuberlr": { executable: true, ino: 7 },
      },
      want: { path: "/brew/bin/kubectl", text: `/brew/bin/kuberlr --as-kubectl"$kl_asked"` },
    },
    {
      name: "does not start another kuberlr in PATH",
      start: EXECUTABLE,
      env: { PATH: "/usr/bin" },
      files: {
        "/opt/bin/kuberlr": { executable: true, ino: 7 },
        "/usr/bin/kuberlr": { executable: true, ino: 8 },
      },
      want: { path: "/opt/bin/kubectl", text: `/opt/bin/kuberlr --as-kubectl"$kl_asked"` },
    },
    {
      name: "starts Deno by its name in PATH",
      start: { ...SOURCE, deno: "/cellar/deno/2.9.6/bin/deno" },
      args: ["--dir", "/bin"],
      env: { PATH: "/brew/bin" },
      files: {
        "/cellar/deno/2.9.6/bin/deno": { executable: true, ino: 7 },
        "/brew/bin/deno": { executable: true, ino: 7 },
      },
      want: {
        path: "/bin/kubectl",
        text:
          `/brew/bin/deno run --quiet -A --no-config --no-lock https://example.com/kuberlr.js --as-kubectl"$kl_asked"`,
      },
    },
    {
      name: "replaces a launcher of its own",
      start: SOURCE,
      args: ["--dir=/bin"],
      files: { "/bin/kubectl": `#!/bin/sh\n# made by "kuberlr link"\nexec old` },
      want: undefined,
    },
  ] as readonly (World & { name: string; want: { path: string; text: string } | undefined })[]
) {
  Deno.test(`link() ${name}`, async () => {
    const { status, path, text } = await run(world);
    assertEquals(status, 0);
    if (want !== undefined) assertEquals({ path, text }, want);
  });
}

for (
  const { name, message, ...world } of [
    {
      name: "to replace another program",
      start: EXECUTABLE,
      args: ["--dir", "/bin"],
      files: { "/bin/kubectl": { kind: "file", executable: true, text: "ELF" } },
      message: `Cannot put kubectl there: "/bin/kubectl" is another program`,
    },
    {
      name: "where nothing may be written",
      start: EXECUTABLE,
      args: ["--symlink"],
      mayLink: false,
      message: `Cannot put kubectl into "/opt/bin": A required privilege is not held by the client`,
    },
    {
      name: "to link to a checkout",
      start: { ...SOURCE, module: "/src/kuberlr/main.ts" },
      args: ["--symlink", "--dir", "/bin"],
      message: "Cannot link to a kuberlr that runs from source",
    },
    {
      name: "what cannot be loaded, with Deno's own cause",
      start: SOURCE,
      args: ["--dir", "/bin"],
      run: {
        kind: "exited",
        status: 1,
        stdout: new TextEncoder().encode(
          "error: JSR package manifest for '@std/x' failed to load. Import 'https://jsr.io/' failed.\n" +
            "    0: error sending request for url (https://jsr.io/)\n    1: client error (Connect)\n" +
            "    2: invalid peer certificate: UnknownIssuer\n  at file:///src/main.ts:1:1\n",
        ),
      },
      message:
        "Cannot load kuberlr's modules: JSR package manifest for '@std/x' failed to load. Import " +
        "'https://jsr.io/' failed. (invalid peer certificate: UnknownIssuer)",
    },
    {
      name: "without a home",
      start: SOURCE,
      message: "Cannot tell where to put kubectl: there is no home folder",
    },
  ] as readonly (World & { name: string; message: string })[]
) {
  Deno.test(`link() refuses ${name}`, async () => {
    const error = await assertRejects(() => run(world), KuberlrError);
    assertEquals([error.exitStatus, error.message], [125, message]);
  });
}

Deno.test("link() finds its folder in a PATH of Windows, however it is written there", async () => {
  const { stderr } = await run({
    platform: WINDOWS,
    start: { kind: "executable", path: "C:\\Tools\\kuberlr.exe" },
    env: { PATH: 'C:\\Windows;"c:/tools/"' },
  });
  assertEquals(stderr.includes("is not in PATH"), false, stderr);
});
