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
