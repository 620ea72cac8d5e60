import { assertEquals, assertThrows } from "@std/assert";
import {
  isObject,
  objectOf,
  parseJson,
  parseJsonObject,
  strictReader,
} from "../../lib/encoding/json.ts";

const ROWS: readonly [text: string, value: unknown, isObject: boolean][] = [
  ['{"a":1}', { a: 1 }, true],
  ["{}", {}, true],
  ["[]", [], false],
  ["null", null, false],
  ["5", 5, false],
  ['"{}"', "{}", false],
  ["<html>", undefined, false],
  ["", undefined, false],
  ['{"a":1', undefined, false],
];
for (const [text, value, object] of ROWS) {
  Deno.test(`parseJsonObject() ${object ? "reads" : "refuses"} '${text}'`, () => {
    assertEquals(parseJson(text), value);
    assertEquals(isObject(value), object);
    assertEquals(parseJsonObject(text), object ? value : undefined);
    assertEquals(objectOf(value), object ? value : {});
  });
}

class Refusal extends Error {}
const { mappingOf, listOf, textOf } = strictReader(Refusal);

for (const nothing of [null, undefined]) {
  Deno.test(`strictReader() reads ${nothing} as an empty value`, () => {
    assertEquals([mappingOf(nothing, "it"), listOf(nothing, "it"), textOf(nothing, "it")], [
      {},
      [],
      "",
    ]);
  });
}

for (const value of [{ a: 1 }, ["b"], "c", 0, 5, false, true]) {
  Deno.test(`strictReader() takes ${JSON.stringify(value)} for one type at most`, () => {
    const read = [
      { type: "object", of: mappingOf, error: "it is not a mapping" },
      { type: "array", of: listOf, error: "it is not a list" },
      { type: "string", of: textOf, error: "it is not a string" },
    ];
    const own = Array.isArray(value) ? "array" : typeof value;
    for (const { type, of, error } of read) {
      if (type === own) assertEquals<unknown>(of(value, "it"), value);
      else assertThrows(() => of(value, "it"), Refusal, error);
    }
  });
}
