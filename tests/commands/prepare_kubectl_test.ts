import { assertEquals, assertMatch } from "@std/assert";
import { runInside } from "../support/in_process.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { NOWHERE, story } from "../support/sandbox.ts";

story("a bug on the way to the server is reported, and costs no command", async (box) => {
  box.kubeconfig(kubeconfig().context("prod", { server: NOWHERE }));
  box.fakeKubectl("1.30.5");
  const http = {
    ask() {
      throw new TypeError("not foreseen");
    },
  };
  for (let round = 0; round < 2; round++) {
    const { status, stderr } = await runInside(box, ["kubectl", "get", "pods"], {}, { http });
    assertEquals(status, 0, stderr);
    assertMatch(
      stderr,
      /^kuberlr: error: This is a bug in kuberlr\nkuberlr: hint: Report it .*\n {2}TypeError: not foreseen\n/,
    );
  }
  // Nothing of this is remembered.
  assertEquals((await runInside(box, ["kubectl", "get", "pods"], {})).stderr, "");
});
