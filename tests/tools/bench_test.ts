/** That the bench runs and says what it should; not what its times are. */
import { assert, assertEquals } from "@std/assert";
import type { Results } from "../../bench/results.ts";
import { realKubectlTest } from "../support/real_kubectls.ts";

const BENCH = new URL("../../bench/main.ts", import.meta.url).pathname;

if (Deno.build.os !== "windows") {
  await realKubectlTest("bench/main.ts measures every row once", ["1.30.0"], async () => {
    const json = await Deno.makeTempFile();
    try {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", BENCH, "--runs", "1", "--json", json],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const results: Results = JSON.parse(await Deno.readTextFile(json));
      const { rows, ratios, counts, missing } = results;

      for (const id of ["empty", "hot-source", "hot-single", "cold-single", "down-single"]) {
        assert(rows.some((row) => row.id === id), `no row "${id}"`);
      }
      assertEquals(rows.filter(({ runs, minimum }) => runs !== 1 || !(minimum > 0)), []);
      assertEquals(
        ratios.filter(({ atMost }) => atMost !== null).map(({ name, atMost }) => [name, atMost])
          .slice(0, 2),
        [["hot, from source / empty", 1.5], ["hot, single file / empty", 1.25]],
      );
      assertEquals(counts.map(({ name, count }) => [name, count]), [
        ["connections of all hot commands", 0],
        ["connections of a cold command", 1],
        ["connections of one 50 ms away", 1],
        ["waits on a server that is silent", 1],
      ]);
      assert(
        "Go kuberlr" in missing || rows.some(({ id }) => id === "go-near"),
        "Go kuberlr is neither measured nor missing",
      );
      const text = new TextDecoder().decode(stdout);
      for (const { name } of [...rows, ...ratios, ...counts]) assert(text.includes(name), name);
    } finally {
      await Deno.remove(json);
    }
  });
}
