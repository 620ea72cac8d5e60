import { assertEquals } from "@std/assert";
import { completeWords, renderCompletion } from "../../lib/cli/completion.ts";

for (
  const { words, want } of [
    { words: ["co"], want: "config completion :nothing" },
    { words: ["unknown", ""], want: ":nothing" },
    { words: ["bins", ""], want: ":nothing" },
    { words: ["bins", "-"], want: "--output --help :nothing" },
    { words: ["bins", "--output", ""], want: "json :nothing" },
    { words: ["bins", "-o", "j"], want: "json :nothing" },
    { words: ["bins", "--output=j"], want: "--output=json :nothing" },
    { words: ["bins", "--output", "="], want: "json :nothing" },
    { words: ["bins", "--output", "=", "j"], want: "json :nothing" },
    { words: ["bins", "-o", "json", "-"], want: "--help :nothing" },
    { words: ["get", ""], want: "auto stable 1.37 1.36 1.35 1.34 1.33 1.32 1.31 1.30 :nothing" },
    { words: ["get", "1.3", "1.36"], want: "1.36 :nothing" },
    {
      words: ["get", "1.30", "--platform", ""],
      want:
        "linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 :nothing",
    },
    {
      words: ["get", "--platform=d"],
      want: "--platform=darwin/amd64 --platform=darwin/arm64 :nothing",
    },
    { words: ["get", "--from", ""], want: ":files" },
    { words: ["get", "1.30", "s"], want: "stable :nothing" },
    { words: ["get", "--to", ""], want: ":directories" },
    { words: ["clusters", "--kubeconfig", ""], want: ":files" },
    { words: ["completion", ""], want: "bash zsh fish powershell :nothing" },
    { words: ["completion", "bash", ""], want: ":nothing" },
    { words: ["help", "s"], want: "skew :nothing" },
    { words: ["kubectl", ""], want: ":kubectl 1" },
    { words: ["kubectl", "get", "po"], want: ":kubectl 1" },
    { words: ["explain", "-"], want: "--refresh --output --help :kubectl 1" },
    { words: ["explain", "-o", ""], want: "json :nothing" },
    { words: ["explain", "-o", "json", "get", ""], want: ":kubectl 3" },
    { words: ["explain", "--refresh", ""], want: ":kubectl 2" },
    { words: ["which", "get", "-"], want: ":kubectl 1" },
  ]
) {
  Deno.test(`completeWords() completes "${words.join(" ")}"`, () => {
    const lines = renderCompletion(completeWords(words)).trimEnd().split("\n");
    assertEquals(lines.map((line) => line.split("\t")[0]).join(" "), want);
  });
}
