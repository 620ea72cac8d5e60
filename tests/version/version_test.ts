import { assertEquals } from "@std/assert";
import {
  compareVersions,
  formatMinor,
  formatVersion,
  parseVersion,
} from "../../lib/version/version.ts";

const PARSED: readonly [gitVersion: string, version: string | undefined][] = [
  ["v1.33.1", "1.33.1"],
  ["1.27.11-gke.1018000", "1.27.11"],
  ["v1.17.13-gke.2001", "1.17.13"],
  ["v1.32.0-eks-5ca49cb", "1.32.0"],
  ["v1.28.10+a2c84a5", "1.28.10"],
  ["v1.34.6+k3s1", "1.34.6"],
  ["v1.16.3-k3s.2", "1.16.3"],
  ["v1.31.9+rke2r1", "1.31.9"],
  ["v1.20.5-34+40f5951bd9888a", "1.20.5"],
  ["v1.30.7+IKS", "1.30.7"],
  ["v1.28.2+k2d.100b", "1.28.2"],
  ["v1.27.101-akslts", "1.27.101"],
  ["V1.30.2", "1.30.2"],
  ["v1.37", "1.37.0"],
  ["v1.31.0-rc.1", "1.31.0-rc.1"],
  ["v1.38.0-alpha.2", "1.38.0-alpha.2"],
  ["v1.17.0-alpha.3.227+7d13dfe3c34f44-dirty", "1.17.0"],
  ["v1.36.0-rc.1.2+76fd9ba5f0e8d9", "1.36.0"],
  ["v1.34.1-3+8b820db0cdf3e9-dirty", "1.34.1"],
  ["v1.33.5-eks-113cf36-1-g9a2c", "1.33.5"],
  ["v1.030.02", "1.30.2"],
  ["v0.0.0-master+$Format:%H$", undefined],
  ["cfc-1.6.1.17+f04cb2d1cde1c7-dirty", undefined],
  ["", undefined],
  ["v1", undefined],
  ["latest", undefined],
  ["v1.9999999999.0", undefined],
];
for (const [gitVersion, want] of PARSED) {
  Deno.test(`parseVersion() reads ${JSON.stringify(gitVersion)} as ${want}`, () => {
    const version = parseVersion(gitVersion);
    assertEquals(version && formatVersion(version), want);
  });
}

Deno.test("compareVersions() puts pre-releases before their release and minors by number", () => {
  const versions = ["1.10.0", "1.9.11", "1.31.0", "1.31.0-rc.1", "1.31.0-alpha.2", "2.0.0"];
  const sorted = versions.map((text) => parseVersion(text)!).sort(compareVersions);
  assertEquals(sorted.map(formatVersion), [
    "1.9.11",
    "1.10.0",
    "1.31.0-alpha.2",
    "1.31.0-rc.1",
    "1.31.0",
    "2.0.0",
  ]);
});

Deno.test("formatMinor() leaves the patch out", () => {
  assertEquals(formatMinor(parseVersion("v1.30.2")!), "1.30");
});
