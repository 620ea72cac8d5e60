import { assertEquals } from "@std/assert";
import type { Platform } from "../../../lib/platform.ts";
import { lookPath } from "../../../lib/files/steps/look_path.ts";
import { fakeEnv, fakeFiles, LINUX, WINDOWS } from "../../support/fake_host.ts";

const program = { executable: true };
const UNIX_FILES = fakeFiles({
  "/usr/bin/plug": program,
  "/opt/bin/plug": program,
  "/opt/bin/text": "no program",
  "/opt/bin/folder": { kind: "directory", executable: true },
  "/bin/secret": { error: "EACCES" },
  "rel/only": program,
  "here": program,
  "./sub/plug": program,
});
const WINDOWS_FILES = fakeFiles({
  "C:\\Tools\\plug.exe": "",
  "C:\\Tools\\script.cmd": "",
  "C:\\Tools\\odd.ps1": "",
}, "\\");

const ROWS: readonly [
  platform: Platform,
  name: string,
  env: Readonly<Record<string, string>>,
  want: string | undefined,
][] = [
  [LINUX, "plug", { PATH: "/usr/bin:/opt/bin" }, "/usr/bin/plug"],
  [LINUX, "plug", { PATH: "/opt/bin:/usr/bin" }, "/opt/bin/plug"],
  [LINUX, "plug", { PATH: "/nowhere:/opt//bin/" }, "/opt/bin/plug"],
  [LINUX, "plug", { PATH: "/opt/x/../bin" }, "/opt/bin/plug"],
  [LINUX, "plug", {}, undefined],
  [LINUX, "text", { PATH: "/opt/bin" }, undefined],
  [LINUX, "folder", { PATH: "/opt/bin" }, undefined],
  [LINUX, "secret", { PATH: "/bin" }, undefined],
  [LINUX, "", { PATH: "/opt/bin" }, undefined],
  [LINUX, "/opt/bin/plug", { PATH: "/usr/bin" }, "/opt/bin/plug"],
  [LINUX, "/opt/bin/missing", { PATH: "/usr/bin" }, undefined],
  [LINUX, "./sub/plug", {}, "./sub/plug"],
  // It was found through the working directory, which Go does not trust.
  [LINUX, "only", { PATH: "rel:/opt/bin" }, undefined],
  [LINUX, "here", { PATH: ":/opt/bin" }, undefined],
  [WINDOWS, "plug", { PATH: "C:\\Nowhere;C:\\Tools" }, "C:\\Tools\\plug.exe"],
  [WINDOWS, "plug.exe", { PATH: "C:\\Tools" }, "C:\\Tools\\plug.exe"],
  [WINDOWS, "script", { PATH: "C:\\Tools" }, "C:\\Tools\\script.cmd"],
  [WINDOWS, "odd", { PATH: "C:\\Tools" }, undefined],
  [WINDOWS, "odd", { PATH: "C:\\Tools", PATHEXT: ".EXE;PS1" }, "C:\\Tools\\odd.ps1"],
  [WINDOWS, "plug", { PATH: '"C:\\Nowhere;";"C:\\Tools"' }, "C:\\Tools\\plug.exe"],
  [WINDOWS, "C:\\Tools\\plug", {}, "C:\\Tools\\plug.exe"],
];

for (const [platform, name, env, want] of ROWS) {
  Deno.test(`lookPath() finds "${name}" in ${JSON.stringify(env)} on ${platform.os} at ${want}`, () => {
    const files = platform === WINDOWS ? WINDOWS_FILES : UNIX_FILES;
    assertEquals(lookPath(name, { platform, env: fakeEnv(env), files }), want);
  });
}
