/** A new release in the place of the old: Deno's cache of compiled code must not outlive what it was compiled from. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { buildTime, makeSingleFile } from "../../tools/compile.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
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
