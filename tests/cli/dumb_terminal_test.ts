/** A terminal that does not know escape sequences, for example Emacs' shell, gets none. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { sandbox } from "../support/sandbox.ts";
import { missingTerminal, openTerminal } from "../support/terminal_session.ts";

const missing = missingTerminal();

for (
  const { term, download, refusal } of [
    { term: "dumb", download: "kuberlr: Downloading ", refusal: "kuberlr: error: " },
    { term: "xterm", download: "\r\x1b[K", refusal: "kuberlr: \x1b[1;31merror:\x1b[0m " },
  ]
) {
  Deno.test({
    name: `downloads and errors suit TERM=${term}` +
      (missing === undefined ? "" : ` (ignored: ${missing})`),
    ignore: missing !== undefined,
    async fn() {
      await using box = await sandbox();
      await using _cluster = await startCluster(box, {
        kubectls: ["1.30.2"],
        api: { version: "v1.30.2" },
      });
      await using terminal = await openTerminal({ ...box.env, TERM: term });
      await terminal.type("kubectl get pods\n");
      const [downloaded] = await terminal.waitFor(/[^]*Download[^]*\nsh> $/);
      assertStringIncludes(downloaded, download);
      await terminal.type("kuberlr nonsense\n");
      const [refused] = await terminal.waitFor(/[^]*hint:[^]*\nsh> $/);
      assertStringIncludes(refused, refusal);
      assertEquals(`${downloaded}${refused}`.includes("\x1b"), term !== "dumb");
    },
  });
}
