/** The folder of memos has a maximum size. */
import { assertEquals } from "@std/assert";
import { localHost } from "../../../lib/host/local_host.ts";
import type { Files } from "../../../lib/ports/files.ts";
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

story("five thousand records of servers are kept; one more costs the older half", async (box) => {
  await using api = await startApiServer({ version: "v1.30.2" });
  box.kubeconfig(kubeconfig().context("a", { server: api.url }));
  box.fakeKubectl("1.30.2");
  const folder = `${box.cache}/servers`;
  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => `${index.toString(16).padStart(16, "0")}.json`);
  const removedOf = async (count: number, ...args: string[]) => {
    const { files, removed } = pretendFiles(folder, names(count));
    await runInside(box, ["kubectl", "get", ...args], {}, { files });
    return removed.length;
  };
  assertEquals(await removedOf(5_000, "pods"), 0);
  assertEquals(await removedOf(5_001, "nodes"), 2_501);
});

/** Returns a disk on which these files exist only by name, and a list of the removed ones. */
function pretendFiles(folder: string, names: readonly string[]) {
  const { files: disk } = localHost();
  const known = new Set(names.map((name) => `${folder}/${name}`));
  const isKnown = (path: string) => known.has(withSlashes(path));
  const removed: string[] = [];
  const stat = disk.lstat(Deno.execPath());
  const files: Files = {
    ...disk,
    list: (path) => withSlashes(path) === folder ? names : disk.list(path),
    lstat: (path) => isKnown(path) ? stat : disk.lstat(path),
    remove: (path) => void (isKnown(path) ? removed.push(path) : disk.remove(path)),
  };
  return { files, removed };
}

/** Returns the path as on Unix. */
function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
