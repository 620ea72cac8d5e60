/** The setting `Color` counts for every message of kuberlr, even for early ones. */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";

const [RED, YELLOW, CYAN, END] = ["\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[0m"];

story("a warning has its colour the first time and every other time", async (box) => {
  await using api = await startApiServer({ version: "v1.30.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.20.0");
  box.config(`Color = "always"\n[Contexts.prod]\nKubectl = "1.20"\n`);
  for (const time of ["first", "second", "third"]) {
    const { stderr } = await box.run("kubectl", ["get", "pods"]);
    assertEquals([time, stderr.slice(0, 30)], [
      time,
      `kuberlr: ${YELLOW}warning:${END} kubectl`.slice(0, 30),
    ]);
  }
});

const SAID = `kuberlr: ${RED}error:${END} Cannot run kubectl`;
const PLAIN = "kuberlr: error: Cannot run kubectl";

for (
  const { name, toml, env, want } of [
    { name: "a file", toml: `Color = "always"\n`, env: {}, want: SAID },
    { name: "a variable", toml: "", env: { KUBERLR_COLOR: "always" }, want: SAID },
    { name: "nobody", toml: "", env: {}, want: PLAIN },
  ]
) {
  story(`an error has its colour where ${name} says "always"`, async (box) => {
    box.config(`${toml}AllowDownload = false\n`);
    const { status, stderr } = await box.run("kubectl", ["get", "pods"], { env });
    assertEquals([status, stderr.slice(0, want.length)], [127, want]);
    assertEquals(stderr.includes(`kuberlr: ${CYAN}hint:${END}`), want === SAID);
  });
}

story(
  "an error in the configuration is plain in a pipe, even with Color set",
  async (box) => {
    box.config(`Color = "always"\nTimeout = -1\n`);
    const { status, stderr } = await box.run("kuberlr", ["bins"]);
    assertEquals([status, stderr.slice(0, 15)], [125, "kuberlr: error:"]);
  },
);

story("an error in a variable has the colour that another variable wants", async (box) => {
  const env = { KUBERLR_TIMEOUT: "x", KUBERLR_COLOR: "always" };
  const { status, stderr } = await box.run("kubectl", ["get", "pods"], { env });
  assertEquals([status, stderr.includes(`${RED}error:${END}`)], [125, true]);
});
