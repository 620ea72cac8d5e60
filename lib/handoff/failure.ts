/**
 * Explains why a program could not be run, by the number that the system gave.
 *
 * The exit statuses are those of a shell: 126 for a file that cannot be run, 125 if the call itself
 * is impossible.
 *
 * @module
 */
import { type HostError, KuberlrError } from "../errors.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Goos } from "../platform.ts";

/** The numbers of errno(3) that Linux and macOS share. */
const UNIX: Readonly<Record<number, string>> = {
  1: "EPERM",
  2: "ENOENT",
  5: "EIO",
  7: "E2BIG",
  8: "ENOEXEC",
  12: "ENOMEM",
  13: "EACCES",
  14: "EFAULT",
  20: "ENOTDIR",
  21: "EISDIR",
  22: "EINVAL",
  23: "ENFILE",
  24: "EMFILE",
  26: "ETXTBSY",
};

/**
 * All numbers by system. For Windows, whose codes are others, the name is the nearest one of
 * errno(3).
 */
const ERRNO: Readonly<Record<Goos, Readonly<Record<number, string>>>> = {
  linux: { ...UNIX, 11: "EAGAIN", 36: "ENAMETOOLONG", 40: "ELOOP", 80: "ELIBBAD" },
  darwin: {
    ...UNIX,
    35: "EAGAIN",
    62: "ELOOP",
    63: "ENAMETOOLONG",
    85: "EBADEXEC",
    86: "EBADARCH",
    88: "EBADMACHO",
  },
  windows: {
    2: "ENOENT", // ERROR_FILE_NOT_FOUND
    3: "ENOENT", // ERROR_PATH_NOT_FOUND
    4: "EMFILE", // ERROR_TOO_MANY_OPEN_FILES
    5: "EACCES", // ERROR_ACCESS_DENIED
    8: "ENOMEM", // ERROR_NOT_ENOUGH_MEMORY
    32: "ETXTBSY", // ERROR_SHARING_VIOLATION
    193: "ENOEXEC", // ERROR_BAD_EXE_FORMAT
    206: "E2BIG", // ERROR_FILENAME_EXCED_RANGE: a command line of more than 32,767 characters
    216: "ENOEXEC", // ERROR_EXE_MACHINE_TYPE_MISMATCH
    225: "EPERM", // ERROR_VIRUS_INFECTED
    1260: "EPERM", // ERROR_ACCESS_DISABLED_BY_POLICY
  },
};

/** Returns `ENOENT` for 2, and `error 999` for an unknown number. */
export function nameErrno(os: Goos, errno: number): string {
  return ERRNO[os][errno] ?? `error ${errno}`;
}

/** Returns the error for a failed `execve` or spawn. `exists`: whether the file itself is there. */
export function explainHandOffFailure(
  os: Goos,
  failure: HostError,
  exists: boolean,
): KuberlrError {
  const { code, path } = failure;
  const { error = "kubectl-not-executable", reason, hint } = os === "windows"
    ? reasonOnWindows(code, path, exists)
    : reasonOf(code, path, exists);
  return new KuberlrError(error, `Cannot run "${path}": ${reason}`, { hint, cause: failure });
}

interface Reason {
  readonly error?: "argument-list-too-long";
  readonly reason: string;
  readonly hint: string;
}

function reasonOf(code: string, path: string, exists: boolean): Reason {
  const word = quoteShellWord(path);
  const replace = `Remove "${path}" and run the command again: kuberlr looks for another kubectl`;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return exists
        ? {
          reason: "the interpreter or loader that it names is not there",
          hint: `"file ${word}" names it; a kubectl from dl.k8s.io needs none`,
        }
        : {
          reason: "it is no longer there",
          hint: "Run the command again: kuberlr looks for another kubectl",
        };
    case "EACCES":
    case "EPERM":
    case "EISDIR":
      return {
        reason: "permission denied",
        hint: `Run "chmod a+rx ${word}"; where it is executable already, its directories may be ` +
          `closed to you, or its file system is mounted "noexec" or a security policy forbids it`,
      };
    case "ENOEXEC":
    case "EBADARCH":
    case "EBADEXEC":
    case "EBADMACHO":
    case "ELIBBAD":
      return { reason: "it is not a program for this system", hint: replace };
    case "ETXTBSY":
      return {
        reason: "another process is writing to it",
        hint: `Run the command again when that is over; "fuser ${word}" names the process`,
      };
    case "E2BIG":
      return {
        error: "argument-list-too-long",
        reason: "arguments and environment are too long together",
        hint: `Pass large values in files ("--filename") or on standard input, or unset large ` +
          `variables; the system's limit is what "getconf ARG_MAX" says, and 128 KiB for each on Linux`,
      };
    case "ELOOP":
    case "ENAMETOOLONG":
      return {
        reason: "its path has too many links or is too long",
        hint: `Give "SystemPath" or "KUBERLR_KUBECTL" a shorter path`,
      };
    case "ENOMEM":
    case "EAGAIN":
    case "EMFILE":
    case "ENFILE":
      return {
        reason: `the system is short of memory, processes or files (${code})`,
        hint: `Run the command again later, or raise the limits that "ulimit -a" shows`,
      };
    default:
      return { reason: `the system says ${code}`, hint: replace };
  }
}

/** For a path of this length or more, Windows may report that no such file exists. */
const MAX_PATH = 260;

/** Returns the reason of {@linkcode reasonOf}, with a hint that is true on Windows. */
function reasonOnWindows(code: string, path: string, exists: boolean): Reason {
  const { error, reason, hint } = reasonOf(code, path, exists);
  const said = error === undefined ? { reason } : { error, reason };
  switch (code) {
    case "ENOENT":
      if (!exists) return { ...said, hint };
      return reasonOf(path.length < MAX_PATH ? "error 2" : "ENAMETOOLONG", path, exists);
    case "EACCES":
    case "EPERM":
      return {
        ...said,
        hint: `icacls "${path}" shows who may run it; a virus scanner or AppLocker may forbid it`,
      };
    case "ETXTBSY":
      return { ...said, hint: "Run the command again: a virus scanner may still be reading it" };
    case "E2BIG":
      return {
        ...said,
        hint:
          `Pass large values in files ("--filename") or on standard input: Windows allows 32,767 characters`,
      };
    default:
      return { ...said, hint };
  }
}
