/**
 * Fills in the templates for package managers: the Homebrew formula, the manifests for Scoop and
 * winget, and the entries for the registries of aqua and mise.
 *
 * ```sh
 * deno run -A tools/render_packaging.ts --tag v1.2.3 --repository kuberlr/kuberlr
 * ```
 *
 * It writes `dist/kuberlr.rb`, `dist/kuberlr.json` and `dist/registries/`.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { TARGETS } from "./targets.ts";

export interface Release {
  /** `v1.2.3`. */
  readonly tag: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** The SHA-256 in hex, by file name. */
  readonly checksums: ReadonlyMap<string, string>;
}

/** The file in dist/ by the template in packaging/. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  "homebrew/kuberlr.rb.in": "kuberlr.rb",
  "scoop/kuberlr.json.in": "kuberlr.json",
  "winget/kuberlr.yaml.in": "registries/winget/kuberlr.kuberlr.yaml",
  "winget/kuberlr.installer.yaml.in": "registries/winget/kuberlr.kuberlr.installer.yaml",
  "winget/kuberlr.locale.en-US.yaml.in": "registries/winget/kuberlr.kuberlr.locale.en-US.yaml",
  "aqua/registry.yaml.in": "registries/aqua/registry.yaml",
  "mise/kuberlr.toml.in": "registries/mise/kuberlr.toml",
};

/** Parses the output of `sha256sum`. @throws {Error} a line has another format */
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

/**
 * Replaces `{{version}}`, `{{tag}}`, `{{repository}}`, `{{owner}}`, `{{name}}`, `{{environments}}`,
 * `{{url FILE}}`, `{{sha256 FILE}}` and `{{SHA256 FILE}}`. `{{literal WORD}}` becomes `{{WORD}}`,
 * for a template of the package manager.
 *
 * @throws {Error} a file or word is unknown
 */
export function renderTemplate(template: string, { tag, repository, checksums }: Release): string {
  return template.replaceAll(/\{\{(\w+)(?: ([^}]+))?\}\}/g, (whole, word: string, file = "") => {
    if (word === "literal") return `{{${file}}}`;
    const digest = checksums.get(file);
    if (file !== "" && digest === undefined) {
      throw new Error(`Cannot render: there is no "${file}"`);
    }
    switch (word) {
      case "version":
        return tag.slice(1);
      case "tag":
        return tag;
      case "repository":
        return repository;
      case "owner":
        return repository.split("/")[0]!;
      case "name":
        return repository.split("/")[1]!;
      case "environments":
        return TARGETS.map(({ os, arch }) => `${os}/${arch}`).join(", ");
      case "url":
        return `https://github.com/${repository}/releases/download/${tag}/${file}`;
      case "sha256":
        return digest ?? "";
      case "SHA256":
        return digest?.toUpperCase() ?? "";
      default:
        throw new Error(`Cannot render "${whole}"`);
    }
  });
}

async function main(args: readonly string[]): Promise<void> {
  const { tag = "", repository = "", dist = "dist" } = parseArgs(args, {
    string: ["tag", "repository", "dist"],
  });
  if (!/^v\d+\.\d+\.\d+/.test(tag)) throw new Error(`Cannot render: "${tag}" is not a tag`);
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new Error(`Cannot render: "${repository}" is not a repository`);
  }
  const checksums = parseChecksums(await Deno.readTextFile(`${dist}/SHA256SUMS`));
  for (const [name, file] of Object.entries(TEMPLATES)) {
    const template = await Deno.readTextFile(new URL(`../packaging/${name}`, import.meta.url));
    const output = `${dist}/${file}`;
    await Deno.mkdir(output.slice(0, output.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(output, renderTemplate(template, { tag, repository, checksums }));
  }
}

if (import.meta.main) await main(Deno.args);
