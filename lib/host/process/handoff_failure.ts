/**
 * Explains a hand-off that the system refused. It is a file of its own because it is needed only
 * then.
 *
 * @module
 */
import { HostError, type KuberlrError } from "../../errors.ts";
import { explainHandOffFailure, nameErrno } from "../../handoff/failure.ts";
import type { Goos } from "../../platform.ts";

/** `errno` is the number that `execve` left, or Windows' own. */
export function explainErrno(path: string, errno: number): KuberlrError {
  const os = Deno.build.os as Goos;
  const failure = new HostError(nameErrno(os, errno), path, `The system says error ${errno}`);
  return explainHandOffFailure(os, failure, isFile(path));
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
