import { assertEquals } from "@std/assert";
import { concatBytes } from "../../lib/encoding/bytes.ts";
import { splitBlock, stringOffsets, withVariable } from "../../lib/encoding/c_strings.ts";

/** Each character stands for a byte. */
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const texts = (strings: readonly Uint8Array[]) =>
  strings.map((string) => String.fromCharCode(...string));

for (
  const { name, block, want } of [
    { name: "nothing", block: "", want: [] },
    { name: "one string", block: "a=1\0", want: ["a=1\0"] },
    { name: "empty strings", block: "\0a\0\0", want: ["\0", "a\0", "\0"] },
    { name: "bytes that are not UTF-8", block: "a=\xff\xfe\0b\0", want: ["a=\xff\xfe\0", "b\0"] },
  ]
) {
  Deno.test(`splitBlock() splits ${name}`, () => {
    assertEquals(texts(splitBlock(bytes(block))), want);
    assertEquals(concatBytes(splitBlock(bytes(block))), bytes(block));
    assertEquals(stringOffsets(bytes(block)).length, want.length);
  });
}

for (
  const { name, before, value, want } of [
    {
      name: "adds at the end",
      before: "A=1\0B=\xff\0",
      value: "2",
      want: ["A=1\0", "B=\xff\0", "X=2\0"],
    },
    {
      name: "replaces all there are",
      before: "X=1\0A=1\0X=\xff\0",
      value: "2",
      want: ["A=1\0", "X=2\0"],
    },
    {
      name: "takes out all there are",
      before: "X=1\0A=1\0X=\0",
      value: undefined,
      want: ["A=1\0"],
    },
    {
      name: "leaves alone longer and shorter names, doubles and what has no name",
      before: "XX=1\0X\0=X\0A=1\0A=2\0",
      value: undefined,
      want: ["XX=1\0", "X\0", "=X\0", "A=1\0", "A=2\0"],
    },
  ]
) {
  Deno.test(`withVariable() ${name}`, () => {
    assertEquals(texts(splitBlock(withVariable(bytes(before), "X", value))), want);
  });
}
