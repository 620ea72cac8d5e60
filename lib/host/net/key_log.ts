/**
 * The file that SSLKEYLOGFILE names. A Deno that runs a script opens it before the script starts,
 * and would write the keys of every TLS session there.
 *
 * @module
 */
import { encodeBlock, readVariable } from "../process/libc.ts";
import { withLibc } from "../process/rare_libc.ts";

let isMuted = false;

/**
 * Makes Deno write session keys to `/dev/null`. On Linux only: elsewhere nothing tells which
 * descriptor it is. A descriptor that this process has inherited is left alone.
 */
export function muteKeyLog(): void {
  if (isMuted || Deno.build.os !== "linux") return;
  isMuted = true;
  const path = readVariable("SSLKEYLOGFILE");
  if (!path) return;
  try {
    const descriptors = findDescriptors(Deno.statSync(path));
    if (descriptors.length > 0) redirect(descriptors);
  } catch {
    // There is no such file, or no permission to look.
  }
}

const O_WRONLY = 0o1;
const O_ACCMODE = 0o3;
const O_APPEND = 0o2000;
const O_CLOEXEC = 0o2000000;

/** Returns the descriptors by which Deno appends to a file. */
function findDescriptors({ dev, ino }: Deno.FileInfo): readonly number[] {
  const all = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => Number(name))
    .filter((descriptor) => {
      const stat = statOpen(descriptor);
      return stat?.dev === dev && stat.ino === ino;
    });
  // Deno may have copies of these.
  if (all.some((descriptor) => descriptor <= 2)) return [];
  return all.filter((descriptor) => {
    const info = Deno.readTextFileSync(`/proc/self/fdinfo/${descriptor}`);
    const flags = parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "", 8);
    return (flags & (O_CLOEXEC | O_APPEND | O_ACCMODE)) === (O_CLOEXEC | O_APPEND | O_WRONLY);
  });
}

/** Returns `undefined` if it is closed again. */
function statOpen(descriptor: number): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

function redirect(descriptors: readonly number[]): void {
  withLibc(CALLS, ({ open, dup3, close }) => {
    const nowhere = open(encodeBlock(["/dev/null"]), O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) return;
    for (const descriptor of descriptors) dup3(nowhere, descriptor, O_CLOEXEC);
    close(nowhere);
  });
}

const CALLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  dup3: { parameters: ["i32", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;
