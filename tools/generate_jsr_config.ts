/**
 * Writes deno.jsr.json: deno.json with `@std/*` from JSR, and without a lock file.
 *
 * ```sh
 * deno run -A tools/generate_jsr_config.ts
 * ```
 *
 * @module
 */

export const OUTPUT = new URL("../deno.jsr.json", import.meta.url);

const ORIGINALS: Readonly<Record<string, string>> = {
  "@std/assert": "jsr:@std/assert@1.0.19",
  "@std/cli": "jsr:@std/cli@1.0.32",
  "@std/path/posix": "jsr:@std/path@1.1.6/posix",
  "@std/path/windows": "jsr:@std/path@1.1.6/windows",
  "@std/semver": "jsr:@std/semver@1.0.8",
  "@std/toml": "jsr:@std/toml@1.0.11",
  "@std/yaml": "jsr:@std/yaml@1.2.0",
};

/**
 * Returns the text of deno.jsr.json.
 *
 * @param config the text of deno.json
 * @throws {Error} it maps a part of `@std` whose original is not known
 */
export function renderJsrConfig(config: string): string {
  // deno.lock has only the packages of deno.json.
  const unlocked = config.replace(/"lock": \{[^}]*\}/, '"lock": false');
  return unlocked.replaceAll(/"(@std\/[^"]+)": "[^"]+"/g, (_, name: string) => {
    const original = ORIGINALS[name];
    if (original === undefined) throw new Error(`Cannot map "${name}": name its original`);
    return `"${name}": "${original}"`;
  });
}

if (import.meta.main) {
  const config = await Deno.readTextFile(new URL("../deno.json", import.meta.url));
  await Deno.writeTextFile(OUTPUT, renderJsrConfig(config));
}
