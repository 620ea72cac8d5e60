/**
 * A test that hangs is named, in a wait and in an endless loop. The environment is always the same.
 * A folder that a test leaves behind is found.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TEST_FLAGS } from "../support/run_suite.ts";

const RUN_SUITE = import.meta.resolve("../support/run_suite.ts");

const HELPER = `export function register(name) { Deno.test(name, () => new Promise(() => {
  setTimeout(() => {}, 60_000);
})); }`;

const TESTS = `import { register } from "./helper.ts";
Deno.test("waits", () => new Promise((done) => setTimeout(done, 60_000)));
Deno.test({ name: "is ignored", ignore: true, fn() {} });
Deno.test("loops", { sanitizeOps: false }, () => { for (;;); });
Deno.test("takes longer than others", { timeout: 60_000 }, () => new Promise((done) => {
  setTimeout(done, 1_500);
}));
Deno.test(async function namesItself(t) { await t.step("a step", () => {}); });
register("by a helper");
Deno.test("the machine's variables and umask are not seen", () => {
  if (Deno.build.os === "windows") return;
  if (Deno.env.get("KUBECONFIG") || Deno.env.get("GIT_DIR") || Deno.umask() !== 0o022) throw 0;
});
`;

Deno.test("a test that hangs fails by its name and place, and the others run", async () => {
  const text = await testFiles({ "helper.ts": HELPER, "x_test.ts": TESTS }, "1000");
  assertEquals(
    [...text.matchAll(/^(\w[^\n]*) => [^\n]*x_test\.ts:(\d+):\d+$/gm)].map(([, name, line]) =>
      `${name}, line ${line}`
    ).slice(0, 3),
    ["waits, line 2", "loops, line 4", "by a helper, line 9"],
  );
  assertStringIncludes(text, "Test timed out after 1000ms");
  assertStringIncludes(text, "| 3 passed (1 step) | 3 failed | 1 ignored");
});

Deno.test("a test file that hangs while it is loaded is named", async () => {
  const hanging = `const listener = Deno.listen({ port: 0 });
await listener.accept();
Deno.test("is never registered", () => {});
`;
  const text = await testFiles({ "y_test.ts": hanging }, "300");
  assertStringIncludes(text, "y_test.ts (uncaught error)");
  assertStringIncludes(text, "a test file is not loaded after 300 ms");
});

Deno.test({
  name: "a test that leaves a folder behind fails the run",
  ignore: Deno.build.os === "windows",
  async fn() {
    const leaving = `Deno.test("leaves one", () => {
  Deno.makeTempDirSync({ prefix: "left-" });
});
`;
    const text = await runFiles(["run", "-A", RUN_SUITE], { "z_test.ts": leaving }, {
      DENO_JOBS: "1",
    });
    assertMatch(text, /^Tests of shard=1\/1 left in TMPDIR: left-\w+$/m);
    assertStringIncludes(text, "1 passed, 0 failed");
  },
});

/** Returns the output of `deno test` for tests of which some fail. */
function testFiles(files: Readonly<Record<string, string>>, limitMs: string): Promise<string> {
  return runFiles(TEST_FLAGS, files, { TEST_LIMIT_MS: limitMs });
}

async function runFiles(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-limit-" });
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [...args, folder],
      env: { ...env, NO_COLOR: "1", KUBECONFIG: "/nowhere", GIT_DIR: "/nowhere" },
    }).output();
    assert(!success);
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
