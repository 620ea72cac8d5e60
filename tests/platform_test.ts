import { assertEquals } from "@std/assert";
import {
  executableSuffix,
  folderOf,
  formatPlatform,
  isAbsolutePath,
  joinPath,
  listSeparator,
  type Platform,
} from "../lib/platform.ts";

const LINUX: Platform = { os: "linux", arch: "amd64" };
const WINDOWS: Platform = { os: "windows", arch: "arm64" };

const ABSOLUTE: readonly [platform: Platform, path: string, want: boolean][] = [
  [LINUX, "/usr/bin", true],
  [LINUX, "usr/bin", false],
  [LINUX, "~/bin", false],
  [LINUX, "", false],
  [LINUX, "C:\\bin", false],
  [WINDOWS, "C:\\bin", true],
  [WINDOWS, "c:/bin", true],
  [WINDOWS, "\\\\server\\share", true],
  [WINDOWS, "//server/share", true],
  [WINDOWS, "C:bin", false],
  [WINDOWS, "\\bin", false],
  [WINDOWS, "/bin", false],
];
for (const [platform, path, want] of ABSOLUTE) {
  Deno.test(`isAbsolutePath() says ${want} of "${path}" on ${platform.os}`, () => {
    assertEquals(isAbsolutePath(platform, path), want);
  });
}

Deno.test("a platform says how its paths, lists and executables are written", () => {
  const written = (platform: Platform) => [
    formatPlatform(platform),
    executableSuffix(platform),
    listSeparator(platform),
    joinPath(platform, "a", "b", ""),
  ];
  assertEquals(written(LINUX), ["linux-amd64", "", ":", "a/b/"]);
  assertEquals(written(WINDOWS), ["windows-arm64", ".exe", ";", "a\\b\\"]);
});

for (
  const [path, want] of [
    ["/usr/bin/kubectl", "/usr/bin"],
    ["/kubectl", "/"],
    ["/", "/"],
    ["C:\\bin\\kubectl.exe", "C:\\bin"],
    ["C:\\bin/kubectl.exe", "C:\\bin"],
    ["kubectl", ""],
  ] as const
) {
  Deno.test(`folderOf() of "${path}" is "${want}"`, () => {
    assertEquals(folderOf(path), want);
  });
}
