/**
 * Reads the program and the version from the bytes of a kubectl, without running it. The package is
 * in the build information. The linker writes the version into `gitVersion`, once for client-go and
 * once for component-base: the two strings are equal and adjacent, each with a zero byte at its
 * end.
 *
 * Source: Go's debug/buildinfo and cmd/link; Kubernetes' hack/lib/version.sh. It was tested with
 * the releases 1.20 to 1.36.
 *
 * @module
 */
import { formatVersion, type Version } from "../version/version.ts";

const PROGRAM = "k8s.io/kubernetes/cmd/kubectl";
const MAX_VERSION_CHARACTERS = 64;

/**
 * Returns why the bytes are not kubectl of this version, to follow "it"; `undefined` if they are.
 */
export function findOtherProgram(bytes: Uint8Array, version: Version): string | undefined {
  const program = readProgram(bytes);
  if (program !== PROGRAM) return `is of "${program ?? "an unknown program"}" instead of kubectl`;
  const held = listVersions(bytes);
  const wanted = formatVersion(version);
  if (held.length === 1 && held[0] === `v${wanted}`) return undefined;
  const numbers = held.map((each) => each.slice(1)).join(", ") || "without a version";
  return `is of kubectl ${numbers} instead of ${wanted}`;
}

/** Returns the import path of the main package as Go 1.18 and later write it. */
function readProgram(bytes: Uint8Array): string | undefined {
  for (let at = bytes.indexOf(0xff); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] !== 0x20 || textAt(bytes, at + 1, 13) !== " Go buildinf:") continue;
    return /path\t(\S+)\n/.exec(textAt(bytes, at, 256))?.[1];
  }
  return undefined;
}

/** Returns the different versions that the linker has written twice in a row. */
function listVersions(bytes: Uint8Array): readonly string[] {
  const found = new Set<string>();
  for (let at = bytes.indexOf(0x76); at !== -1; at = bytes.indexOf(0x76, at + 1)) {
    // A cheap test for "v1." or "v10" comes before the regular expression.
    if (!isDigit(bytes[at + 1]) || !(bytes[at + 2] === 0x2e || isDigit(bytes[at + 2]))) continue;
    const text = textAt(bytes, at, 2 * MAX_VERSION_CHARACTERS);
    const version = /^(v\d+\.\d+\.\d+[-+.0-9A-Za-z]*)\0\1\0/.exec(text)?.[1];
    if (version !== undefined) found.add(version);
  }
  return [...found];
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
