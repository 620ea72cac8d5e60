/**
 * Runs kubectl as a child and answers for it.
 *
 * @module
 */

/** The status to exit with. */
export async function runAsChild(path: string, args: readonly string[]): Promise<number> {
  const child = new Deno.Command(path, {
    args: [...args],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  return (await child.status).code;
}
