/**
 * A program that only hands over: `hand_off.ts MODE FOLDER PATH ARGV0 ARGS…`, where FOLDER is `own`
 * for a kubectl of kuberlr's own folder. One argument `@FILE` stands for all of them, in a JSON
 * array. It reports failures as kuberlr does.
 *
 * @module
 */
import { KuberlrError } from "../../lib/errors.ts";
import { handOff } from "../../lib/host/process/handoff.ts";
import { hasSizeOfKubectl } from "../../lib/handoff/wrapper_loop.ts";

const [mode, folder, path = "", argv0 = "", ...args] = Deno.args;
const listed = args.length === 1 && args[0]?.startsWith("@");
try {
  Deno.exit(
    await handOff({
      path,
      argv0,
      args: listed ? JSON.parse(Deno.readTextFileSync(args[0]!.slice(1))) : args,
      mode: mode === "spawn" ? "spawn" : "exec",
      skipsLoopGuard: folder === "own" && hasSizeOfKubectl(sizeOf(path)),
    }),
  );
} catch (error) {
  if (!(error instanceof KuberlrError)) throw error;
  Deno.stderr.writeSync(
    new TextEncoder().encode(`${error.code}: ${error.message}\nhint: ${error.hint}\n`),
  );
  Deno.exit(error.exitStatus);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}
