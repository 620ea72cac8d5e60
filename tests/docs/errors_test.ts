/** docs/errors.md lists exactly the errors of lib/errors.ts. */
import { assertEquals } from "@std/assert";
import { EXIT_STATUS } from "../../lib/errors.ts";

const page = await Deno.readTextFile(new URL("../../docs/errors.md", import.meta.url));

Deno.test("docs/errors.md lists EXIT_STATUS, in its order", () => {
  const rows = page.matchAll(/^\| `([a-z-]+)` *\| (\d+) *\|/gm);
  assertEquals(Array.from(rows, ([, code, status]) => [code, Number(status)]), [
    ...Object.entries(EXIT_STATUS),
  ]);
});

Deno.test("docs/errors.md explains every status of EXIT_STATUS", () => {
  const explained = Array.from(page.matchAll(/^\| (\d+) *\|/gm), ([, status]) => Number(status));
  const missing = Object.values(EXIT_STATUS).filter((status) => !explained.includes(status));
  assertEquals(missing, []);
});
