/**
 * Deno grants kuberlr fewer permissions than it asks for: kubectl runs all the same, and no library
 * of the working directory is loaded.
 */
import { assertEquals } from "@std/assert";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { type Sandbox, sandbox } from "../support/sandbox.ts";

/**
 * The permissions of `deno run`, and how kubectl then runs: in kuberlr's place, or as its child.
 */
const PERMISSIONS: readonly (readonly [allowed: string, as: "itself" | "child"])[] = [
  ["-A", "itself"],
  ["--allow-read --allow-env --allow-run --allow-ffi", "itself"],
  ["--allow-read --allow-env --allow-ffi", "itself"],
  ["-A --deny-env=FOO", "itself"],
  ["-A --deny-read=/proc", "itself"],
  ["-A --deny-sys", "itself"],
  ["-A --deny-ffi", "child"],
  ["-A --deny-ffi=libother.so", "child"],
  ["--allow-read --allow-env --allow-run", "child"],
  ["--allow-read --allow-env --allow-run --allow-ffi=libc.so.6", "child"],
  ["--allow-read --allow-env --allow-run --allow-write --allow-sys --allow-ffi=libc.so.6", "child"],
];

const ARGS = ["version", "--client"];
const SCRIPT = findScript();
/**
 * Prints the process that called kubectl, the loop counter, and how many files of the working
 * directory that process has loaded.
 */
const TELL_PARENT = 'echo "$PPID ${KUBERLR_DEPTH%%:*} $(grep -c "$PWD/" "/proc/$PPID/maps")"';

for (const [allowed, as] of PERMISSIONS) {
  permissionStory(`kubectl runs as ${as} with ${allowed}`, async (box) => {
    box.fakeKubectl("1.29.4", { then: TELL_PARENT });
    plantLibc(box);
    for (let time = 0; time < 2; time++) await assertRuns(box, allowed, as);
  });
}

permissionStory("kubectl runs with --allow-env for some variables only", async (box) => {
  box.fakeKubectl("1.29.4");
  for (const ffi of ["--allow-ffi", "--deny-ffi"]) {
    const allowed = `--allow-read --allow-write --allow-run ${ffi} --allow-env=HOME`;
    for (let time = 0; time < 2; time++) {
      const { stdout, stderr } = await run(box, allowed);
      assertEquals([stdout, stderr], [fakeOutput("1.29.4", ARGS), ""]);
    }
  }
});

permissionStory(
  "a memo is written to the home without the permission for the umask",
  async (box) => {
    box.fakeKubectl("1.29.4", { then: TELL_PARENT });
    await assertRuns(box, "-A --deny-sys", "itself");
    assertEquals(box.files(`${box.cache}/memo`).length, 1);
  },
);

permissionStory("a memo is read with other permissions than it was written with", async (box) => {
  box.fakeKubectl("1.29.4", { then: TELL_PARENT });
  const [all, noFfi] = [["-A", "itself"], ["-A --deny-ffi", "child"]] as const;
  for (const [allowed, as] of [all, noFfi, noFfi, all, all]) await assertRuns(box, allowed, as);
});

async function assertRuns(box: Sandbox, allowed: string, as: "itself" | "child"): Promise<void> {
  const { pid, stdout, stderr } = await run(box, allowed);
  const [name, , , line] = stdout.split("\n");
  // The counter is one: several attempts are still the same hand-off.
  const parent = as === "child" ? pid : Deno.pid;
  assertEquals([name, line, stderr], ["kubectl 1.29.4", `${parent} 1 0`, ""]);
}

async function run({ env, cwd }: Sandbox, allowed: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...allowed.split(" "), SCRIPT!, "kubectl", ...ARGS],
    cwd,
    env,
    clearEnv: true,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { pid: child.pid, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** If only the bare name is permitted, Deno looks for it in the working directory. */
function plantLibc({ cwd }: Sandbox): void {
  const [libc] = /\/\S+\/libc\.so\.6$/m.exec(Deno.readTextFileSync("/proc/self/maps")) ?? [];
  if (libc !== undefined) Deno.copyFileSync(libc, `${cwd}/libc.so.6`);
}

/** Returns the script that `deno run` can run; `undefined` for an executable. */
function findScript(): string | undefined {
  const script = programUnderTest().at(-1)!;
  return /\.[jt]s$/.test(script) ? script : undefined;
}

function permissionStory(name: string, fn: (box: Sandbox) => Promise<void>): void {
  const reason = Deno.build.os !== "linux"
    ? "it needs Linux"
    : SCRIPT === undefined
    ? "an executable has its permissions in it"
    : undefined;
  Deno.test({
    name: reason === undefined ? name : `${name} (ignored: ${reason})`,
    ignore: reason !== undefined,
    async fn() {
      await using box = await sandbox();
      await fn(box);
    },
  });
}
