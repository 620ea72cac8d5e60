/**
 * `deno task bundle`: the whole program as one file, dist/kuberlr.js, to be run from a disk or a URL. It must start
 * as fast as an empty program nearly does, so it is refused if anything of Node's layer would be loaded with it.
 *
 * @module
 */
import { ARCHIVE, readStamp, stampText } from "./stamp.ts";

const HEADER = "#!/usr/bin/env -S deno run --allow-all --no-config --quiet\n";

export async function bundle(output: string): Promise<void> {
  const main = new URL("../main.ts", import.meta.url).pathname;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--output", output, main],
  });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr)}`);
  const code = HEADER + await Deno.readTextFile(output);
  const [imported] = findStaticImports(code);
  if (imported !== undefined) {
    await Deno.remove(output);
    throw new Error(`Cannot bundle: "${imported}" would be loaded by every command`);
  }
  await Deno.writeTextFile(output, code);
  await Deno.chmod(output, 0o755);
}

/** Modules that are loaded before the first statement runs. */
export function findStaticImports(code: string): readonly string[] {
  const imports = /^\s*(?:import|export)\b[^("'`;]*["']([^"']+)["']/gm;
  return Array.from(code.matchAll(imports), ([, name = ""]) => name);
}

if (import.meta.main) {
  const output = Deno.args[0] ?? "dist/kuberlr.js";
  await bundle(output);
  const root = new URL("..", import.meta.url).pathname;
  const stamp = await readStamp(root, ARCHIVE, Deno.env.toObject());
  await Deno.writeTextFile(output, stampText(await Deno.readTextFile(output), stamp));
}
