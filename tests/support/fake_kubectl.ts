/**
 * A stand-in for kubectl, for stories in which it only matters which one ran, and with what.
 *
 * @module
 */
import { standInKubectl } from "./stand_in.ts";

/**
 * A kubectl that says which one it is, then its arguments, one a line.
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
 * {@linkcode fakeKubectlScript}, or the program that does the same on Windows. @throws
 * {StandInUnavailable}
 */
export function fakeKubectlBytes(version: string, then = ""): Uint8Array<ArrayBuffer> {
  return Deno.build.os === "windows"
    ? standInKubectl(version, then)
    : new TextEncoder().encode(fakeKubectlScript(version, then));
}

/** The output of {@linkcode fakeKubectlScript}. */
export function fakeOutput(version: string, args: readonly string[] = []): string {
  return [`kubectl ${version}`, ...args.map((arg) => `<${arg}>`), ""].join("\n");
}
