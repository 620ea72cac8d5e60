import { assertEquals } from "@std/assert";
import type { Seen } from "../../../lib/readings/fact.ts";
import { isSettled } from "../../../lib/readings/steps/facts.ts";

/**
 * Returns a file as a fact holds it: kind, mode, owner, device, inode and size, then the times of
 * content and inode.
 */
const seenAt = (mtimeMs: number, ctimeMs: number): Seen =>
  ["file", 0o600, 0, 1, 2, 3, mtimeMs, ctimeMs] as unknown as Seen;

for (
  const { name, seen, nowMs, want } of [
    { name: "within FAT's two seconds", seen: seenAt(0, 0), nowMs: 2_000, want: false },
    { name: "2.5 s after its change", seen: seenAt(0, 0), nowMs: 2_500, want: false },
    { name: "later than that", seen: seenAt(0, 0), nowMs: 2_501, want: true },
    { name: "whose inode changed later", seen: seenAt(0, 2_000), nowMs: 4_500, want: false },
    { name: "whose content changed later", seen: seenAt(2_000, 0), nowMs: 4_500, want: false },
    { name: "from the future", seen: seenAt(9_000, 0), nowMs: 4_500, want: false },
    { name: "that is missing", seen: null as unknown as Seen, nowMs: 0, want: true },
  ]
) {
  Deno.test(`isSettled() is ${want} of a file ${name}`, () => {
    assertEquals(isSettled(seen, nowMs), want);
  });
}
