/**
 * Fills in the Homebrew formula and the Scoop manifest from the checksums of a release.
 *
 * ```sh
 * deno run -A tools/render_packaging.ts --tag v1.2.3 --repository kuberlr/kuberlr   # dist/kuberlr.rb, dist/kuberlr.json
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli";

export interface Release {
  /** `v1.2.3` */
  readonly tag: string;
  /** `owner/name` on GitHub */
  readonly repository: string;
  /** By file name. */
  readonly checksums: ReadonlyMap<string, string>;
}

const TEMPLATES = ["homebrew/kuberlr.rb.in", "scoop/kuberlr.json.in"];

/** As `sha256sum` prints them. @throws {Error} a line is none of its */
export function parseChecksums(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").filter((line) => line !== "").map((line) => {
      const [, digest, name] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
      if (digest === undefined || name === undefined) {
        throw new Error(`Cannot read SHA256SUMS: "${line}"`);
      }
      return [name, digest];
    }),
  );
}

/** `{{version}}`, `{{repository}}`, `{{url FILE}}`, `{{sha256 FILE}}`. @throws {Error} a file or word is unknown */
export function renderTemplate(template: string, { tag, repository, checksums }: Release): string {
  return template.replaceAll(/\{\{(\w+)(?: ([^}]+))?\}\}/g, (whole, word: string, file = "") => {
    const digest = checksums.get(file);
    if (file !== "" && digest === undefined) {
      throw new Error(`Cannot render: there is no "${file}"`);
    }
    switch (word) {
      case "version":
        return tag.slice(1);
      case "repository":
        return repository;
      case "url":
        return `https://github.com/${repository}/releases/download/${tag}/${file}`;
      case "sha256":
        return digest ?? "";
      default:
        throw new Error(`Cannot render "${whole}"`);
    }
  });
}

async function main(args: readonly string[]): Promise<void> {
  const { tag = "", repository = "", dist = "dist" } = parseArgs(args, {
    string: ["tag", "repository", "dist"],
  });
  if (!/^v\d+\.\d+\.\d+/.test(tag)) throw new Error(`Cannot render: "${tag}" is no tag`);
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new Error(`Cannot render: "${repository}" is no repository`);
  }
  const checksums = parseChecksums(await Deno.readTextFile(`${dist}/SHA256SUMS`));
  for (const name of TEMPLATES) {
    const template = await Deno.readTextFile(new URL(`../packaging/${name}`, import.meta.url));
    const output = `${dist}/${name.slice(name.indexOf("/") + 1, -".in".length)}`;
    await Deno.writeTextFile(output, renderTemplate(template, { tag, repository, checksums }));
  }
}

if (import.meta.main) await main(Deno.args);
