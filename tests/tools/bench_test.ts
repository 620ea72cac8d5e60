/**
 * The bench runs and prints all of its rows, and its page is what it wrote. The times are not
 * checked.
 */
import { assert, assertEquals } from "@std/assert";
import { PAGE_FILES, renderFiles } from "../../bench/page.ts";
import type { Results } from "../../bench/results.ts";
import { realKubectlTest } from "../support/real_kubectls.ts";

/** One row of each kind. */
const ROWS =
  /^(?:empty|request|fast|(?:hot|cold)-(?:launcher|single|executable)|real-near|real-(?:hot-near|cold-far)-\w+)$/;
const BENCH = `${import.meta.dirname}/../../bench/main.ts`;

if (Deno.build.os !== "windows") {
  await realKubectlTest("bench/main.ts measures rows of each kind once", ["1.30.0"], async () => {
    const json = await Deno.makeTempFile();
    try {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", BENCH, "--runs", "1", "--rows", ROWS.source, "--json", json],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const results: Results = JSON.parse(await Deno.readTextFile(json));
      const { rows, ratios, counts, missing } = results;

      const ids = rows.map(({ id }) => id);
      for (const form of ["launcher", "single", "executable"]) {
        if (form === "executable" && "The executable" in missing) continue;
        for (const id of ["hot-", "cold-", "real-hot-near-", "real-cold-far-"]) {
          assert(ids.includes(id + form), `no row "${id + form}"`);
        }
      }
      assertEquals(rows.filter(({ runs, minimum }) => runs !== 1 || !(minimum > 0)), []);
      const bounds = Object.fromEntries(ratios.map(({ name, atMost }) => [name, atMost]));
      assertEquals(bounds["milliseconds that the launcher adds"], 3);
      assertEquals(bounds["hot, single file / empty"], 1.6);
      assertEquals(bounds["cold, single file / 3 empty programs and one request"], 1);
      assertEquals(counts.map(({ name, count }) => [name, count]), [
        ["connections of all hot commands", 0],
        ["connections of a cold command", 1],
        ["waits on a server that is silent", 1],
      ]);
      assert(
        "Go kuberlr" in missing || ids.includes("go-near"),
        "Go kuberlr is neither measured nor missing",
      );
      const text = new TextDecoder().decode(stdout);
      for (const { name } of [...rows, ...ratios, ...counts]) assert(text.includes(name), name);
    } finally {
      await Deno.remove(json);
    }
  });
}

Deno.test("the page of the benchmarks and its drawing are those of the numbers", async () => {
  const results: Results = JSON.parse(await Deno.readTextFile(PAGE_FILES.numbers));
  const { page, drawing } = await renderFiles(results);
  assertEquals(await Deno.readTextFile(PAGE_FILES.page), page);
  assertEquals(await Deno.readTextFile(PAGE_FILES.drawing), drawing);
  for (const name of ["the launcher", "single file"]) {
    for (const state of ["hot", "cold"]) {
      assertEquals(drawing.split(`>${name}, ${state}<`).length - 1, 2, `${name}, ${state}`);
    }
  }
});
