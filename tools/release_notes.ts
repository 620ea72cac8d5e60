/**
 * Prints the notes of a release in CHANGELOG.md, for its page.
 *
 * ```sh
 * deno run -A tools/release_notes.ts v1.2.3
 * ```
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** Returns the notes of a release. @throws {Error} CHANGELOG.md has none */
export function releaseNotes(changelog: string, tag: string): string {
  const version = tag.replace(/^v/, "");
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
  const notes = section?.slice(section.indexOf("\n")).trim();
  if (!notes) {
    throw new Error(`Cannot release ${tag}: CHANGELOG.md has nothing under "## ${version}"`);
  }
  return `${notes}\n`;
}

/** @throws {Error} the tag is not that of the version in deno.json */
export function checkTag(tag: string, version: string): void {
  if (tag !== `v${version}`) {
    throw new Error(`Cannot release ${tag}: deno.json says it is version ${version}`);
  }
}

async function main(tag: string): Promise<void> {
  checkTag(tag, config.version);
  const changelog = await Deno.readTextFile(new URL("../CHANGELOG.md", import.meta.url));
  await Deno.stdout.write(new TextEncoder().encode(releaseNotes(changelog, tag)));
}

if (import.meta.main) await main(Deno.args[0] ?? "");
