import { assertEquals } from "@std/assert";
import { parseVersionString, type ReleaseString } from "../../lib/version/version_string.ts";

const rows: readonly (Partial<Omit<ReleaseString, "kind">> & { text: string; release: string })[] =
  [
    { text: "v1.34.1", release: "1.34.1" },
    { text: "1.34", release: "1.34.0" },
    { text: " v1.34.1\n", release: "1.34.1" },
    { text: "v1.34.1-dirty", release: "1.34.1", dirty: true },
    {
      text: "v1.34.1-3+8b820db0cdf3e9",
      release: "1.34.1",
      commitsSinceTag: 3,
      commit: "8b820db0cdf3e9",
    },
    {
      text: "v1.34.1-3-g8b820db0cdf3e9",
      release: "1.34.1",
      commitsSinceTag: 3,
      commit: "8b820db0cdf3e9",
    },
    {
      text: "v1.34.1-3+8b820db0cdf3e9-dirty",
      release: "1.34.1",
      commitsSinceTag: 3,
      commit: "8b820db0cdf3e9",
      dirty: true,
    },
    { text: "v1.36.0-rc.1", release: "1.36.0", preRelease: "rc.1" },
    {
      text: "v1.36.0-alpha.1.2+570552dfa3c9a0",
      release: "1.36.0",
      preRelease: "alpha.1",
      commitsSinceTag: 2,
      commit: "570552dfa3c9a0",
    },
    {
      text: "v1.36.0-rc.1.2+76fd9ba5f0e8d9-dirty",
      release: "1.36.0",
      preRelease: "rc.1",
      commitsSinceTag: 2,
      commit: "76fd9ba5f0e8d9",
      dirty: true,
    },
    {
      text: "v1.18.0-alpha.3.227+7d13dfe3c34f44-dirty",
      release: "1.18.0",
      preRelease: "alpha.3",
      commitsSinceTag: 227,
      commit: "7d13dfe3c34f44",
      dirty: true,
    },
    { text: "v1.33.5-eks-113cf36", release: "1.33.5", vendor: "eks-113cf36" },
    {
      text: "v1.33.5-eks-113cf36-1-g9a2c1f0e4b7d88",
      release: "1.33.5",
      vendor: "eks-113cf36",
      commitsSinceTag: 1,
      commit: "9a2c1f0e4b7d88",
    },
    { text: "v1.33.5-gke.1080000", release: "1.33.5", vendor: "gke.1080000" },
    { text: "v1.33.5+k3s1", release: "1.33.5", vendor: "k3s1" },
    { text: "v1.33.5+rke2r1", release: "1.33.5", vendor: "rke2r1" },
    {
      text: "v1.33.5+k3s1-1+631f0a9b8c7d6e",
      release: "1.33.5",
      vendor: "k3s1",
      commitsSinceTag: 1,
      commit: "631f0a9b8c7d6e",
    },
    { text: "v1.27.101-akslts", release: "1.27.101", vendor: "akslts" },
    { text: "v1.30.0-rc.1+k3s1", release: "1.30.0", preRelease: "rc.1", vendor: "k3s1" },
    { text: "v1.20.0+bd9e442", release: "1.20.0", commit: "bd9e442" },
  ];
for (const { text, release, ...want } of rows) {
  Deno.test(`parseVersionString() takes ${JSON.stringify(text)} apart`, () => {
    const [major = 0, minor = 0, patch = 0] = release.split(".").map(Number);
    assertEquals(parseVersionString(text), {
      kind: "release",
      major,
      minor,
      patch,
      preRelease: undefined,
      commitsSinceTag: undefined,
      commit: undefined,
      vendor: undefined,
      dirty: false,
      ...want,
    });
  });
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
for (
  const { text, commit, dirty } of [
    { text: "v0.0.0-master+$Format:%h$", commit: undefined, dirty: false },
    { text: "v0.0.0-master+$Format:%H$", commit: undefined, dirty: false },
    { text: "v0.0.0-master+$Format:%H$-dirty", commit: undefined, dirty: true },
    { text: `v0.0.0-master+${COMMIT}`, commit: COMMIT, dirty: false },
  ]
) {
  Deno.test(`parseVersionString() takes ${text} for a build without a version`, () => {
    assertEquals(parseVersionString(text), { kind: "unstamped", commit, dirty });
  });
}

for (
  const text of ["", "foo", "1", "v1", "0.30.2", "1.30.2 beta", "1.30.2\x1b[1m", "1.30.2x", "-1.30"]
) {
  Deno.test(`parseVersionString() refuses ${JSON.stringify(text)}`, () => {
    assertEquals(parseVersionString(text), undefined);
  });
}
