/** What each `stat` prints for a file, as the system's call reports it. */
import { assertEquals } from "@std/assert";
import { parseStatLine, type StatFlavor } from "../../lib/launcher/stat_format.ts";
import type { FileStat } from "../../lib/ports/files.ts";

const FILE: FileStat = {
  kind: "file",
  mode: 0o600,
  uid: 501,
  dev: 16777232,
  ino: 123,
  size: 5,
  mtimeMs: 1795634188868,
  ctimeMs: 1795634701300,
};
const FOLDER: FileStat = { ...FILE, kind: "directory", mode: 0o1777, uid: 0 };
const TIMES = "1795634188.868999999 1795634701.300831849";
const DATES = "1795634188 2026-11-25 19:16:28.868999999 +0000 2026-11-25 19:25:01.300831849 +0000";

for (
  const [flavor, line, expected] of [
    ["gnu3", `501 8180 5 ${TIMES} 16777232 123`, FILE],
    ["gnu3", `0 43ff 5 ${TIMES} 16777232 123`, FOLDER],
    ["busybox3", `501 8180 5 ${DATES} 16777232 123`, FILE],
    ["busybox3", `0 43ff 5 ${DATES} 16777232 123`, FOLDER],
    ["bsd3", `501 100600 5 ${TIMES} 16777232 123`, FILE],
    ["bsd3", `0 41777 5 ${TIMES} 16777232 123`, FOLDER],
    ["gnu3", "usage: stat [-FLnq] [-f format | -l | -r | -s | -x] [file ...]", undefined],
    ["gnu3", "501 8180 5 %.9Y %.9Z 16777232 123", undefined],
    ["busybox3", `501 8180 5 ${DATES.replaceAll("+0000", "+0100")} 1 1`, undefined],
    ["bsd3", "501 100600 5 1795634188 1795634701 16777232 123", undefined],
    ["bsd3", "", undefined],
  ] satisfies readonly (readonly [StatFlavor, string, FileStat | undefined])[]
) {
  Deno.test(`parseStatLine() reads ${flavor}: ${line}`, () => {
    assertEquals(parseStatLine(line, flavor), expected);
  });
}
