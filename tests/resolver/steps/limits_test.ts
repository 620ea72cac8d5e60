/** How long a command waits for mirrors before it continues without them. */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../../support/api_server.ts";
import { fakeDownloads, SILENT } from "../../support/fake_downloads.ts";
import { runInside } from "../../support/in_process.ts";
import { kubeconfig } from "../../support/kubeconfig_builder.ts";
import { story } from "../../support/sandbox.ts";

story("a renewal waits three seconds for all mirrors", async (box) => {
  await using api = await startApiServer({ version: "v1.33.5" });
  box.kubeconfig(kubeconfig().context("a", { server: api.url }));
  box.fakeKubectl("1.33.0");
  const downloads = fakeDownloads(() => SILENT);
  const env = { KUBERLR_RENEW: "1", KUBERLR_KUBEMIRRORURL: "https://mirror.test" };
  const { status, stderr } = await runInside(box, ["kubectl", "get", "pods"], env, { downloads });
  assertEquals([status, stderr], [0, ""]);
  assertEquals(
    downloads.requests.map(({ url, answerMs, stallMs }) => ({ url, answerMs, stallMs })),
    [{ url: "https://mirror.test/release/stable-1.33.txt", answerMs: 3_000, stallMs: 3_000 }],
  );
});

for (
  const { args, answerMs } of [
    { args: ["completion", "bash"], answerMs: 3_000 },
    { args: ["get", "pods"], answerMs: 20_000 },
  ]
) {
  story(`the download of a kubectl for ${args.join(" ")} waits ${answerMs} ms`, async (box) => {
    await using api = await startApiServer({ version: "v1.33.5" });
    box.kubeconfig(kubeconfig().context("a", { server: api.url }));
    const downloads = fakeDownloads(() => SILENT);
    const env = { KUBERLR_KUBEMIRRORURL: "https://mirror.test" };
    const { status } = await runInside(box, ["kubectl", ...args], env, { downloads });
    assertEquals(status, 127);
    assertEquals(
      new Set(downloads.requests.map((request) => request.answerMs)),
      new Set([answerMs]),
    );
  });
}
