/** `kuberlr version` in a checkout and in a build. */
import { assertEquals, assertMatch } from "@std/assert";
import { story } from "../support/sandbox.ts";
import config from "../../deno.json" with { type: "json" };
import { bundle } from "../../tools/bundle.ts";

story("version prints the fields of Kubernetes' version.Info", async (box) => {
  const run = await box.run("kuberlr", ["version", "-o", "json"]);
  assertEquals([run.status, run.stderr], [0, ""]);
  assertEquals(Object.keys(JSON.parse(run.stdout)), [
    "major",
    "minor",
    "gitVersion",
    "gitCommit",
    "gitTreeState",
    "buildDate",
    "platform",
    "denoVersion",
  ]);
  const { status, stdout } = await box.run("kuberlr", ["--version"]);
  assertEquals(status, 0);
  assertMatch(stdout, /^kuberlr v\d+\.\d+\.\d+[\w.+-]*\n.*\n\w+\/\w+, Deno \d/);
});

story("version of a checkout tells its commit, and is that of deno.json", async (box) => {
  const git = (...args: readonly string[]) =>
    box.exec("git", [
      "-c",
      "user.name=t",
      "-c",
      "user.email=t@t",
      "-C",
      `${box.root}/source`,
      ...args,
    ]);
  const source = `${box.root}/source`;
  Deno.mkdirSync(source);
  for (const name of ["main.ts", "deno.json", "lib", "std", "tools"]) {
    Deno.symlinkSync(`${import.meta.dirname}/../../${name}`, `${source}/${name}`);
  }
  const print = async (env: Readonly<Record<string, string>> = {}) => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-lock", `${source}/main.ts`, "version", "-o", "json"],
      env: { ...box.env, PATH: Deno.env.get("PATH") ?? "", ...env },
      clearEnv: true,
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return JSON.parse(new TextDecoder().decode(stdout));
  };
  const developed = `v${config.version}-dev`;
  const bare = await print();
  assertEquals([bare.gitVersion, bare.gitCommit], [developed, ""]);
  if ((await git("init", "-q")).status !== 0) return;
  await git("commit", "-q", "--allow-empty", "-m", "first");
  const commit = (await git("rev-parse", "HEAD")).stdout.trim();
  for (const env of [{}, { GIT_DIR: "/nowhere" }]) {
    const { gitVersion, gitCommit, gitTreeState } = await print(env);
    assertEquals([gitVersion, gitCommit, gitTreeState], [
      `${developed}+${commit.slice(0, 14)}`,
      commit,
      "",
    ]);
  }
}, { unix: "it makes links" });

story("version that cannot be written fails, unless its reader has gone", async (box) => {
  const shell = (script: string) => box.exec("/bin/sh", ["-c", script, box.command("kuberlr")[0]]);
  const full = await shell('[ -e /dev/full ] && exec "$0" version > /dev/full');
  if (full.status !== 1) {
    assertEquals([full.status, full.stderr.split("\n")[0]], [
      125,
      "kuberlr: error: Cannot write to stdout: No space left on device",
    ]);
  }
  const gone = await shell('{ "$0" version; echo $? >&2; } | true');
  assertEquals(gone.stderr, "0\n");
}, { unix: "it needs a shell" });

story("version of the single file is what its build stamped", async (box) => {
  const path = `${box.root}/kuberlr.js`;
  const stamp = {
    gitVersion: "v1.2.3-4+0123456789abcd",
    gitCommit: "0123456789abcdef0123456789abcdef01234567",
    gitTreeState: "clean",
    buildDate: "2026-11-21T07:30:00Z",
  } as const;
  await bundle(path, stamp);
  const print = async (...args: readonly string[]) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-config", path, "version", ...args],
      env: box.env,
      clearEnv: true,
    }).output();
    return new TextDecoder().decode(stdout);
  };
  const { platform, denoVersion, ...info } = JSON.parse(await print("-o", "json"));
  assertEquals(info, { major: "1", minor: "2+", ...stamp });
  assertEquals(denoVersion, Deno.version.deno);
  assertEquals(
    await print(),
    `kuberlr ${stamp.gitVersion}\n${stamp.gitCommit} (clean), built ${stamp.buildDate}\n` +
      `${platform}, Deno ${denoVersion}\n`,
  );
});

story("doctor of a single file that was built long ago says so", async (box) => {
  const path = `${box.root}/kuberlr.js`;
  const buildDate = new Date(Date.now() - 200 * 86_400_000).toISOString();
  await bundle(path, { gitVersion: "v1.2.3", gitCommit: "0", gitTreeState: "clean", buildDate });
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "--no-lock", path, "doctor"],
    env: box.env,
    clearEnv: true,
  }).output();
  assertMatch(
    new TextDecoder().decode(stdout),
    /launcher: This kuberlr was built \d+ days ago\n +→ Install a newer one, and run "kuberlr link" again\n/,
  );
});
