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
  async fn() {
    const { command, args, attach, close } = holdStderr("/bin/sh", ["-c", ""]);
    const child = new Deno.Command(command, { args: [...args] }).spawn();
    // If the file were removed earlier, the shell would make it again.
    await child.status;
    using timers = recordTimers();
    attach(child);
    close();
    assertEquals(timers.waits, [100]);
  },
});

Deno.test({
  name: "holdStderr() keeps the file of a flood small, and shows its end",
  ignore: Deno.build.os === "windows",
  async fn() {
    const flood = "head -c 3000000 /dev/zero | tr '\\0' x >&2; printf end >&2; exec sleep 60";
    const { command, args, attach, reveal, close } = holdStderr("/bin/sh", ["-c", flood]);
    const path = args[2]!;
    const child = new Deno.Command(command, { args: [...args], stderr: "null" }).spawn();
    let largest = 0;
    attach(child);
    try {
      // The test's time limit ends this if the file is not emptied.
      for (let size = 0; size > 1024 * 1024 || largest < 1024 * 1024;) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        ({ size } = Deno.statSync(path));
        largest = Math.max(largest, size);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
      const shown: string[] = [];
      reveal((text) => shown.push(text));
      assertEquals(shown.join(""), "end".padStart(HELD, "x"));
    } finally {
      child.kill("SIGKILL");
      await child.status;
      close();
    }
  },
});

Deno.test({
  name: "holdStderr() shows what there is, and does not wait for the end of a flood",
  ignore: Deno.build.os === "windows",
  async fn() {
    // The limit, 200 MiB, is for a test that is killed: nothing would empty the file then.
    const flood = `ulimit -f 409600; while :; do echo ${"x".repeat(99)}; done >&2`;
    const { command, args, attach, reveal, close } = holdStderr("/bin/sh", ["-c", flood]);
    const child = new Deno.Command(command, { args: [...args], stderr: "null" }).spawn();
    attach(child);
    try {
      await new Promise((resolve) => setTimeout(resolve, 150));
      let length = 0;
      reveal((text) => length += text.length);
      assertEquals(length > 0 && length <= HELD, true, `${length}`);
      await new Promise((resolve) => setTimeout(resolve, 150));
      assertEquals(length > HELD, true, `${length}`);
    } finally {
      child.kill("SIGKILL");
      await child.status;
      close();
    }
  },
});
