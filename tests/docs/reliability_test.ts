/** The table of surroundings in docs/dev/reliability.md names the stories of its test. */
import { assertEquals } from "@std/assert";

const read = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));

Deno.test("every surrounding that is tested is a row, and every row is tested", () => {
  const [, section = ""] = read("docs/dev/reliability.md").split("## Surroundings");
  const [, , ...rows] = section.split("\n## ")[0]!.split("\n").filter((line) =>
    line.startsWith("| ")
  );
  const listed = rows.map((row) => row.split("|")[1]!.trim());
  const source = read("tests/cli/surroundings_test.ts");
  const inTable = source.matchAll(/^ {4}name: "(.+)",$/gm);
  const alone = source.matchAll(/^ *story\(["`](a user .+|root .+)["`], async/gm);
  const stories = [...inTable, ...alone].map(([, name = ""]) => name.replace("${name}", "folder"));
  assertEquals(listed.toSorted(), stories.toSorted());
});
