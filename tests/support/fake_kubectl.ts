/**
 * A fake kubectl, for stories in which it only matters which kubectl ran, and with which arguments.
 *
 * @module
 */
import { standInKubectl } from "./stand_in.ts";

/**
 * Returns the script of a kubectl that prints its version, then its arguments, one per line.
 *
 * ```text
 * kubectl 1.30.2
 * <get>
 * <pods>
 * ```
 */
export function fakeKubectlScript(version: string, then = ""): string {
  return `#!/bin/sh
echo "kubectl ${version}"
[ $# -eq 0 ] || printf '<%s>\\n' "$@"
${then}
`;
}

/**
 * Returns {@linkcode fakeKubectlScript}, or the program that does the same on Windows.
 *
 * @throws {StandInUnavailable}
 */
export function fakeKubectlBytes(version: string, then = ""): Uint8Array<ArrayBuffer> {
  return Deno.build.os === "windows"
    ? standInKubectl(version, then)
    : new TextEncoder().encode(fakeKubectlScript(version, then));
}

/** Returns the output of {@linkcode fakeKubectlScript}. */
export function fakeOutput(version: string, args: readonly string[] = []): string {
  return [`kubectl ${version}`, ...args.map((arg) => `<${arg}>`), ""].join("\n");
}
