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

story("code that cannot be loaded on the way to the server costs no command", async (box) => {
  box.kubeconfig(kubeconfig().context("prod", { server: NOWHERE }));
  box.fakeKubectl("1.30.5");
  const said = "Import 'file:///x.ts' failed.\n    0: Too many open files (os error 24)";
  const http = {
    ask() {
      throw Object.assign(new TypeError(said), { code: "ERR_MODULE_NOT_FOUND" });
    },
  };
  assertEquals(await runInside(box, ["kubectl", "get", "pods"], {}, { http }), {
    status: 0,
    stdout: "",
    stderr:
      "kuberlr: warning: Cannot load kuberlr: Import 'file:///x.ts' failed (Too many open files (os error 24))\n" +
      "kuberlr: hint: Raise the limit of open files, or open a new shell: ulimit -n 1024\n",
  });
});
