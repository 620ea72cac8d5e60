/**
 * The text of the launcher and of the starter pass shellcheck, if it is installed, and the rule for
 * bash 3.2, which is macOS' `/bin/sh` and `/bin/bash`.
 */
import { assertEquals } from "@std/assert";
import { wordTables } from "../../lib/launcher/command_words.ts";
import { renderLauncher, renderStarter } from "../../lib/launcher/script.ts";
import { misread } from "../support/bash_3.ts";

const LINUX = {
  interpreter: "/bin/sh",
  version: "v1.2.3",
  command: ["/home/me/it's/kuberlr", "kubectl"],
  program: "/home/me/it's/kuberlr",
  stat: { path: "/usr/bin/stat", flavor: "gnu3" },
  clock: { folder: "/proc/self" },
} as const;
const MACOS = {
  ...LINUX,
  stat: { path: "/usr/bin/stat", flavor: "bsd3" },
  clock: { date: "/bin/date" },
} as const;

const TEXTS: Readonly<Record<string, string>> = {
  "the launcher of Linux": renderLauncher(LINUX, wordTables()),
  "the launcher of macOS": renderLauncher(MACOS, wordTables()),
  "a launcher without shortcuts": renderLauncher({ ...LINUX, stat: undefined }, wordTables()),
  "a starter": renderStarter(LINUX),
};

const missing = isInstalled() ? "" : " (ignored: shellcheck is not installed)";

for (const [name, text] of Object.entries(TEXTS)) {
  Deno.test({
    name: `shellcheck has nothing to say of ${name}${missing}`,
    ignore: missing !== "",
    async fn() {
      const path = await Deno.makeTempFile({ prefix: "kuberlr-launcher-" });
      try {
        await Deno.writeTextFile(path, text);
        const { stdout } = await new Deno.Command("shellcheck", {
          args: ["--shell=sh", "--norc", path],
        }).output();
        assertEquals(new TextDecoder().decode(stdout), "");
      } finally {
        await Deno.remove(path);
      }
    },
  });
}

for (const [name, text] of Object.entries(TEXTS)) {
  Deno.test(`bash 3.2 reads every $(…) of ${name}`, () => {
    assertEquals(misread(text), []);
  });
}

for (
  const [text, expected] of [
    ["x=$(case $y in a) echo ;; esac)", ["case $y in a"]],
    ["x=$(case $y in (a) echo ;; esac)", []],
    ["x=$(\n  # don't\n  echo a\n)", ["\n  # don't\n  echo a\n)"]],
    [`x="$(echo ")")" y=$((1 + 2))`, []],
    ["x=$(echo", ["echo"]],
  ] as const
) {
  Deno.test(`bash 3.2 misreads ${expected.length} of ${JSON.stringify(text)}`, () => {
    assertEquals(misread(text), expected);
  });
}

function isInstalled(): boolean {
  try {
    return new Deno.Command("shellcheck", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}
