import { assertEquals } from "@std/assert";
import { findNearest } from "../../lib/output/nearest.ts";

const WORDS = ["bins", "get", "which", "explain", "clusters", "config", "AllowDownload"];
for (
  const { word, want } of [
    { word: "cluster", want: "clusters" },
    { word: "whcih", want: "which" },
    { word: "exlpain", want: "explain" },
    { word: "allow-download", want: "AllowDownload" },
    { word: "bin", want: "bins" },
    { word: "gett", want: "get" },
    { word: "x", want: undefined },
    { word: "", want: undefined },
    { word: "frobnicate", want: undefined },
  ]
) {
  Deno.test(`findNearest() takes "${word}" for ${want ?? "nothing known"}`, () => {
    assertEquals(findNearest(word, WORDS), want);
  });
}

for (
  const { word, known, want } of [
    { word: "ab", known: "ax", want: "ax" },
    { word: "ab", known: "xy", want: undefined },
    { word: "abcde", known: "abcdx", want: "abcdx" },
    { word: "abcde", known: "abcxy", want: undefined },
    { word: "abcdef", known: "abcdxy", want: "abcdxy" },
    { word: "abcdef", known: "abcxyz", want: undefined },
    { word: "abcdefghi", known: "abcdefxyz", want: "abcdefxyz" },
    { word: "abcdefghi", known: "abcdewxyz", want: undefined },
  ]
) {
  Deno.test(`findNearest() allows an edit for three letters: "${word}" and "${known}"`, () => {
    assertEquals(findNearest(word, [known]), want);
  });
}
