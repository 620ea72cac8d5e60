/**
 * A function of Windows' `kernel32.dll` that few commands need. The system finds the library by its
 * name.
 *
 * @module
 */
const SYMBOLS = {
  CreateFileW: {
    parameters: ["buffer", "u32", "u32", "pointer", "u32", "u32", "pointer"],
    result: "isize",
  },
  CloseHandle: { parameters: ["isize"], result: "i32" },
} as const;
const FILE_ADD_FILE = 2;
const SHARE_ALL = 1 | 2 | 4;
const OPEN_EXISTING = 3;
/** Opens a folder. */
const FILE_FLAG_BACKUP_SEMANTICS = 0x0200_0000;
const INVALID_HANDLE_VALUE = -1n;

/** A longer path needs a prefix. */
const MAX_PATH = 260;

/**
 * Returns true if this process is known to be allowed to add a file to a folder; `false` if that is
 * unknown, too. Nothing is created, so the folder's times do not change.
 */
export function mayAddFile(folder: string): boolean {
  if (folder.length >= MAX_PATH || folder.includes("\0") || !mayCall()) return false;
  let kernel32;
  try {
    if (!Deno.statSync(folder).isDirectory) return false;
    kernel32 = Deno.dlopen("kernel32.dll", SYMBOLS);
  } catch {
    return false;
  }
  try {
    const { CreateFileW, CloseHandle } = kernel32.symbols;
    const handle = CreateFileW(
      encodeWide(folder),
      FILE_ADD_FILE,
      SHARE_ALL,
      null,
      OPEN_EXISTING,
      FILE_FLAG_BACKUP_SEMANTICS,
      null,
    );
    if (BigInt(handle) === INVALID_HANDLE_VALUE) return false;
    CloseHandle(handle);
    return true;
  } finally {
    kernel32.close();
  }
}

/** If Deno may load only some libraries, it takes this name for a file, so nothing is loaded. */
function mayCall(): boolean {
  const { state, partial } = Deno.permissions.querySync({ name: "ffi" });
  return state === "granted" && !partial;
}

/** UTF-16, in the byte order of every Windows, with a zero at its end. */
function encodeWide(text: string): Uint16Array<ArrayBuffer> {
  return Uint16Array.from({ length: text.length + 1 }, (_, index) => text.charCodeAt(index) || 0);
}
