/** The folder of memos does not grow without an end. */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../../support/api_server.ts";
import { runInside } from "../../support/in_process.ts";
import { kubeconfig } from "../../support/kubeconfig_builder.ts";
import { story } from "../../support/sandbox.ts";

story("a thousand memos are kept; one more costs the older half", async (box) => {
  await using api = await startApiServer({ version: "v1.30.2" });
  box.kubeconfig(kubeconfig().context("a", { server: api.url }));
  box.fakeKubectl("1.30.2");
  const folder = `${box.cache}/memo`;
  const memos = () => box.files(folder).filter((name) => name.endsWith(".json")).length;
  const run = (...args: string[]) => runInside(box, ["kubectl", ...args], {});

  await run("get", "pods");
  assertEquals(memos(), 1);
  for (let index = 0; index < 998; index++) {
    box.write(`${folder}/${index.toString(16).padStart(16, "0")}.json`, "{}", 0o600);
  }
  await run("get", "pods", "--context=a");
  assertEquals(memos(), 1_000);
  await run("get", "pods", "--cluster=a");
  assertEquals(memos(), 500);
});
