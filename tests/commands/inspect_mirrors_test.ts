import { assertEquals } from "@std/assert";
import { inspectMirrors } from "../../lib/commands/inspect_mirrors.ts";
import type { Config } from "../../lib/config/config.ts";
import type { Host } from "../../lib/ports/host.ts";
import { fakeDownloads, SILENT } from "../support/fake_downloads.ts";
import { fakeClock, fakeEnv, fakeFiles, fakeTerminal, LINUX } from "../support/fake_host.ts";

Deno.test("inspectMirrors() waits five seconds for a mirror that is silent", async () => {
  const downloads = fakeDownloads(() => SILENT);
  const host: Partial<Host> = {
    platform: LINUX,
    env: fakeEnv(),
    files: fakeFiles(),
    terminal: fakeTerminal(),
    clock: fakeClock(),
    downloads,
  };
  const config: Partial<Config> = {
    allowDownload: true,
    kubeMirrorUrl: ["https://mirror.test"],
    checksumUrl: "",
    quiet: true,
    color: "never",
  };
  const { failure } = await inspectMirrors(config as Config, host as Host);
  assertEquals(failure?.reason, `"https://mirror.test/release/stable.txt": silence`);
  assertEquals(downloads.requests.map(({ answerMs }) => answerMs), [5_000]);
});
