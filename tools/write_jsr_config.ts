/**
 * Writes deno.jsr.json: deno.json with `@std/*` from JSR, whose code the stand-ins take the place of where only the
 * npm registry can be reached. The GitHub workflow runs the tests on both.
 *
 * @module
 */
const ROOT = new URL("../", import.meta.url);

/** The text of deno.jsr.json that belongs to this text of deno.json. */
export function formatJsrConfig(denoJson: string): string {
  const config: { imports: Record<string, string> } = JSON.parse(denoJson);
  const imports = Object.entries(config.imports).map(([name, target]) => [
    name,
    name.startsWith("@std/") ? fromJsr(name) : target,
  ]);
  return `${JSON.stringify({ ...config, imports: Object.fromEntries(imports) }, undefined, 2)}\n`;
}

/** `@std/path/posix` lies in the package `@std/path`. */
function fromJsr(name: string): string {
  const [scope, library, ...path] = name.split("/");
  return [`jsr:${scope}/${library}@^1.0.0`, ...path].join("/");
}

if (import.meta.main) {
  const text = formatJsrConfig(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  Deno.writeTextFileSync(new URL("deno.jsr.json", ROOT), text);
  const { success } = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "deno.jsr.json"],
    cwd: ROOT,
  }).outputSync();
  if (!success) Deno.exit(1);
}
