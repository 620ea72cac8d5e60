/**
 * No kubectl fits and downloads are forbidden: kuberlr prints one error that names the setting, or
 * runs the newest if the user has allowed it.
 */
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";
import {
  assertInstalled,
  assertRan,
  assertRanWarning,
  assertRefused,
} from "../support/verdicts.ts";

story("no kubectl at all, and downloads forbidden: exit status 127", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.config("AllowDownload = false\n");

  assertRefused(await box.run("kubectl", ["get", "pods"]), {
    status: 127,
    error: /kubectl/,
    hint: /AllowDownload/,
  });
  assertInstalled(box, []);
});

story("no fitting kubectl, and downloads forbidden: exit status 127", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.config("AllowDownload = false\n");
  box.fakeKubectl("1.20.0");
  box.fakeKubectl("1.31.0");

  assertRefused(await box.run("kubectl", ["get", "pods"]), {
    status: 127,
    error: /1\.29\.1/,
    hint: /AllowDownload.*UseLatestIfNoCompatible|UseLatestIfNoCompatible.*AllowDownload/,
  });
  assertInstalled(box, ["1.20.0", "1.31.0"]);
});

story("UseLatestIfNoCompatible runs the newest installed, saying so", async (box) => {
  await using api = await startApiServer({ version: "v1.29.1" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.config("AllowDownload = false\nUseLatestIfNoCompatible = true\n");
  box.fakeKubectl("1.20.0");
  box.fakeKubectl("1.31.0");

  const run = await box.run("kubectl", ["get", "pods"]);
  assertRanWarning(run, "1.31.0", ["get", "pods"], /1\.31\.0/);
});

const FITTING: readonly { server: string; at_hand: readonly string[]; want: string }[] = [
  { server: "v1.29.1", at_hand: ["1.28.9", "1.29.0", "1.30.5"], want: "1.29.0" },
  { server: "v1.29.1", at_hand: ["1.28.9", "1.30.5", "1.31.0"], want: "1.30.5" },
  { server: "v1.29.1", at_hand: ["1.27.0", "1.28.9", "1.31.0"], want: "1.28.9" },
  { server: "v1.29.1", at_hand: ["1.29.4", "1.29.11", "1.29.9"], want: "1.29.11" },
  { server: "v1.29.4-gke.1282001", at_hand: ["1.29", "1.31.0"], want: "1.29" },
];

for (const { server, at_hand, want } of FITTING) {
  story(`of ${at_hand.join(", ")} a server ${server} gets ${want}`, async (box) => {
    await using api = await startApiServer({ version: server });
    box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
    box.config("AllowDownload = false\n");
    for (const version of at_hand) box.fakeKubectl(version);

    assertRan(await box.run("kubectl", ["get", "pods"]), want, ["get", "pods"]);
  });
}
