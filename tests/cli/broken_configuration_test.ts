/** A configuration without a sensible meaning: the error has one line, with file, line and key. */
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";
import { assertRan, assertRanWarning, assertRefused } from "../support/verdicts.ts";

const BROKEN: Readonly<Record<string, { toml: string; error: RegExp }>> = {
  "a file that is not TOML": {
    toml: "Timeout = 5\nAllowDownload = maybe\n",
    error: /kuberlr\.conf"?(?:, line |:)2\b/,
  },
  "a value of the wrong type": {
    toml: `# mine\n\nAllowDownload = "yes"\n`,
    error: /kuberlr\.conf"?(?:, line |:)3\b.*AllowDownload/,
  },
  "a timeout that is not a number": {
    toml: "Timeout = -1\n",
    error: /kuberlr\.conf"?(?:, line |:)1\b.*Timeout/,
  },
  "a mirror that is not a URL": {
    toml: `KubeMirrorUrl = "dl.k8s.io"\n`,
    error: /kuberlr\.conf"?(?:, line |:)1\b.*KubeMirrorUrl/,
  },
};

for (const [name, { toml, error }] of Object.entries(BROKEN)) {
  story(`${name}: exit status 125, naming the place`, async (box) => {
    box.config(toml);
    box.fakeKubectl("1.30.2");
    assertRefused(await box.run("kubectl", ["get", "pods"]), { status: 125, error, hint: /./ });
  });
}

story("a variable of the wrong type: exit status 125, naming it", async (box) => {
  box.fakeKubectl("1.30.2");
  const env = { KUBERLR_TIMEOUT: "soon" };
  assertRefused(await box.run("kubectl", ["get", "pods"], { env }), {
    status: 125,
    error: /KUBERLR_TIMEOUT/,
    hint: /./,
  });
});

story("an unknown key is a warning that names the nearest", async (box) => {
  await using api = await startApiServer({ version: "v1.30.0" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.config("AllowDownloads = true\n");
  box.fakeKubectl("1.30.2");

  const run = await box.run("kubectl", ["get", "pods"]);
  assertRanWarning(run, "1.30.2", ["get", "pods"], /AllowDownloads.*AllowDownload\b/s);
});

story("keys in any letter case, as Go kuberlr takes them", async (box) => {
  await using api = await startApiServer({ version: "v1.30.0" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.config(`allowdownload = false\nSYSTEMPATH = "${box.root}/elsewhere"\ntimeout = 5\n`);
  box.fakeKubectl("1.30.2", { folder: `${box.root}/elsewhere` });

  const env = { KUBERLR_SYSTEMPATH: undefined };
  assertRan(await box.run("kubectl", ["get", "pods"], { env }), "1.30.2", ["get", "pods"]);
});

story("KUBERLR_CFG wins over the user's file, and a variable over both", async (box) => {
  await using api = await startApiServer({ version: "v1.30.0" });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.config(`[Contexts."prod"]\nKubectl = "1.28.0"\n`);
  const file = box.write("other.conf", `[Contexts."pr*"]\nKubectl = "1.29.0"\n`);
  for (const version of ["1.28.0", "1.29.0", "1.30.0", "1.31.0"]) box.fakeKubectl(version);

  const args = ["get", "pods"];
  assertRan(await box.run("kubectl", args, { env: { KUBERLR_CFG: file } }), "1.29.0", args);
  const env = { KUBERLR_CFG: file, KUBERLR_KUBECTL: "1.31.0" };
  assertRan(await box.run("kubectl", args, { env }), "1.31.0", args);
});
