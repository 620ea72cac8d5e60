/**
 * A hand-off that the system refused, in the user's words. Apart from the hand-off, as it is needed only then.
 *
 * @module
 */
import { HostError, type KuberlrError } from "../errors.ts";
import { explainHandOffFailure, nameErrno } from "../handoff.ts";

export function explainErrno(path: string, errno: number): KuberlrError {
  const os = Deno.build.os === "darwin" ? "darwin" : "linux";
  return explainFailure(new HostError(nameErrno(os, errno), path, `execve: errno ${errno}`));
}

export function explainFailure(failure: HostError): KuberlrError {
  return explainHandOffFailure(failure, exists(failure.path));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
