/**
 * Reads from a kubectl which program and which version it is, without running it. The linker writes
 * both: the package into the build information, and the version into `gitVersion`, of which
 * client-go and component-base have one each. The two strings have the same value and lie side by
 * side, each with a zero byte at its end.
 *
 * Source: Go's debug/buildinfo and cmd/link; Kubernetes' hack/lib/version.sh. Measured with the
 * releases 1.20 to 1.36.
 *
 * @module
 */
import { formatVersion, type Version } from "../version/version.ts";

const PROGRAM = "k8s.io/kubernetes/cmd/kubectl";
const LONGEST_VERSION = 64;

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
    // "v1." or "v10": a cheap look before the expression is tried.
    if (!isDigit(bytes[at + 1]) || !(bytes[at + 2] === 0x2e || isDigit(bytes[at + 2]))) continue;
    const text = textAt(bytes, at, 2 * LONGEST_VERSION);
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
