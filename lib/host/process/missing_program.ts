/**
 * Whether `Deno.Command` has thrown because the program is not there.
 *
 * @module
 */

/** Of a path on Windows Deno says so in words alone: "Failed to spawn '…': File not found". */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    (Deno.build.os === "windows" && error instanceof Error &&
      error.message.endsWith(": File not found"));
}
