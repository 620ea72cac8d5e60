/**
 * Every cell of the table of attackers in docs/security.md has its test in
 * docs/dev/security-review.md, and that test is there.
 */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFileSync(new URL(path, ROOT));

/** Returns the cells of the rows of the only table under a heading. */
function rowsUnder(heading: string, text: string): readonly (readonly string[])[] {
  const [, section = ""] = text.split(`\n## ${heading}\n`);
  const lines = section.split(/\n## /, 1)[0]!.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const promises = rowsUnder("What an attacker can do", read("docs/security.md"));
const proofs = rowsUnder("Tests by attacker", read("docs/dev/security-review.md"));

Deno.test("every cell of the table of attackers names its test", () => {
  const promised = promises.flatMap(([who = "", can = "", cannot = ""]) => [
    ...can.split("; ").filter((each) => each !== "nothing").map((each) => [who, `can ${each}`]),
    ...cannot.split("; ").map((each) => [who, `cannot ${each}`]),
  ]);
  assert(promised.length > 20);
  let last = "";
  const proved = proofs.map(([who = "", what = ""]) => [last = who || last, what]);
  assertEquals(proved, promised);
});

for (const [, what = "", test = ""] of proofs) {
  Deno.test(`the test that an attacker ${what} is there`, () => {
    const [, path = "", name = ""] = /^`(tests\/[\w/]+_test\.ts)`: "(.+)"$/.exec(test) ?? [];
    assert(path !== "", `${test} is not a file and the name of a test`);
    // "…" stands for what differs from row to row of a test.
    const parts = name.split("…").map((part) => RegExp.escape(part));
    const literal = new RegExp(`(["\`])${parts.join("(?:\\$\\{(?:[^{}]|\\{[^{}]*\\})+\\})+")}\\1`);
    assert(literal.test(read(path)), `${path} has no test "${name}"`);
  });
}
