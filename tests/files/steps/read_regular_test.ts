import { assertEquals, assertThrows } from "@std/assert";
import { HostError } from "../../../lib/errors.ts";
import { denoFiles } from "../../../lib/host/disk/files.ts";
import { readRegularBytes, readRegularText } from "../../../lib/files/steps/read_regular.ts";
import { config, HOME, load } from "../../support/connection_world.ts";
import { fakeFiles, LINUX } from "../../support/fake_host.ts";

Deno.test("readRegularText() reads files, finds none, and knows /dev/null", () => {
  const files = fakeFiles({ "/a": "text" });
  assertEquals(readRegularText("/a", "kubeconfig", files), "text");
  assertEquals(readRegularText("/b", "kubeconfig", files), undefined);
  assertEquals(readRegularText("/dev/null", "kubeconfig", files), "");
  assertEquals(readRegularBytes("/dev/null", "kubeconfig", files), new Uint8Array());
});

Deno.test("loadConnection() refuses a kubeconfig that can be read only once", async () => {
  const { loaded } = await load({ files: { [HOME]: { text: config(), kind: "other" } } });
  assertEquals(loaded, {
    kind: "refused",
    isReadOnce: true,
    reason: `"${HOME}" is not a regular file, so it can be read only once`,
  });
});

const windows = Deno.build.os === "windows";
Deno.test({
  name: `readRegularBytes() leaves a pipe to its reader${windows ? " (no mkfifo here)" : ""}`,
  ignore: windows,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/pipe`;
      await new Deno.Command("mkfifo", { args: [path] }).output();
      // Opening it would wait for a writer without end.
      assertThrows(() => readRegularBytes(path, "kubeconfig", denoFiles(LINUX)), HostError);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
