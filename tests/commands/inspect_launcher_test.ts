import { assertEquals } from "@std/assert";
import type { BuildInfo } from "../../lib/build_info.ts";
import { inspectAge } from "../../lib/commands/inspect_launcher.ts";
import type { StartCommand } from "../../lib/ports/host.ts";
import { fakeProgram } from "../support/fake_host.ts";

const BUILD: BuildInfo = {
  gitVersion: "v1.2.3",
  gitCommit: "0123456789abcdef0123456789abcdef01234567",
  gitTreeState: "clean",
  buildDate: "2026-01-01T12:00:00Z",
};
const EXECUTABLE: StartCommand = { kind: "executable", path: "/opt/kuberlr" };
const FROM_URL: StartCommand = {
  kind: "source",
  deno: "/opt/deno",
  module: "https://example.com/kuberlr.js",
};
const OLD = "2026-06-30T12:00:00Z";
const INSTALL = `Install a newer one, and run "kuberlr link" again`;

interface Row {
  readonly now: string;
  readonly build?: Partial<BuildInfo>;
  readonly start?: StartCommand;
  /** The days and the hint; absent if nothing is found. */
  readonly expected?: readonly [days: number, hint: string];
}

const ROWS: Readonly<Record<string, Row>> = {
  "the day before it is old": { now: "2026-06-30T11:59:59Z" },
  "the day on which it is old": { now: OLD, expected: [180, INSTALL] },
  "a year later": { now: "2027-01-01T12:00:00Z", expected: [365, INSTALL] },
  "a single file that Deno loaded from a URL": {
    now: OLD,
    start: FROM_URL,
    expected: [
      180,
      `Run "deno run -A --reload ${FROM_URL.module} link"; Deno caches a URL forever`,
    ],
  },
  "a single file on the disk": {
    now: OLD,
    start: { ...FROM_URL, module: "/opt/kuberlr.js" },
    expected: [180, INSTALL],
  },
  "a checkout": { now: OLD, build: { gitTreeState: "", buildDate: "1970-01-01T00:00:00Z" } },
  "a date that cannot be read": { now: OLD, build: { buildDate: "yesterday" } },
  "a build from the future": { now: "2025-01-01T00:00:00Z" },
};

for (const [name, { now, build, start = EXECUTABLE, expected }] of Object.entries(ROWS)) {
  Deno.test(`inspectAge() finds ${expected ? `${expected[0]} days` : "nothing"}: ${name}`, () => {
    const findings = inspectAge({ ...BUILD, ...build }, {
      clock: {
        nowMs: () => Date.parse(now),
        monotonicMs: () => 0,
        sleep: () => Promise.resolve(),
        later: () => ({ [Symbol.dispose]: () => {} }),
      },
      program: fakeProgram({ startCommand: () => start }),
    });
    assertEquals(
      findings,
      expected === undefined ? [] : [{
        check: "launcher",
        status: "warning",
        finding: `This kuberlr was built ${expected[0]} days ago`,
        hint: expected[1],
      }],
    );
  });
}
