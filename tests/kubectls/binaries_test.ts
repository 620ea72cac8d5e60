import { assertEquals } from "@std/assert";
import { sortBinaries, versionOfFileName } from "../../lib/kubectls/binaries.ts";
import { formatVersion, parseVersion } from "../../lib/version/version.ts";

const NAMES: readonly [os: "linux" | "windows", name: string, version: string | undefined][] = [
  ["linux", "kubectl1.30.2", "1.30.2"],
  ["linux", "kubectl1.30", "1.30.0"],
  ["linux", "kubectl1.31.0-rc.1", "1.31.0-rc.1"],
  ["linux", "kubectl", undefined],
  ["linux", "kubectl1", undefined],
  ["linux", "kubectl1.30.2.bak", undefined],
  ["linux", "kubectl1.30.2.exe", undefined],
  ["linux", "kubectl1.30.2-eks", undefined],
  ["linux", "kubectl.1.30", undefined],
  ["linux", ".kubectl-1.30.2.4711.part", undefined],
  ["linux", "mykubectl1.30.2", undefined],
  ["windows", "kubectl1.30.2.exe", "1.30.2"],
  ["windows", "kubectl1.30.2", undefined],
];
for (const [os, name, want] of NAMES) {
  Deno.test(`versionOfFileName() reads ${name} as ${want} on ${os}`, () => {
    const version = versionOfFileName({ os, arch: "amd64" }, name);
    assertEquals(version && formatVersion(version), want);
  });
}

Deno.test("sortBinaries() puts the newest first, and of one version the local one", () => {
  const binary = (text: string, source: "local" | "system") => ({
    version: parseVersion(text)!,
    path: `/${source}/${text}`,
    source,
  });
  const sorted = sortBinaries([
    binary("1.9.0", "local"),
    binary("1.30.2", "system"),
    binary("1.31.0-rc.1", "system"),
    binary("1.30.2", "local"),
    binary("1.31.0", "system"),
  ]);
  assertEquals(sorted.map(({ path }) => path), [
    "/system/1.31.0",
    "/system/1.31.0-rc.1",
    "/local/1.30.2",
    "/system/1.30.2",
    "/local/1.9.0",
  ]);
});
