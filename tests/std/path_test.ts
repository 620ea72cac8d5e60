import { assertEquals } from "@std/assert";
import * as posix from "@std/path/posix";
import * as windows from "@std/path/windows";
import fc from "fast-check";
// @std/path was ported from Node's code.
import node from "node:path";

/** Parts of paths. Two separators never meet at an end, because the ports differ there. */
const part = fc.constantFrom(".", "..", "a", "b c", "...", "~", "é", ".kube", "a.b");
const relative = (separators: readonly string[]) =>
  fc.tuple(fc.array(part, { minLength: 1, maxLength: 6 }), fc.constantFrom(...separators))
    .map(([parts, separator]) => parts.join(separator));

for (
  const { name, ours, original, roots, separators } of [
    { name: "posix", ours: posix, original: node.posix, roots: ["/", ""], separators: ["/", "//"] },
    {
      name: "windows",
      ours: windows,
      original: node.win32,
      roots: ["C:\\", "d:/", "\\\\server\\share\\", "//server/share/"],
      separators: ["\\", "/", "\\\\"],
    },
  ]
) {
  const path = fc.tuple(fc.constantFrom(...roots), relative(separators)).map((parts) =>
    parts.join("")
  );
  const check = (property: (path: string) => void) =>
    fc.assert(fc.property(path, property), { seed: 6, numRuns: 1000 });

  Deno.test(`${name}.normalize() answers as the original`, () => {
    check((path) => assertEquals(ours.normalize(path), original.normalize(path), path));
  });
  Deno.test(`${name}.dirname() of a normalized path answers as the original`, () => {
    check((path) => {
      const clean = original.normalize(path);
      assertEquals(ours.dirname(clean), original.dirname(clean), clean);
    });
  });
  Deno.test(`${name}.join() answers as the original`, () => {
    fc.assert(
      fc.property(path, fc.array(relative(separators), { maxLength: 2 }), (base, rest) => {
        assertEquals(ours.join(base, ...rest), original.join(base, ...rest), base);
      }),
      { seed: 6, numRuns: 1000 },
    );
  });
}
