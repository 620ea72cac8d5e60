import { assertEquals, assertThrows } from "@std/assert";
import { type CommandRun, parseCommandLine } from "../../lib/cli/command_line.ts";
import { link } from "../../lib/commands/link.ts";
import { HostError, KuberlrError } from "../../lib/errors.ts";
import type { Launcher } from "../../lib/ports/host.ts";
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

interface World {
  readonly platform?: Platform;
  readonly launcher: Launcher;
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Whether links may be made. */
  readonly mayLink?: boolean;
}

function run(
  { platform = LINUX, launcher, files = {}, env = {}, args = [], mayLink = true }: World,
) {
  const fake = fakeFiles(files, platform.os === "windows" ? "\\" : "/");
  const terminal = fakeTerminal();
  const refuse = (_: string, path: string) => {
    throw new HostError("EPERM", path, "A required privilege is not held by the client");
  };
  const status = link(parseCommandLine(["link", ...args]) as CommandRun, {
    platform,
    env: fakeEnv(env),
    files: mayLink ? fake : { ...fake, linkAtomically: refuse },
    program: fakeProgram({ launcher: () => launcher }),
    terminal,
  });
  const path = terminal.stdoutText.trim();
  return { status, path, text: fake.texts.get(path), stderr: terminal.stderrText };
}

const EXECUTABLE: Launcher = { kind: "executable", path: "/opt/bin/kuberlr" };
const SOURCE: Launcher = {
  kind: "source",
  deno: "/opt/deno's/deno",
  module: "https://example.com/kuberlr.js",
};

for (
  const { name, want, ...world } of [
    {
      name: "links to an executable, beside it",
      launcher: EXECUTABLE,
      want: { path: "/opt/bin/kubectl", text: "/opt/bin/kuberlr" },
    },
    {
      name: "goes to the user's programs where another kubectl is beside it",
      launcher: EXECUTABLE,
      env: { HOME: "/home/me" },
      files: { "/opt/bin/kubectl": "another" },
      want: { path: "/home/me/.local/bin/kubectl", text: "/opt/bin/kuberlr" },
    },
    {
      name: "writes a launcher for a program that Deno runs",
      launcher: SOURCE,
      args: ["--dir", "/bin"],
      want: {
        path: "/bin/kubectl",
        text: `#!/bin/sh\n# made by "kuberlr link"\n` +
          `exec '/opt/deno'\\''s/deno' 'run' '--quiet' '-A' '--no-config' '--no-lock' 'https://example.com/kuberlr.js' '--as-kubectl' "$@"\n`,
      },
    },
    {
      name: "leaves a checkout its configuration",
      launcher: { ...SOURCE, deno: "/bin/deno", module: "/src/kuberlr/main.ts" },
      args: ["--dir", "/bin"],
      want: {
        path: "/bin/kubectl",
        text: `#!/bin/sh\n# made by "kuberlr link"\n` +
          `exec '/bin/deno' 'run' '--quiet' '-A' '/src/kuberlr/main.ts' '--as-kubectl' "$@"\n`,
      },
    },
    {
      name: "links to the name in PATH, which stays when a package manager brings the next version",
      launcher: { kind: "executable", path: "/cellar/kuberlr/1.2.3/bin/kuberlr" },
      env: { PATH: "/usr/bin:/brew/bin" },
      files: {
        "/cellar/kuberlr/1.2.3/bin/kuberlr": { executable: true, ino: 7 },
        "/brew/bin/kuberlr": { executable: true, ino: 7 },
      },
      want: { path: "/brew/bin/kubectl", text: "/brew/bin/kuberlr" },
    },
    {
      name: "does not link to another kuberlr in PATH",
      launcher: EXECUTABLE,
      env: { PATH: "/usr/bin" },
      files: {
        "/opt/bin/kuberlr": { executable: true, ino: 7 },
        "/usr/bin/kuberlr": { executable: true, ino: 8 },
      },
      want: { path: "/opt/bin/kubectl", text: "/opt/bin/kuberlr" },
    },
    {
      name: "starts Deno by its name in PATH",
      launcher: { ...SOURCE, deno: "/cellar/deno/2.9.6/bin/deno" },
      args: ["--dir", "/bin"],
      env: { PATH: "/brew/bin" },
      files: {
        "/cellar/deno/2.9.6/bin/deno": { executable: true, ino: 7 },
        "/brew/bin/deno": { executable: true, ino: 7 },
      },
      want: {
        path: "/bin/kubectl",
        text: `#!/bin/sh\n# made by "kuberlr link"\n` +
          `exec '/brew/bin/deno' 'run' '--quiet' '-A' '--no-config' '--no-lock' 'https://example.com/kuberlr.js' '--as-kubectl' "$@"\n`,
      },
    },
    {
      name: "replaces a launcher of its own",
      launcher: SOURCE,
      args: ["--dir=/bin"],
      files: { "/bin/kubectl": `#!/bin/sh\n# made by "kuberlr link"\nexec old` },
      want: undefined,
    },
  ] as readonly (World & { name: string; want: { path: string; text: string } | undefined })[]
) {
  Deno.test(`link() ${name}`, () => {
    const { status, path, text } = run(world);
    assertEquals(status, 0);
    if (want !== undefined) assertEquals({ path, text }, want);
  });
}

for (
  const { name, message, ...world } of [
    {
      name: "to replace another program",
      launcher: EXECUTABLE,
      args: ["--dir", "/bin"],
      files: { "/bin/kubectl": { kind: "file", executable: true, text: "ELF" } },
      message: `Cannot put kubectl there: "/bin/kubectl" is another program`,
    },
    {
      name: "where nothing may be written",
      launcher: EXECUTABLE,
      mayLink: false,
      message: `Cannot put kubectl into "/opt/bin": A required privilege is not held by the client`,
    },
    {
      name: "without a home",
      launcher: SOURCE,
      message: "Cannot tell where to put kubectl: there is no home",
    },
  ] as readonly (World & { name: string; message: string })[]
) {
  Deno.test(`link() refuses ${name}`, () => {
    const error = assertThrows(() => run(world), KuberlrError);
    assertEquals([error.exitStatus, error.message], [125, message]);
  });
}

Deno.test("link() finds its folder in a PATH of Windows, however it is written there", () => {
  const { stderr } = run({
    platform: WINDOWS,
    launcher: { kind: "executable", path: "C:\\Tools\\kuberlr.exe" },
    env: { PATH: 'C:\\Windows;"c:/tools/"' },
  });
  assertEquals(stderr.includes("is not in PATH"), false, stderr);
});
