/**
 * The whole path with real kubectls: kuberlr asks a TLS server, downloads, verifies and becomes
 * kubectl. The second command only becomes kubectl.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { askedByKuberlr, startCluster } from "../support/cluster.ts";
import { realKubectlTest } from "../support/real_kubectls.ts";
import { sandbox, SLOWNESS } from "../support/sandbox.ts";

/** An emulated processor may be so slow that kuberlr says which mirror it waits for. */
const MAY_WAIT = SLOWNESS > 1 ? "(?:kuberlr: Waiting for .*\n)*" : "";

/** Each version has a vendor's suffix, as usual in practice. */
const SERVERS = [
  { release: "1.20.0", gitVersion: "v1.20.0-eks-c9f1ce", minor: "20" },
  { release: "1.30.0", gitVersion: "v1.30.0-gke.1457000", minor: "30" },
  { release: "1.36.3", gitVersion: "v1.36.3+k3s1", minor: "36" },
] as const;

for (const { release, gitVersion } of SERVERS) {
  await realKubectlTest(
    `a server ${gitVersion} gets a real kubectl ${release}, and keeps it`,
    [release],
    async ([kubectl]) => {
      await using box = await sandbox();
      await using cluster = await startCluster(box, {
        api: { version: gitVersion },
        kubectls: [kubectl],
      });

      const first = await box.run("kubectl", ["version", "-o", "json"]);
      assertEquals(first.status, 0, first.stderr);
      const { clientVersion, serverVersion } = JSON.parse(first.stdout);
      assertEquals(
        [clientVersion.gitVersion, serverVersion.gitVersion],
        [`v${release}`, gitVersion],
      );
      const said = `kuberlr: Downloading kubectl ${release.replaceAll(".", "\\.")} from `;
      assertMatch(first.stderr, new RegExp(`^${MAY_WAIT}${said}`));
      assertEquals(cluster.mirror.binaryRequests().length, 1);
      assertEquals(askedByKuberlr(cluster.api), 1);

      const downloads = cluster.mirror.requests.length;
      const second = await box.run("kubectl", ["get", "pods"]);
      assertEquals(
        { status: second.status, stdout: second.stdout, stderr: second.stderr },
        { status: 0, stdout: "", stderr: "No resources found in default namespace.\n" },
      );
      assertEquals(cluster.mirror.requests.length, downloads);
      assertEquals(askedByKuberlr(cluster.api), 1);

      const direct = await box.run("kubectl", ["get", "namespaces", "-o", "name"]);
      assertEquals(direct.stdout, "namespace/default\n");
      assertEquals(askedByKuberlr(cluster.api), 1);
    },
  );
}

await realKubectlTest(
  "of several real kubectls each server gets its own",
  ["1.20.0", "1.30.0", "1.36.3"],
  async (kubectls) => {
    await using box = await sandbox();
    for (const { version, path } of kubectls) box.install(version, path);
    for (const { release, gitVersion } of SERVERS) {
      await using cluster = await startCluster(box, { api: { version: gitVersion }, kubectls: [] });
      const { stdout, stderr } = await box.run("kubectl", ["version", "-o", "json"]);
      assertEquals(stderr, "");
      assertEquals(JSON.parse(stdout).clientVersion.gitVersion, `v${release}`);
      assertEquals(cluster.mirror.requests.length, 0);
    }
  },
);

await realKubectlTest(
  "a real kubectl reports a broken kubeconfig itself",
  ["1.30.0"],
  async ([{ version, path }]) => {
    await using box = await sandbox();
    box.install(version, path);
    const file = box.kubeconfig("apiVersion: v1\nclusters: [\n");
    const { status, stdout, stderr } = await box.run("kubectl", ["get", "pods"]);
    assertEquals({ status, stdout }, { status: 1, stdout: "" });
    assertMatch(stderr, /^error: error loading config file/);
    assertEquals(stderr.replaceAll("\\", "/").includes(file.replaceAll("\\", "/")), true);
    assertEquals(stderr.includes("kuberlr:"), false);
  },
);

await realKubectlTest(
  "a real kubectl reports a server that is down itself",
  ["1.30.0"],
  async ([{ version, path }]) => {
    await using box = await sandbox();
    box.install(version, path);
    box.kubeconfig(`apiVersion: v1
kind: Config
current-context: down
clusters: [{name: down, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: down, user: {token: t}}]
contexts: [{name: down, context: {cluster: down, user: down}}]
`);
    const { status, stdout, stderr } = await box.run("kubectl", ["get", "pods"]);
    assertEquals({ status, stdout }, { status: 1, stdout: "" });
    // The second form comes from Windows' own error message.
    assertMatch(
      stderr,
      /^(?:The connection to the server 127\.0\.0\.1:9 was refused|Unable to connect to the server: .*refused)/m,
    );
    assertEquals(stderr.includes("kuberlr:"), false);
  },
);

await realKubectlTest(
  "real kubectls of every era print the same through kuberlr as without it",
  ["1.20.0", "1.27.1", "1.30.0", "1.33.9", "1.36.3"],
  async (kubectls) => {
    for (const { version, path } of kubectls) {
      await using box = await sandbox();
      const installed = box.install(version, path);
      await using _cluster = await startCluster(box, {
        api: { version: `v${version}` },
        kubectls: [],
      });
      for (
        const args of [
          ["version", "--client", "-o", "yaml"],
          ["get", "pods,namespaces", "-A"],
          ["get", "pods", "no-such-pod"],
          ["config", "view"],
          ["--no-such-flag"],
          ["completion", "bash"],
          ["explain"],
        ]
      ) {
        const through = await box.run("kubectl", args);
        const direct = await box.exec(installed, args);
        assertEquals(
          { status: through.status, stdout: through.stdout, stderr: through.stderr },
          { status: direct.status, stdout: direct.stdout, stderr: direct.stderr },
          `${version} ${args.join(" ")}`,
        );
      }
    }
  },
);
