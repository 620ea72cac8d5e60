import { assertEquals } from "@std/assert";

/**
 * Deno listens to SIGUSR1 some time after its start, and takes over SIGHUP with it. Here that is
 * done at once.
 */
const SCRIPT = `
import { isAnyIgnored, noteIgnoredSignals } from "./lib/host/process/ignored_signals.ts";
import { handOff } from "./lib/host/process/handoff.ts";
noteIgnoredSignals();
Deno.addSignalListener("SIGUSR1", () => {});
console.log([1, 15].map((signal) => isAnyIgnored([signal])).join());
const path = "/bin/sh", args = ["-c", "kill -HUP $$; echo alive"];
Deno.exit(await handOff({ path, argv0: "sh", args, mode: Deno.args[0], skipsLoopGuard: true }));
`;

for (const mode of ["exec", "spawn"]) {
  Deno.test({
    name:
      `a signal that was ignored at the start is ignored in kubectl, even if Deno takes it over (${mode})`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const script = await Deno.makeTempFile({ suffix: ".ts" });
      const root = new URL("../../../", import.meta.url).href;
      await Deno.writeTextFile(script, SCRIPT.replaceAll(`"./`, `"${root}`));
      const config = decodeURIComponent(new URL("deno.json", root).pathname);
      try {
        const { stdout, stderr } = await new Deno.Command("/bin/sh", {
          args: [
            "-c",
            `trap '' HUP; exec "$@"`,
            ...["sh", Deno.execPath(), "run", "-qA", "--config", config, script, mode],
          ],
        }).output();
        const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
        assertEquals([text(stdout), text(stderr)], ["true,false\nalive\n", ""]);
      } finally {
        await Deno.remove(script);
      }
    },
  });
}
