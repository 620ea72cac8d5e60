/**
 * Reads the versions of `kuberlr get`, from the command line and from the file of `--from`.
 *
 * @module
 */
import { HostError, KuberlrError } from "../errors.ts";
import { findNearest } from "../output/nearest.ts";
import { redactArgument } from "../output/redact.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Host } from "../ports/host.ts";
import { formatVersion, parseVersion } from "../version/version.ts";
import { parseWanted, type Wanted } from "../version/wanted.ts";

export interface AskedVersion {
  /** The text that was given; `1.30.2` for `v1.30.2-eks-1552ad0`. */
  readonly text: string;
  readonly wanted: Wanted | "auto";
}

/** Matches a server's version with the suffix of a vendor or a build: `v1.30.2-eks-1552ad0`. */
const PASTED = /^v?\d+\.\d+\.\d+[-+]/;

/**
 * Reads one version.
 *
 * @param place file and line, for the message; `""` for the command line
 * @throws {KuberlrError} `usage`
 */
export function readVersion(text: string, place = ""): AskedVersion {
  if (text === "auto") return { text, wanted: text };
  if (text === "latest") return { text, wanted: { kind: "stable" } };
  const wanted = parseWanted(text);
  if (wanted !== undefined) return { text, wanted };
  const pasted = PASTED.test(text) ? parseVersion(text) : undefined;
  if (pasted !== undefined) {
    return { text: formatVersion(pasted), wanted: { kind: "exact", version: pasted } };
  }
  const nearest = findNearest(text, ["auto", "stable", "latest"]);
  // The URL of a kubectl may hold a password.
  const shown = redactArgument(text);
  throw new KuberlrError("usage", `${place}"${shown}" is not a kubectl version`, {
    hint: nearest !== undefined
      ? `Did you mean "${nearest}"?`
      : place === "" && /^[a-z]/i.test(text)
      ? `Write 1.30.2, 1.30, stable or auto; kubectl's own "get" is "kuberlr kubectl get ${
        quoteShellWord(shown)
      }"`
      : "Write 1.30.2, 1.30, stable or auto",
  });
}

/**
 * Reads the versions in a file, one per line; `#` begins a comment.
 *
 * @throws {KuberlrError} `usage`: it cannot be read, or a line is not a version
 */
export function readVersionFile(
  path: string,
  { files }: Pick<Host, "files">,
): readonly AskedVersion[] {
  return readFile(path, files).split("\n").flatMap((line, index) => {
    const text = line.replace(/#.*/, "").trim();
    return text === "" ? [] : [readVersion(text, `"${path}", line ${index + 1}: `)];
  });
}

function readFile(path: string, files: Host["files"]): string {
  let reason = "it does not exist";
  try {
    const text = files.readText(path);
    if (text !== undefined) return text;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    reason = error.message;
  }
  throw new KuberlrError(
    "usage",
    `Cannot read the versions in "${redactArgument(path)}": ${reason}`,
    {
      hint: "Name a file with a version on each line, with --from",
    },
  );
}
