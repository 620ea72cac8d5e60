import { assertEquals } from "@std/assert";
import {
  formatMirrorNotes,
  isRenewalDue,
  type MirrorNotes,
  NO_NOTES,
  noteKey,
  parseMirrorNotes,
  recallDown,
  recallMissing,
} from "../../lib/mirror/mirror_notes.ts";

const NOW = 1_795_000_000_000;
const DAY = 86_400_000;
const BASE = "https://mirror.test";
const KEY = noteKey([BASE], "1.99.4");
const NOTES: MirrorNotes = {
  down: { [BASE]: { atMs: NOW, reason: "it is silent", hint: "wait" } },
  missing: { [KEY]: { atMs: NOW, what: "minor" } },
  renewed: { [noteKey([BASE], "1.33")]: NOW },
};

Deno.test("parseMirrorNotes() reads what formatMirrorNotes() wrote", () => {
  assertEquals(parseMirrorNotes(formatMirrorNotes(NOTES)), NOTES);
});

Deno.test("parseMirrorNotes() reads what an earlier build wrote, and 500 characters of a reason", () => {
  const down = { atMs: NOW, reason: "r".repeat(501), hint: "h".repeat(500) };
  assertEquals(
    parseMirrorNotes(JSON.stringify({ format: 1, down: { [BASE]: down } })).down[BASE],
    { ...down, reason: "r".repeat(500) },
  );
});

for (
  const text of [
    "",
    "[]",
    "null",
    `{"format":2}`,
    `{"format":1,"down":[],"missing":7,"renewed":{"x":"y"}}`,
    `{"format":1,"down":{"x":{"atMs":1,"reason":2,"hint":""}},"missing":{"x":{"atMs":1,"what":"all"}}}`,
  ]
) {
  Deno.test(`parseMirrorNotes() takes nothing from ${text || "nothing"}`, () => {
    assertEquals(parseMirrorNotes(text), NO_NOTES);
  });
}

Deno.test("formatMirrorNotes() keeps the newest hundred", () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`k${at}`, at]));
  const { renewed } = parseMirrorNotes(formatMirrorNotes({ ...NO_NOTES, renewed: many }));
  assertEquals([Object.keys(renewed).length, renewed.k299, renewed.k199], [100, 299, undefined]);
});

for (
  const [name, afterMs, want] of [
    ["at once", 0, "it is silent (0 s ago; next attempt in 30 s)"],
    ["just before its time is over", 29_999, "it is silent (29 s ago; next attempt in 1 s)"],
    ["when its time is over", 30_000, undefined],
    ["where the clock went back", -1, undefined],
  ] as const
) {
  Deno.test(`recallDown() says ${want === undefined ? "nothing" : "why"} ${name}`, () => {
    assertEquals(recallDown(NOTES, BASE, 30, NOW + afterMs)?.reason, want);
  });
}

Deno.test("recallDown() says that a kubectl was wrong, with the code of its error", () => {
  const url = `${BASE}/release/v1.30.2/bin/linux/amd64/kubectl`;
  const note = { atMs: NOW, reason: "it is wrong", hint: "", code: "checksum-mismatch" } as const;
  const notes = parseMirrorNotes(formatMirrorNotes({ ...NO_NOTES, down: { [url]: note } }));
  assertEquals(recallDown(notes, url, 30, NOW)?.code, "checksum-mismatch");
  assertEquals(recallDown(notes, BASE, 30, NOW), undefined);
});

Deno.test("notes are of one mirror, and of one list of mirrors", () => {
  assertEquals(recallDown(NOTES, "https://other.test", 30, NOW), undefined);
  assertEquals(recallDown(NOTES, "toString", 30, NOW), undefined);
  assertEquals(recallMissing(NOTES, KEY, 30, NOW), "minor");
  assertEquals(recallMissing(NOTES, noteKey([BASE, BASE], "1.99.4"), 30, NOW), undefined);
  assertEquals(recallMissing(NOTES, KEY, 0, NOW), undefined);
  assertEquals(noteKey(["https://u:pw@mirror.test/release/?sig=x"], "1.99.4"), KEY);
});

for (
  const [days, afterMs, due] of [
    ["never", 100 * DAY, false],
    [7, 7 * DAY - 1, false],
    [7, 7 * DAY, true],
    [7, -1, true],
  ] as const
) {
  Deno.test(`isRenewalDue() with ${days} after ${afterMs / DAY} days is ${due}`, () => {
    assertEquals(isRenewalDue(NOTES, noteKey([BASE], "1.33"), days, NOW + afterMs), due);
  });
}
