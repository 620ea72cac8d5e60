/**
 * The two outcomes of every run: a fitting kubectl, or one clear error.
 *
 * @module
 */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { fakeOutput } from "./fake_kubectl.ts";
import { type Run, type Sandbox, SUFFIX } from "./sandbox.ts";

/**
 * Asserts that the fake kubectl of this version ran with these arguments, and that nothing showed
 * kuberlr's presence.
 */
export function assertRan(run: Run, version: string, args: readonly string[] = []): void {
  assertEquals(
    { status: run.status, stdout: run.stdout, stderr: run.stderr },
    { status: 0, stdout: fakeOutput(version, args), stderr: "" },
  );
}

export interface Refusal {
  readonly status: number;
  /** Text in the line after `kuberlr: error:`. */
  readonly error: RegExp;
  readonly hint: RegExp;
}

/** Asserts that no kubectl ran: one error, one hint, an empty stdout and no stack trace. */
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

/** Asserts a warning on stderr, and that the fake kubectl of this version ran all the same. */
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

/** Asserts that kuberlr's folder holds exactly these kubectls. */
export function assertInstalled(box: Sandbox, versions: readonly string[]): void {
  assertEquals(
    box.files(box.binaries),
    versions.map((version) => `kubectl${version}${SUFFIX}`).toSorted(),
  );
}
