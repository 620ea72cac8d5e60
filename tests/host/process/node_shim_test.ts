/**
 * A repeated command is handed over at once, even if Deno has put its own node into PATH and the
 * earlier PATH is unknown.
 */
import { assertEquals } from "@std/assert";
import { missingMounts } from "../../support/mounts.ts";

const HANDOFF = new URL("../../../lib/host/process/handoff.ts", import.meta.url);

Deno.test({
  name: "tryHandOff() takes Deno's node out of PATH where /proc tells nothing" +
    (missingMounts === undefined ? "" : ` (ignored: ${missingMounts})`),
  ignore: missingMounts !== undefined,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "kuberlr-shim-" });
    try {
      const program = `${folder}/main.ts`;
      await Deno.writeTextFile(
        program,
        `import { tryHandOff } from "${HANDOFF}";
tryHandOff({ path: "/usr/bin/env", argv0: "kubectl", args: [], mode: "exec", skipsLoopGuard: true });
console.log("more is needed");`,
      );
      const script = "mount -t tmpfs none /proc && mkdir /proc/self && " +
        `ln -s '${Deno.execPath()}' /proc/self/exe && exec "$@"`;
      const { stdout, stderr } = await new Deno.Command("unshare", {
        args: [
          ...["-m", "sh", "-c", script, "sh"],
          ...["/usr/bin/env", "-i", "PATH=/nowhere:/sbin", `HOME=${folder}`],
          ...[Deno.execPath(), "run", "-qA", "--no-check", program],
        ],
      }).output();
      const lines = new TextDecoder().decode(stdout).trim().split("\n");
      assertEquals(
        lines,
        ["PATH=/nowhere:/sbin", `HOME=${folder}`],
        new TextDecoder().decode(stderr),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
