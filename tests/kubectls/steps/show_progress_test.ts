import { assertEquals } from "@std/assert";
import { showProgress } from "../../../lib/kubectls/steps/show_progress.ts";

/** A terminal of `columns`, or a pipe, and a clock that advances 60 ms with every reading. */
function world(columns: number | undefined) {
  const written: string[] = [];
  let nowMs = 0;
  const stream = {
    isTerminal: columns !== undefined,
    isDumb: false,
    columns: () => columns,
    write: (text: string) => void written.push(text),
  };
  return {
    written,
    ports: {
      terminal: { stdout: stream, stderr: stream },
      clock: {
        nowMs: () => 0,
        monotonicMs: () => nowMs += 60,
        sleep: () => Promise.resolve(),
        later: () => ({ [Symbol.dispose]() {} }),
      },
    },
  };
}

function download(quiet: boolean, { ports }: ReturnType<typeof world>): void {
  const progress = showProgress("kubectl 1.30.2", [], quiet, ports);
  for (let received = 0; received <= 4_000_000; received += 1_000_000) {
    progress.update(received, 4_000_000, "https://dl.k8s.io");
  }
  progress.end();
}

Deno.test("showProgress() draws over one line of a terminal, and ends with what happened", () => {
  const terminal = world(60);
  download(false, terminal);
  assertEquals(terminal.written, [
    "\r\x1b[Kkubectl 1.30.2    0 %  0 B of 4.0 MB",
    "\r\x1b[Kkubectl 1.30.2   50 %  2.0 MB of 4.0 MB",
    "\r\x1b[Kkubectl 1.30.2  100 %  4.0 MB of 4.0 MB",
    "\r\x1b[Kkuberlr: Downloaded kubectl 1.30.2 from https://dl.k8s.io: 4.0 MB in 0.4 s\n",
  ]);
});

Deno.test("showProgress() writes one line where there is no terminal", () => {
  const pipe = world(undefined);
  download(false, pipe);
  assertEquals(pipe.written, ["kuberlr: Downloading kubectl 1.30.2 from https://dl.k8s.io\n"]);
});

Deno.test("showProgress() names each mirror that bytes come from", () => {
  const pipe = world(undefined);
  const progress = showProgress("kubectl 1.30.2", [], false, pipe.ports);
  for (const from of ["https://a.test", "https://a.test", "https://b.test"]) {
    progress.update(1, undefined, from);
  }
  assertEquals(pipe.written, [
    "kuberlr: Downloading kubectl 1.30.2 from https://a.test\n",
    "kuberlr: Downloading kubectl 1.30.2 from https://b.test\n",
  ]);
});

Deno.test("showProgress() writes nothing when quiet is wanted", () => {
  const terminal = world(80);
  download(true, terminal);
  assertEquals(terminal.written, []);
});

Deno.test("showProgress() writes nothing of a download that never began", () => {
  const terminal = world(80);
  showProgress("kubectl 1.30.2", [], false, terminal.ports).end();
  assertEquals(terminal.written, []);
});

for (const columns of [60, undefined]) {
  const where = columns === undefined ? "elsewhere" : "on a terminal";
  Deno.test(`showProgress() gives its reasons once, with the first bytes (${where})`, () => {
    const { written, ports } = world(columns);
    const progress = showProgress("kubectl 1.30.2", ["kuberlr uses 1.30.2"], false, ports);
    progress.end();
    assertEquals(written, []);
    progress.update(1, 2, "https://dl.k8s.io");
    progress.update(2, 2, "https://dl.k8s.io");
    assertEquals(written[0], "kuberlr: kuberlr uses 1.30.2\n");
    assertEquals(written.filter((text) => text.includes("uses")).length, 1);
  });
}
