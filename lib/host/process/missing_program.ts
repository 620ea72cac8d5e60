/**
 * Tells whether `Deno.Command` has thrown because the program does not exist.
 *
 * @module
 */

/** For a path on Windows, Deno says so only in words: "Failed to spawn '…': File not found". */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    (Deno.build.os === "windows" && error instanceof Error &&
      error.message.endsWith(": File not found"));
}
