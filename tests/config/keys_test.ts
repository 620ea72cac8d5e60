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
    { url: "file:///srv/k8s", platform: LINUX, want: true },
  ]
) {
  Deno.test(`KubeMirrorUrl ${want ? "takes" : "refuses"} ${url} on ${platform.os}`, () => {
    assertEquals(CONFIG_KEYS.KubeMirrorUrl.parse(url, platform), want ? [url] : undefined);
    assertEquals(CONFIG_KEYS.ChecksumUrl.parse(url, platform), want ? url : undefined);
  });
}
