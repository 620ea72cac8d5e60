/**
 * The launcher that `kuberlr link` installs: it follows a remembered answer by itself, and hides
 * nothing from kubectl.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { type RunOptions, type Sandbox, story } from "../support/sandbox.ts";

/** A file counts as unchanging after less than this. */
const SETTLED_MS = 3_000;

/** Links a launcher in a folder of its own, and makes a fake kubectl with a real one's size. */
async function linked(box: Sandbox, then = "", env: RunOptions["env"] = {}): Promise<string> {
  const dir = `${box.root}/linked`;
  assertEquals((await box.run("kuberlr", ["link", "--dir", dir], { env })).status, 0);
  Deno.truncateSync(box.fakeKubectl("1.29.4", { then: `${then}\nexit` }), 1 << 20);
  return `${dir}/kubectl`;
}

const [program, ...words] = programUnderTest();
const isExecutable = words.length === 0 && !program.endsWith(".js");

/** Without a kuberlr in PATH, `link` installs one beside the launcher. */
const withoutKuberlr = ({ env, bin }: Sandbox) => env["PATH"]?.replace(`${bin}:`, "");
const starterOf = (kubectl: string) => kubectl.replace(/kubectl$/, "kuberlr");

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

story("a repeated command runs without kuberlr, until something changes", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  const kubectl = await linked(box, 'printf "%s\\n" "$0"');
  const get = ["get", "pods", "-n", "x"];
  const run = () => box.exec(kubectl, get);
  const print = async (...args: readonly string[]) => {
    const path = `${box.root}/linked:${box.env["PATH"]}`;
    return (await box.run("kuberlr", args, { env: { PATH: path } })).stdout;
  };
  const explain = async () => JSON.parse(await print("explain", "-o", "json", ...get)).launcher;
  const doctor = () => print("doctor");

  assertStringIncludes((await run()).stdout, fakeOutput("1.29.4", get));
  assertEquals((await explain()).follows, false);
  await pause(SETTLED_MS);
  // The next command sees that no file changed recently, and writes the shortcut.
  assertStringIncludes((await run()).stdout, "kubectl 1.29.4");
  assertEquals(await explain(), { follows: true });
  assertMatch(await doctor(), /launcher: A repeated "kubectl get" runs the remembered kubectl/);
  // doctor has asked the server, and so has written its record again.
  assertEquals((await explain()).follows, false);
  await run();
  await pause(SETTLED_MS);
  await run();
  assertEquals(await explain(), { follows: true });
  await pause(1_000);
  const followed = await run();
  assertEquals([followed.status, followed.stderr], [0, ""]);
  // client-go makes the user agent from the last part of the path.
  assertMatch(followed.stdout, /\/cache\/links\/[^/]+\/kubectl1\.29\.4\/kubectl\n$/);

  // The launcher also works as a copy with another name.
  Deno.copyFileSync(kubectl, `${box.root}/kubectl-prod`);
  assertEquals((await box.exec(`${box.root}/kubectl-prod`, get)).stdout, followed.stdout);

  // kuberlr has to look at a new kubectl, even though the server's version does not ask for it.
  box.fakeKubectl("1.30.9");
  assertEquals((await explain()).follows, false);
  const changed = await run();
  assertEquals([changed.status, changed.stderr], [0, ""]);
  assert(!changed.stdout.includes("/cache/links/"), changed.stdout);
}, { unix: "there is no launcher" });

story("what is meant for Node and Deno reaches kubectl, and not kuberlr's runtime", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  const odd = box.write("odd.js", `console.log("this must not run");\n`);
  const names = [
    "NODE_OPTIONS",
    "NODE_CHANNEL_FD",
    "DENO_V8_FLAGS",
    "DENO_COVERAGE_DIR",
    "SSLKEYLOGFILE",
  ];
  const kubectl = await linked(
    box,
    `env | grep -E "^(${names.join("|")}|KUBERLR_KEPT.*)=" | sort`,
  );
  const env = {
    NODE_OPTIONS: `--require ${odd}`,
    NODE_CHANNEL_FD: "3",
    DENO_V8_FLAGS: "--no-such-flag",
    DENO_COVERAGE_DIR: `${box.root}/coverage`,
    SSLKEYLOGFILE: `${box.root}/session-keys`,
  };
  const want = Object.entries(env).map(([name, value]) => `${name}=${value}\n`).toSorted().join("");
  // The first run resolves, the second follows the memo.
  for (let time = 0; time < 2; time++) {
    const { status, stdout, stderr } = await box.exec(kubectl, ["get", "pods"], { env });
    assertEquals([status, stdout, stderr], [0, fakeOutput("1.29.4", ["get", "pods"]) + want, ""]);
  }
  assertEquals(box.files(`${box.root}/coverage`), []);
  assertEquals(box.files(box.root).includes("session-keys"), false);
}, { unix: "there is no launcher" });

for (const TMPDIR of ["", "tmp"]) {
  story(`TMPDIR=${TMPDIR} reaches kubectl, and keeps no runtime from starting`, async (box) => {
    await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
    const kubectl = await linked(box, 'printf "[%s]\\n" "$TMPDIR"; env | grep -c KUBERLR_KEPT');
    for (let time = 0; time < 2; time++) {
      const { stdout, stderr } = await box.exec(kubectl, ["get", "pods"], { env: { TMPDIR } });
      assertEquals(
        [stdout, stderr],
        [`${fakeOutput("1.29.4", ["get", "pods"])}[${TMPDIR}]\n0\n`, ""],
      );
    }
  }, { unix: "there is no launcher" });
}

story("HOME=/dev/null reaches kubectl, and keeps no runtime from starting", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  const kubectl = await linked(box, 'printf "[%s]\\n" "$HOME"; env | grep -c KUBERLR_KEPT');
  box.fakeKubectl("1.29.4", {
    folder: box.system,
    then: 'printf "[%s]\\n" "$HOME"; env | grep -c KUBERLR_KEPT',
  });
  const env = { HOME: "/dev/null", KUBECONFIG: `${box.home}/.kube/config` };
  for (let time = 0; time < 2; time++) {
    const { stdout, stderr } = await box.exec(kubectl, ["get", "pods"], { env });
    assertEquals([stdout, stderr], [
      `${fakeOutput("1.29.4", ["get", "pods"])}[/dev/null]\n0\n`,
      "",
    ]);
  }
}, { unix: "there is no launcher" });

story("a low limit of open files: an error where kuberlr would not start", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  const kubectl = await linked(box, "", { PATH: withoutKuberlr(box) });
  const programs = [
    [kubectl, "get", "pods"],
    ...(isExecutable ? [] : [[starterOf(kubectl), "bins"]]),
  ];
  for (const [program = "", ...args] of programs) {
    for (
      const [limit, starts] of [
        ["-n 16", false],
        ["-n 29", false],
        ["-n 32", true],
        // Deno raises the limit itself.
        ["-S -n 16", !isExecutable],
      ] as const
    ) {
      const words = ["-c", `ulimit ${limit}; exec "$0" "$@"`, program, ...args];
      const { status, stdout, stderr } = await box.exec("/bin/sh", words);
      if (starts) {
        assertEquals([status, stderr], [0, ""]);
        continue;
      }
      assertEquals([status, stdout], [125, ""]);
      assertMatch(stderr, /^kuberlr: error: .*open files.*\nkuberlr: hint: .*ulimit -n 1024\n$/);
    }
  }
}, { unix: "there is no launcher" });

story("a launcher, and the kuberlr beside it, say that their program is gone", async (box) => {
  const kubectl = await linked(box, "", { PATH: withoutKuberlr(box) });
  for (const path of [kubectl, ...(isExecutable ? [] : [starterOf(kubectl)])]) {
    const text = Deno.readTextFileSync(path);
    const gone = [
      text.replace(/^kl_start=.*$/m, "kl_start=/gone/kuberlr"),
      // The single file or the checkout that Deno would run.
      text.replace(/^\[ -e .*$/m, "[ -e /gone/kuberlr ] || kl_gone=/gone/kuberlr"),
    ].filter((changed) => changed !== text);
    assertEquals(gone.length, isExecutable ? 1 : 2);
    for (const changed of gone) {
      const moved = box.write("moved/program", changed, 0o755);
      const { status, stdout, stderr } = await box.exec(moved, ["version"]);
      assertEquals([status, stdout], [127, ""]);
      assertMatch(
        stderr,
        /^kuberlr: error: .*"\/gone\/kuberlr" is not there\nkuberlr: hint: .*link/,
      );
    }
  }
}, { unix: "there is no launcher" });

story("in a deleted directory the launcher says so, and starts no runtime", async (box) => {
  const kubectl = await linked(box, "", { PATH: withoutKuberlr(box) });
  for (const program of [kubectl, ...(isExecutable ? [] : [starterOf(kubectl)])]) {
    const { status, stdout, stderr } = await box.exec("/bin/sh", [
      "-c",
      'mkdir gone && cd gone && rmdir ../gone && exec "$0" get pods',
      program,
    ]);
    assertEquals([status, stdout], [125, ""]);
    assertMatch(
      stderr,
      /kuberlr: error: .*the working directory has been deleted\nkuberlr: hint: /,
    );
  }
}, { unix: "there is no launcher" });

story("link renews what an older kuberlr has linked, and unlink removes it", async (box) => {
  const dir = `${box.root}/linked`;
  const kubectl = box.write(
    `${dir}/kubectl`,
    `#!/bin/sh\n# made by "kuberlr link"\nexit 3\n`,
    0o755,
  );
  // The PATH is without the kuberlr under test.
  const others = box.env["PATH"]!.split(":").filter((folder) => folder !== box.bin);
  const path = [dir, ...others].join(":");
  const old = await box.run("kuberlr", ["doctor"], { env: { PATH: path } });
  assertMatch(old.stdout, /launcher: kubectl is a launcher of an older version/);
  const linked = await box.run("kuberlr", ["link", "--dir", dir], { env: { PATH: path } });
  assertEquals(linked.status, 0, linked.stderr);
  // PATH held no such command.
  assertEquals(box.files(dir), ["kubectl", "kuberlr"]);
  const version = await box.exec(`${dir}/kuberlr`, ["version", "-o", "json"]);
  assertEquals(version.status, 0, version.stderr);
  const today = await box.run("kuberlr", ["doctor"], { env: { PATH: path } });
  assertMatch(today.stdout, /launcher: For the next "kubectl get", it starts kuberlr/);

  box.write("other/kubectl", "#!/bin/sh\n", 0o755);
  // This link is what /bin is to /usr/bin.
  Deno.symlinkSync(dir, `${box.root}/again`);
  const unlinked = await box.run("kuberlr", ["unlink"], {
    env: { PATH: `${path}:${box.root}/again:${box.root}/other` },
  });
  assertEquals([unlinked.status, unlinked.stdout, unlinked.stderr], [
    0,
    "",
    `kuberlr: Removed "${kubectl}"\nkuberlr: Removed "${dir}/kuberlr"\n`,
  ]);
  assertEquals([box.files(dir), box.files(`${box.root}/other`)], [[], ["kubectl"]]);
  const again = await box.run("kuberlr", ["unlink"], { env: { PATH: path } });
  assertEquals([again.status, again.stdout], [0, ""]);
}, { unix: "there is no launcher" });
