/** The folders in which Windows looks for programs, and a path from which it may start none. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeKubectlBytes, fakeOutput } from "../support/fake_kubectl.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { story } from "../support/sandbox.ts";
import { assertRefused } from "../support/verdicts.ts";

const UNLESS = Deno.build.os === "windows" ? undefined : "it needs Windows";
const GET = ["get", "pods"];
const LOCAL = ["version", "--client"];

const native = (path: string) => path.replaceAll("/", "\\");

story("doctor names the kubectl that cmd.exe runs with any PATHEXT", async (box) => {
  for (const folder of ["other", "own"]) Deno.mkdirSync(`${box.root}/${folder}`);
  Deno.writeFileSync(`${box.root}/other/kubectl.exe`, fakeKubectlBytes("1.20.0"));
  box.fakeKubectl("1.30.2");
  const path = ["other", "own"].map((folder) => native(`${box.root}/${folder}`));
  const env = { PATH: [...path, box.env["PATH"]].join(";") };
  await box.run("kuberlr", ["link", "--dir", path[1]!], { env });

  for (
    const { endings, version, finding } of [
      { endings: ".CMD", version: "1.30.2", finding: 'own/kubectl.cmd" is kuberlr' },
      { endings: ".CMD;.EXE", version: "1.20.0", finding: 'other/kubectl.exe" is not kuberlr' },
    ]
  ) {
    const options = { env: { ...env, PATHEXT: endings } };
    const kubectl = await box.exec(
      Deno.env.get("COMSPEC")!,
      ["/d", "/c", "kubectl", ...LOCAL],
      options,
    );
    assertEquals(kubectl.stdout, fakeOutput(version, LOCAL), endings);
    const doctor = await box.run("kuberlr", ["doctor"], options);
    assertStringIncludes(doctor.stdout, finding, endings);
  }
}, { unless: UNLESS ?? (programUnderTest().length === 1 ? "it needs a kubectl.cmd" : undefined) });

story(
  "a kubectl whose path is longer than Windows may start: it runs, or that is said",
  async (box) => {
    const home = `${box.root}/${`${"long".repeat(12)}/`.repeat(6)}home`;
    await using cluster = await startCluster(box, {
      api: { version: "v1.30.2" },
      kubectls: ["1.30.2"],
    });
    Deno.mkdirSync(home, { recursive: true });
    const env = { USERPROFILE: native(home), KUBECONFIG: native(`${box.home}/.kube/config`) };
    const run = await box.run("kubectl", GET, { env });
    assertEquals(cluster.mirror.binaryRequests().length, 1);
    if (run.status === 0) return assertEquals(run.stdout, fakeOutput("1.30.2", GET));
    assertRefused({ ...run, stderr: run.stderr.replace(/^kuberlr: Downloading .*\n/, "") }, {
      status: 126,
      error: /kubectl1\.30\.2\.exe": its path .* is too long/,
      hint: /KUBERLR_KUBECTL/,
    });
  },
  { unless: UNLESS },
);
