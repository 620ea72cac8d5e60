/**
 * A new release replaces the old one: neither Deno's cache of compiled code nor a memo of the old
 * one may be used.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { buildTime, makeSingleFile } from "../../tools/compile.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { SOURCE } from "../support/program_under_test.ts";
import { story } from "../support/sandbox.ts";

story("a single file that is replaced runs at once, of the same size and age", async (box) => {
  box.fakeKubectl("1.29.4");
  box.env["DENO_DIR"] = `${box.root}/deno-dir`;
  const path = await makeSingleFile(`${box.root}/built`, await buildTime());
  const run = () =>
    box.exec(Deno.execPath(), ["run", "-A", path, "--as-kubectl", "version", "--client"]);
  for (let time = 0; time < 3; time++) {
    assertEquals((await run()).stdout, fakeOutput("1.29.4", ["version", "--client"]));
  }
  assert(box.files(box.env["DENO_DIR"]).includes("v8_code_cache_v2"));

  const { atime, mtime } = Deno.statSync(path);
  const code = Deno.readTextFileSync(path);
  const other = code.replaceAll('"--as-kubectl"', '"--no-kubectl"');
  assert(other !== code);
  Deno.writeTextFileSync(path, other);
  Deno.utimeSync(path, atime!, mtime!);
  assertStringIncludes((await run()).stderr, 'Unknown flag "--as-kubectl"');
});

story("a build follows its own memos, and leaves another build's alone", async (box) => {
  box.fakeKubectl("1.29.4");
  const folder = `${box.home}/.kuberlr/cache/memo`;
  const memos = () =>
    box.files(folder).map((name) => JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)))
      .map(({ key, writtenAtMs }) => [key, writtenAtMs]).sort();
  const builds = [SOURCE.href, await makeSingleFile(`${box.root}/built`, await buildTime())];
  const runAll = async () => {
    for (const build of builds) {
      const args = ["run", "-A", build, "kubectl", "version", "--client"];
      const { stdout } = await box.exec(Deno.execPath(), args);
      assertEquals(stdout, fakeOutput("1.29.4", ["version", "--client"]));
    }
  };
  await runAll();
  const first = memos();
  assertEquals(first.length, 2);
  await runAll();
  assertEquals(memos(), first);
});
