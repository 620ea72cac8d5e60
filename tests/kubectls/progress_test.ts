import { assert, assertEquals } from "@std/assert";
import { formatSize, renderBar, renderResult } from "../../lib/kubectls/progress.ts";

const HALF = {
  title: "kubectl 1.30.2",
  receivedBytes: 25_700_000,
  totalBytes: 51_400_000,
  elapsedMs: 2500,
};

for (
  const { name, transfer = HALF, columns, want } of [
    {
      name: "half of it",
      columns: 100,
      want:
        "kubectl 1.30.2  [###############---------------]   50 %  25.7 MB of 51.4 MB  10.3 MB/s",
    },
    {
      name: "the beginning",
      transfer: { ...HALF, receivedBytes: 0, elapsedMs: 0 },
      columns: 100,
      want: "kubectl 1.30.2  [------------------------------]    0 %  0 B of 51.4 MB",
    },
    {
      name: "the end",
      transfer: { ...HALF, receivedBytes: 51_400_000 },
      columns: 100,
      want:
        "kubectl 1.30.2  [##############################]  100 %  51.4 MB of 51.4 MB  20.6 MB/s",
    },
    {
      name: "more than was announced",
      transfer: { ...HALF, receivedBytes: 60_000_000 },
      columns: 60,
      want: "kubectl 1.30.2  100 %  60.0 MB of 51.4 MB",
    },
    {
      name: "an unknown whole",
      transfer: { ...HALF, totalBytes: undefined },
      columns: 80,
      want: "kubectl 1.30.2  25.7 MB  10.3 MB/s",
    },
    {
      name: "a whole of nothing",
      transfer: { ...HALF, totalBytes: 0 },
      columns: 80,
      want: "kubectl 1.30.2  25.7 MB  10.3 MB/s",
    },
    { name: "a narrow terminal", columns: 30, want: "kubectl 1.30.2   50 %" },
    { name: "a very narrow terminal", columns: 10, want: "50 %" },
    { name: "a terminal of two columns", columns: 2, want: "" },
    {
      name: "a terminal that says it has no columns",
      columns: 0,
      want: "kubectl 1.30.2  [############-----------]   50 %  25.7 MB of 51.4 MB  10.3 MB/s",
    },
  ]
) {
  Deno.test(`renderBar() shows ${name}`, () => {
    assertEquals(renderBar(transfer, columns), want);
  });
}

Deno.test("renderBar() is never as wide as the terminal", () => {
  for (let columns = 1; columns < 150; columns++) {
    for (const receivedBytes of [0, 999, 25_700_000, 51_400_000]) {
      const { length } = renderBar({ ...HALF, receivedBytes }, columns);
      assert(length < columns, `${length} of ${columns}`);
    }
  }
});

for (
  const { bytes, want } of [
    { bytes: 0, want: "0 B" },
    { bytes: 999, want: "999 B" },
    { bytes: 999.7, want: "1 kB" },
    { bytes: 999_499, want: "999 kB" },
    { bytes: 999_501, want: "1.0 MB" },
    { bytes: 57_345_000, want: "57.3 MB" },
    { bytes: 1_500_000_000, want: "1500.0 MB" },
  ]
) {
  Deno.test(`formatSize() writes ${bytes} as ${want}`, () => assertEquals(formatSize(bytes), want));
}

Deno.test("renderResult() says how much and how long", () => {
  assertEquals(
    renderResult({ receivedBytes: 57_345_000, totalBytes: undefined, elapsedMs: 2149 }),
    "57.3 MB in 2.1 s",
  );
});
