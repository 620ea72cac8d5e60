import { assertEquals, assertMatch } from "@std/assert";
import { HostError } from "../../lib/errors.ts";
import { explainHandOffFailure, nameErrno } from "../../lib/handoff/failure.ts";
import type { Goos } from "../../lib/platform.ts";

for (
  const [os, errno, want] of [
    ["linux", 2, "ENOENT"],
    ["linux", 7, "E2BIG"],
    ["linux", 8, "ENOEXEC"],
    ["linux", 11, "EAGAIN"],
    ["linux", 13, "EACCES"],
    ["linux", 26, "ETXTBSY"],
    ["linux", 40, "ELOOP"],
    ["linux", 80, "ELIBBAD"],
    ["linux", 86, "error 86"],
    ["darwin", 26, "ETXTBSY"],
    ["darwin", 40, "error 40"],
    ["darwin", 62, "ELOOP"],
    ["darwin", 86, "EBADARCH"],
    ["windows", 2, "ENOENT"],
    ["windows", 5, "EACCES"],
    ["windows", 8, "ENOMEM"],
    ["windows", 32, "ETXTBSY"],
    ["windows", 193, "ENOEXEC"],
    ["windows", 206, "E2BIG"],
    ["windows", 740, "error 740"],
  ] as const
) {
  Deno.test(`nameErrno() calls ${os}'s ${errno} ${want}`, () => {
    assertEquals(nameErrno(os, errno), want);
  });
}

const PATH = "/x/kubectl1.30.0";

for (
  const { os = "linux", code, path = PATH, exists = true, status, says, hint } of [
    { code: "ENOENT", exists: false, status: 126, says: "it is no longer there", hint: /again/ },
    { code: "ENOTDIR", exists: false, status: 126, says: "it is no longer there", hint: /again/ },
    {
      code: "ENOENT",
      status: 126,
      says: "the interpreter or loader that it names is not there",
      hint: /"file /,
    },
    { code: "EACCES", status: 126, says: "permission denied", hint: /chmod a\+rx .*noexec/ },
    { code: "EPERM", status: 126, says: "permission denied", hint: /chmod/ },
    {
      code: "EACCES",
      path: "/my x/kubectl1.30.0",
      status: 126,
      says: "permission denied",
      hint: /^Run "chmod a\+rx '\/my x\/kubectl1\.30\.0'"/,
    },
    {
      code: "ENOEXEC",
      status: 126,
      says: "it is not a program for this system",
      hint: /^Remove "\/x/,
    },
    {
      os: "darwin",
      code: "EBADARCH",
      status: 126,
      says: "it is not a program for this system",
      hint: /^Remove/,
    },
    { code: "ETXTBSY", status: 126, says: "another process is writing to it", hint: /fuser/ },
    {
      code: "E2BIG",
      status: 125,
      says: "arguments and environment are too long together",
      hint: /--filename/,
    },
    {
      code: "ELOOP",
      status: 126,
      says: "its path has too many links or is too long",
      hint: /SystemPath/,
    },
    {
      code: "ENOMEM",
      status: 126,
      says: "the system is short of memory, processes or files (ENOMEM)",
      hint: /ulimit/,
    },
    { code: "error 999", status: 126, says: "the system says error 999", hint: /^Remove/ },
    { os: "windows", code: "EACCES", status: 126, says: "permission denied", hint: /icacls/ },
    {
      os: "windows",
      code: "ETXTBSY",
      status: 126,
      says: "another process is writing to it",
      hint: /virus/,
    },
    {
      os: "windows",
      code: "E2BIG",
      status: 125,
      says: "arguments and environment are too long together",
      hint: /32,767/,
    },
    {
      os: "windows",
      code: "ENOENT",
      status: 126,
      says: "the system says error 2",
      hint: /^Remove/,
    },
    {
      os: "windows",
      code: "ENOENT",
      path: PATH.padStart(260, "x"),
      status: 126,
      says: "its path has too many links or is too long",
      hint: /SystemPath/,
    },
    {
      os: "windows",
      code: "ENOENT",
      exists: false,
      status: 126,
      says: "it is no longer there",
      hint: /again/,
    },
    {
      os: "windows",
      code: "ENOEXEC",
      status: 126,
      says: "it is not a program for this system",
      hint: /^Remove/,
    },
  ] satisfies readonly Row[] as readonly Row[]
) {
  const length = path === PATH ? "" : ` of ${path.length} characters`;
  const name = `explainHandOffFailure() explains ${os}'s ${code}${
    exists ? "" : " of a missing file"
  }${length}`;
  Deno.test(name, () => {
    const error = explainHandOffFailure(os, new HostError(code, path, "failed"), exists);
    assertEquals([error.exitStatus, error.message], [status, `Cannot run "${path}": ${says}`]);
    assertMatch(error.hint!, hint);
  });
}

interface Row {
  readonly os?: Goos;
  readonly code: string;
  readonly path?: string;
  readonly exists?: boolean;
  readonly status: number;
  readonly says: string;
  readonly hint: RegExp;
}
