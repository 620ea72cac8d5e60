/**
 * Reads files that can be read twice. In `kubectl --kubeconfig <(vault read …)` the file is a pipe,
 * and its first reader leaves nothing for kubectl. So pipes, sockets and terminals are not read.
 *
 * @module
 */
import type { Files } from "../../ports/files.ts";
import { HostError } from "../../errors.ts";
import type { RegularReading } from "../readings.ts";

/**
 * Returns the bytes of a file; `undefined` if it is missing. @throws {HostError} `ENOTREG` for a
 * file that can be read only once
 */
export function readRegularBytes(
  path: string,
  _what: RegularReading,
  files: Pick<Files, "stat" | "readBytes">,
): Uint8Array | undefined {
  if (isNull(path, files)) return new Uint8Array();
  return files.readBytes(path);
}

/** As {@linkcode readRegularBytes}, for text. */
export function readRegularText(
  path: string,
  _what: RegularReading,
  files: Pick<Files, "stat" | "readText">,
): string | undefined {
  if (isNull(path, files)) return "";
  return files.readText(path);
}

/** @throws {HostError} `ENOTREG` */
function isNull(path: string, files: Pick<Files, "stat">): boolean {
  // `stat` reports this device as it reports a pipe.
  if (path === "/dev/null") return true;
  if (files.stat(path)?.kind === "other") {
    throw new HostError("ENOTREG", path, "it can be read only once");
  }
  return false;
}
