import { assertEquals } from "@std/assert";
import { holdStderr } from "../../../lib/host/process/held_stderr.ts";
import { recordTimers } from "../../support/timers.ts";

const HELD = 64 * 1024;

for (
  const { bytes, want } of [
    { bytes: 3, want: 3 },
    { bytes: HELD, want: HELD },
    { bytes: HELD + 1, want: HELD },
    { bytes: 5 * HELD, want: HELD },
  ]
) {
  Deno.test({
    name: `holdStderr() shows the last ${want} of ${bytes} bytes`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const print = `head -c ${bytes - 3} /dev/zero | tr '\\0' x >&2; printf end >&2`;
      const { command, args, stdio, reveal, close } = holdStderr("/bin/sh", ["-c", print]);
      try {
        const { success } = await new Deno.Command(command, { args: [...args], stderr: stdio })
          .output();
        assertEquals(success, true);
        const shown: string[] = [];
        reveal((text) => shown.push(text));
        assertEquals(shown.join(""), "end".padStart(want, "x"));
      } finally {
        close();
      }
    },
  });
}

Deno.test({
  name: "holdStderr() looks ten times a second for more",
  ignore: Deno.build.os === "windows",
  fn() {
    const { reveal, close } = holdStderr("/bin/true", []);
    using timers = recordTimers();
    reveal(() => {});
    close();
    assertEquals(timers.waits, [100]);
  },
});
