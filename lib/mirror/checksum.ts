/**
 * Parses the checksums and version markers of a mirror, and checks whether a file can be a kubectl.
 *
 * Kubernetes' checksum files hold only hex digits, with a newline until 1.19. Mirrors also use the
 * formats of `sha256sum` and BSD. A mirror may have stored an error page and hashed that, so markup
 * is never taken for a kubectl, even if its checksum is right.
 *
 * @see https://github.com/kubernetes/release/blob/master/pkg/release/release.go
 * @module
 */
import type { Minor } from "../version/skew.ts";
import { HASH_ALGORITHMS, type HashAlgorithm, isHashOf } from "../encoding/hash_algorithms.ts";
import { parseVersion, type Version } from "../version/version.ts";

/** Six times the largest text, the `SHA512SUMS` of a release. */
export const MAX_TEXT_BYTES = 256 * 1024;

/**
 * Returns the order in which checksum files are asked for. Releases since 1.12 have `.sha512`,
 * older ones `.sha1`.
 */
export function checksumAlgorithms(version: Version): readonly HashAlgorithm[] {
  return version.major > 1 || version.minor >= 12
    ? HASH_ALGORITHMS
    : ["sha1", ...HASH_ALGORITHMS.filter((algorithm) => algorithm !== "sha1")];
}

/**
 * Returns the checksum in lower case; `undefined` if the text holds none, or several that differ.
 * In a list, only the lines for `kubectl` and `kubectl.exe` count.
 */
export function parseChecksum(text: string, algorithm: HashAlgorithm): string | undefined {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|[\r\n]/).map((line) => line.trim())
    .filter((line) => line !== "");
  const found = new Set<string>();
  for (const line of lines) {
    const [, bare, name, bsdName, bsd] =
      /^\\?([0-9A-Fa-f]+)(?:\s+\*?(\S.*))?$|^SHA-?\d+\s*\((.+)\)\s*=\s*([0-9A-Fa-f]+)$/i.exec(
        line,
      ) ??
        [];
    const hex = (bare ?? bsd)?.toLowerCase();
    if (hex === undefined) {
      if (lines.length === 1) return undefined;
      continue;
    }
    const isOurs = lines.length === 1 ||
      /(?:^|[\\/])kubectl(?:\.exe)?$/i.test(name ?? bsdName ?? "");
    if (isOurs && isHashOf(algorithm, hex)) found.add(hex);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

const MARKER = /^v\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * Returns the release that a `stable.txt` or `stable-1.30.txt` names; `undefined` for other texts.
 */
export function parseMarker(text: string, minor: Minor | undefined): Version | undefined {
  const marker = text.replace(/^\uFEFF/, "").trim();
  if (marker.length > 64 || !MARKER.test(marker)) return undefined;
  const version = parseVersion(marker);
  return version !== undefined &&
      (minor === undefined || (version.major === minor.major && version.minor === minor.minor))
    ? version
    : undefined;
}

/** The number of bytes that {@linkcode describeNonProgram} looks at. */
export const HEAD_BYTES = 512;

/**
 * Returns why the first bytes of a file show that it is not a program; `undefined` if it may be
 * one. A script that begins with `#!` may be one.
 */
export function describeNonProgram(head: Uint8Array): string | undefined {
  if (head.length === 0) return "is empty";
  // Markup is ASCII up to its first tag; UTF-16 has a NUL in every second byte.
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES))
    .replace(/^(?:\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)/, "")
    .replaceAll("\0", "");
  if (text.trim() === "") return "is blank";
  if (/^\s*<\?xml/i.test(text)) return "is an XML document";
  if (/^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(text)) return "is an HTML page";
  if (isMarkup(text)) return "is a page of markup";
  if (/^\s*[{[]\s*(?:["{[\]}]|$)/.test(text)) return "is a JSON document";
  return undefined;
}

/** Returns true if a text is a web page or an XML document. */
export function isMarkup(text: string): boolean {
  return text.trimStart().startsWith("<");
}
