import { assertEquals } from "@std/assert";
import { runKillLoop } from "../../support/kill_loop.ts";

const windows = Deno.build.os === "windows";

Deno.test({
  name: `twenty installs killed at random moments leave whole kubectls and never hinder the next${
    windows ? " (ignored: Windows has no such signals)" : ""
  }`,
  ignore: windows,
  async fn() {
    const { kills } = await runKillLoop(20, 20261121);
    assertEquals(kills, 20);
  },
});
