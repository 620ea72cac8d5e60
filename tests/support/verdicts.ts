/**
 * The two outcomes of every run: a fitting kubectl, or one clear error.
 *
 * @module
 */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { fakeOutput } from "./fake_kubectl.ts";
import { type Run, type Sandbox, SUFFIX } from "./sandbox.ts";

/**
 * The fake kubectl of this version ran with these arguments, and nothing showed that kuberlr was
 * there.
 */
export function assertRan(run: Run, version: string, args: readonly string[] = []): void {
  assertEquals(
    { status: run.status, stdout: run.stdout, stderr: run.stderr },
    { status: 0, stdout: fakeOutput(version, args), stderr: "" },
  );
}

export interface Refusal {
  readonly status: number;
  /** In the line after `kuberlr: error:`. */
  readonly error: RegExp;
  readonly hint: RegExp;
}

/** No kubectl ran: one error, one hint, an empty stdout and no stack trace. */
export function assertRefused(run: Run, { status, error, hint }: Refusal): void {
  assertEquals({ status: run.status, stdout: run.stdout }, { status, stdout: "" }, run.stderr);
  const lines = run.stderr.trimEnd().split("\n");
  assertNoStack(run);
  for (const line of lines) assertMatch(line, /^kuberlr: /);
  const errors = lines.filter((line) => line.startsWith("kuberlr: error: "));
  assertEquals(errors.length, 1, run.stderr);
  assertMatch(errors[0]!, error);
  const advice = lines.at(-1)!;
  assertMatch(advice, /^kuberlr: hint: /);
  assertMatch(advice, hint);
}

/** A warning on stderr, and the fake kubectl of this version all the same. */
export function assertRanWarning(
  run: Run,
  version: string,
  args: readonly string[],
  warning: RegExp,
): void {
  assertEquals(
    { status: run.status, stdout: run.stdout },
    { status: 0, stdout: fakeOutput(version, args) },
    run.stderr,
  );
  assertNoStack(run);
  assertMatch(run.stderr, /^kuberlr: warning: /m);
  assertMatch(run.stderr, warning);
}

export function assertNoStack({ stderr }: Run): void {
  assertNotMatch(stderr, /^\s+at .*[:)]|panicked|Uncaught|\.ts:\d+:\d+/m);
}

/** Only these kubectls are in kuberlr's folder, and nothing else anywhere near them. */
export function assertInstalled(box: Sandbox, versions: readonly string[]): void {
  assertEquals(
    box.files(box.binaries),
    versions.map((version) => `kubectl${version}${SUFFIX}`).toSorted(),
  );
}
