/**
 * Reads files that can be read twice. `kubectl --kubeconfig <(vault read …)` hands a pipe over, and
 * whoever reads it first leaves nothing to kubectl: pipes, sockets and terminals are let alone.
 *
 * @module
 */
import type { Files } from "../../ports/files.ts";
import { HostError } from "../../errors.ts";

/**
 * `undefined` for what is missing. @throws {HostError} `ENOTREG` for what can be read only once.
 */
export function readRegularBytes(path: string, files: Files): Uint8Array | undefined {
  if (isNull(path, files)) return new Uint8Array();
  return files.readBytes(path);
}

/** As {@linkcode readRegularBytes}. */
export function readRegularText(path: string, files: Files): string | undefined {
  if (isNull(path, files)) return "";
  return files.readText(path);
}

/** @throws {HostError} */
function isNull(path: string, files: Files): boolean {
  // Looked at, the device is as special as a pipe.
  if (path === "/dev/null") return true;
  if (files.stat(path)?.kind === "other") {
    throw new HostError("ENOTREG", path, "it can be read only once");
  }
  return false;
}
