/**
 * Tells whether `Deno.Command` has thrown because the program does not exist.
 *
 * @module
 */

/** On Windows, only the message of the error tells it: "Failed to spawn '…': File not found". */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    (Deno.build.os === "windows" && error instanceof Error &&
      error.message.endsWith(": File not found"));
}
