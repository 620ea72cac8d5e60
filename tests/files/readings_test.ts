/** Every file that lib/ reads is on the list of docs/dev/security-review.md. */
import { assertEquals } from "@std/assert";
import { mentionsOf } from "../support/port_methods.ts";
import { OTHER_READINGS } from "../../lib/files/readings.ts";

const LIB = new URL("../../lib/", import.meta.url);

/**
 * The functions that take a kind of reading, and those that pass a port on or check a memo's fact.
 */
const READERS = [
  "files/steps/read_own.ts",
  "files/steps/read_regular.ts",
  "host/disk/files.ts",
  "host/disk/store.ts",
  "readings/steps/facts.ts",
  "readings/steps/trace.ts",
  // As a memo's fact, it reads a server's record again, whose kind was named at the first reading.
  "memory/steps/remember_kubectl.ts",
];

/**
 * These read what the kernel says about this process, the terminal, and a private temporary file.
 */
const OF_THE_KERNEL = /(["`])\/(?:proc|dev\/tty)\b[^"`]*\1|Deno\.openSync\(path, NEW_FILE\)/;

Deno.test("a file that reads takes a kind of reading, or is listed", async () => {
  const found: string[] = [];
  for await (const path of sources(LIB)) {
    const text = await Deno.readTextFile(path);
    const name = path.href.slice(LIB.href.length);
    const lines = text.split("\n").filter((line) => !OF_THE_KERNEL.test(line));
    const reads = mentionsOf("reads", lines.join("\n"));
    if (reads.length > 0 && !name.startsWith("ports/")) found.push(name);
  }
  assertEquals(
    found.filter((name) => !READERS.includes(name) && !(name in OTHER_READINGS)).toSorted(),
    [],
  );
  assertEquals(READERS.filter((name) => !found.includes(name)), []);
});

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}
