import { assertEquals } from "@std/assert";
import {
  binaryFile,
  checksumFile,
  filePathOfUrl,
  markerFile,
  type Mirror,
  parseMirror,
  runnablePlatforms,
} from "../../lib/mirror/mirror.ts";
import type { Platform } from "../../lib/platform.ts";
import { parseVersion, type Version } from "../../lib/version/version.ts";

const LINUX: Platform = { os: "linux", arch: "amd64" };
const WINDOWS: Platform = { os: "windows", arch: "arm64" };
const V = parseVersion("1.30.2") as Version;
const MINOR = { major: 1, minor: 30 };
const BIN = "release/v1.30.2/bin/linux/amd64/kubectl";

for (
  const { text, binary, checksum, marker, minorMarker } of [
    ...[
      "https://dl.k8s.io",
      "https://dl.k8s.io/",
      "https://dl.k8s.io///",
      "https://dl.k8s.io/release",
      "HTTPS://dl.k8s.io/release/",
      " https://dl.k8s.io ",
    ]
      .map((text) => ({
        text,
        binary: `https://dl.k8s.io/${BIN}`,
        checksum: `https://dl.k8s.io/${BIN}.sha512`,
        marker: "https://dl.k8s.io/release/stable.txt",
        minorMarker: "https://dl.k8s.io/release/stable-1.30.txt",
      })),
    {
      text: "https://files.m.daocloud.io/dl.k8s.io",
      binary: `https://files.m.daocloud.io/dl.k8s.io/${BIN}`,
      checksum: `https://files.m.daocloud.io/dl.k8s.io/${BIN}.sha512`,
      marker: "https://files.m.daocloud.io/dl.k8s.io/release/stable.txt",
      minorMarker: "https://files.m.daocloud.io/dl.k8s.io/release/stable-1.30.txt",
    },
    {
      text: "http://[::1]:8081/artifactory/k8s/",
      binary: `http://[::1]:8081/artifactory/k8s/${BIN}`,
      checksum: `http://[::1]:8081/artifactory/k8s/${BIN}.sha512`,
      marker: "http://[::1]:8081/artifactory/k8s/release/stable.txt",
      minorMarker: "http://[::1]:8081/artifactory/k8s/release/stable-1.30.txt",
    },
    {
      text: "file:///mnt/usb/k8s/",
      binary: `file:///mnt/usb/k8s/${BIN}`,
      checksum: `file:///mnt/usb/k8s/${BIN}.sha512`,
      marker: "file:///mnt/usb/k8s/release/stable.txt",
      minorMarker: "file:///mnt/usb/k8s/release/stable-1.30.txt",
    },
    {
      text: "https://mirror.azure.cn/kubernetes/kubectl/v{version}/bin/{os}/{arch}/kubectl{ext}",
      binary: "https://mirror.azure.cn/kubernetes/kubectl/v1.30.2/bin/linux/amd64/kubectl",
      checksum: "https://mirror.azure.cn/kubernetes/kubectl/v1.30.2/bin/linux/amd64/kubectl.sha512",
      marker: "https://mirror.azure.cn/kubernetes/kubectl/stable.txt",
      minorMarker: "https://mirror.azure.cn/kubernetes/kubectl/stable-1.30.txt",
    },
    {
      text:
        "https://rancher-mirror.rancher.cn/kubectl/v{version}/{os}-{arch}-v{version}-kubectl{ext}",
      binary: "https://rancher-mirror.rancher.cn/kubectl/v1.30.2/linux-amd64-v1.30.2-kubectl",
      checksum:
        "https://rancher-mirror.rancher.cn/kubectl/v1.30.2/linux-amd64-v1.30.2-kubectl.sha512",
      marker: "https://rancher-mirror.rancher.cn/kubectl/stable.txt",
      minorMarker: "https://rancher-mirror.rancher.cn/kubectl/stable-1.30.txt",
    },
    {
      text: "https://h/{os}/k-{major}.{minor}.{patch}?sig=a%2Fb",
      binary: "https://h/linux/k-1.30.2?sig=a%2Fb",
      checksum: "https://h/linux/k-1.30.2.sha512?sig=a%2Fb",
      marker: "https://h/stable.txt?sig=a%2Fb",
      minorMarker: "https://h/stable-1.30.txt?sig=a%2Fb",
    },
  ]
) {
  Deno.test(`parseMirror() leads from ${text.trim()} to its files`, () => {
    const mirror = parse(text);
    assertEquals(binaryFile(mirror, V, LINUX).url, binary);
    assertEquals(checksumFile(mirror, V, LINUX, "sha512").url, checksum);
    assertEquals(markerFile(mirror, undefined).url, marker);
    assertEquals(markerFile(mirror, MINOR).url, minorMarker);
  });
}

Deno.test("binaryFile() has .exe for Windows, in the default layout and in templates", () => {
  assertEquals(
    binaryFile(parse("https://h"), V, WINDOWS).url,
    "https://h/release/v1.30.2/bin/windows/arm64/kubectl.exe",
  );
  assertEquals(
    binaryFile(parse("https://h/{version}{ext}"), V, WINDOWS).url,
    "https://h/1.30.2.exe",
  );
});

Deno.test("checksumFile() stands beside a pre-release, too", () => {
  const version = parseVersion("v1.38.0-alpha.2") as Version;
  assertEquals(
    checksumFile(parse("https://h"), version, LINUX, "sha256").url,
    "https://h/release/v1.38.0-alpha.2/bin/linux/amd64/kubectl.sha256",
  );
});

for (
  const { text, credentials, shown } of [
    {
      text: "https://me:s3cr3t@h/x",
      credentials: { username: "me", password: "s3cr3t" },
      shown: `https://h/x/${BIN}`,
    },
    {
      text: "https://me%40work:a%2Fb%3Ac@h",
      credentials: { username: "me@work", password: "a/b:c" },
      shown: `https://h/${BIN}`,
    },
    {
      text: "https://token@h",
      credentials: { username: "token", password: "" },
      shown: `https://h/${BIN}`,
    },
    {
      text: "https://me:100%@h",
      credentials: { username: "me", password: "100%" },
      shown: `https://h/${BIN}`,
    },
    {
      text: "https://me:a@b@h",
      credentials: { username: "me", password: "a@b" },
      shown: `https://h/${BIN}`,
    },
    { text: "https://h?sig=s3cr3t", credentials: undefined, shown: `https://h/${BIN}?…` },
    {
      text: "https://me:s3cr3t@h/{version}?sig=x",
      credentials: { username: "me", password: "s3cr3t" },
      shown: "https://h/1.30.2?…",
    },
  ]
) {
  Deno.test(`parseMirror() keeps what is secret in ${text} apart`, () => {
    const mirror = parse(text);
    assertEquals(mirror.credentials, credentials);
    assertEquals(binaryFile(mirror, V, LINUX).shown, shown);
    assertEquals(binaryFile(mirror, V, LINUX).url.includes("s3cr3t@"), false);
  });
}

for (
  const text of [
    "",
    "dl.k8s.io",
    "ftp://dl.k8s.io",
    "https://",
    "https:///path",
    "file://",
    "file://host",
    "file://host/",
    "file:relative",
    "https://h/{verison}",
    "https://h/{version",
    "https://h/a b",
    "https://h/a\\b",
    "https://h:port",
    "https://bob:33/PW@host/",
    "https://bob:PW/x@host/",
    "javascript:alert(1)",
  ]
) {
  Deno.test(`parseMirror() refuses ${JSON.stringify(text)}`, () => {
    assertEquals(parseMirror(text), undefined);
  });
}

for (
  const { version, platform, want } of [
    { version: "1.20.15", platform: { os: "darwin", arch: "arm64" }, want: "amd64" },
    { version: "1.21.0", platform: { os: "darwin", arch: "arm64" }, want: "arm64" },
    { version: "1.20.15", platform: { os: "darwin", arch: "amd64" }, want: "amd64" },
    { version: "1.22.17", platform: { os: "windows", arch: "arm64" }, want: "amd64" },
    { version: "1.23.0", platform: { os: "windows", arch: "arm64" }, want: "arm64" },
    { version: "1.5.0", platform: { os: "linux", arch: "arm64" }, want: "arm64" },
  ] as const
) {
  Deno.test(`runnablePlatforms() takes ${want} for ${version} on ${platform.os}/${platform.arch}`, () => {
    assertEquals(runnablePlatforms(parseVersion(version) as Version, platform), [{
      os: platform.os,
      arch: want,
    }]);
  });
}

for (
  const { platform, url, want } of [
    { platform: LINUX, url: "file:///mnt/usb%20stick/kubectl", want: "/mnt/usb stick/kubectl" },
    { platform: LINUX, url: "file:///mnt/100%/kubectl", want: "/mnt/100%/kubectl" },
    { platform: WINDOWS, url: "file:///C:/k8s/kubectl.exe", want: "C:\\k8s\\kubectl.exe" },
    { platform: LINUX, url: "file:///C:/k8s", want: "/C:/k8s" },
    { platform: LINUX, url: "file://localhost/mnt/k8s", want: "/mnt/k8s" },
    {
      platform: WINDOWS,
      url: "file://server/share/k8s%20mirror/kubectl.exe",
      want: "\\\\server\\share\\k8s mirror\\kubectl.exe",
    },
  ]
) {
  Deno.test(`filePathOfUrl() reads ${url} on ${platform.os}`, () => {
    assertEquals(filePathOfUrl(platform, url), want);
  });
}

function parse(text: string): Mirror {
  const mirror = parseMirror(text);
  if (mirror === undefined) throw new TypeError(`${text} is no mirror`);
  return mirror;
}
