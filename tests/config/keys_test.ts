import { assertEquals } from "@std/assert";
import { CONFIG_KEYS } from "../../lib/config/keys.ts";
import { LINUX, WINDOWS } from "../support/fake_host.ts";

for (
  const { url, platform, want } of [
    { url: "file://server/share/k8s", platform: WINDOWS, want: true },
    { url: "file://server/share/{version}/kubectl{ext}", platform: WINDOWS, want: true },
    { url: "file://server/share/k8s", platform: LINUX, want: false },
    { url: "file://server/share/{version}/kubectl", platform: LINUX, want: false },
    { url: "file://localhost/srv/k8s", platform: LINUX, want: true },
    { url: "file://me:secret@server/k8s", platform: LINUX, want: false },
    { url: "file://me:secret@localhost/k8s", platform: LINUX, want: true },
    { url: "file:///srv/k8s", platform: LINUX, want: true },
  ]
) {
  Deno.test(`KubeMirrorUrl ${want ? "takes" : "refuses"} ${url} on ${platform.os}`, () => {
    assertEquals(CONFIG_KEYS.KubeMirrorUrl.parse(url, platform), want ? [url] : undefined);
    assertEquals(CONFIG_KEYS.ChecksumUrl.parse(url, platform), want ? url : undefined);
  });
}

for (
  const { seconds, want } of [
    { seconds: 0, want: undefined },
    { seconds: 0.1, want: 0.1 },
    { seconds: 86_400, want: 86_400 },
    { seconds: 86_401, want: undefined },
  ]
) {
  Deno.test(`Timeout ${want === undefined ? "refuses" : "takes"} ${seconds}`, () => {
    assertEquals(CONFIG_KEYS.Timeout.parse(seconds, LINUX), want);
  });
}
