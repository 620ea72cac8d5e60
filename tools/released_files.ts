/**
 * What a copy of kuberlr consists of: each file, where it lies in an archive, and where a package
 * of Linux puts it.
 *
 * @module
 */
import { SHELLS } from "../lib/cli/setup_specs.ts";
import { completionScript } from "../lib/cli/completion_scripts.ts";
import { executableSuffix } from "../lib/platform.ts";
import { generateManPage } from "./man_page.ts";
import type { Target } from "./targets.ts";

export interface ReleasedFile {
  /** In an archive, below its folder; absent where only packages have it. */
  readonly archive?: string;
  /** In a package of Linux, without the leading slash; absent where only archives have it. */
  readonly installed?: string;
  readonly mode: number;
  /** A package manager keeps the user's version of it. */
  readonly isConfiguration?: true;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Release {
  /** The compiled program. */
  readonly executable: Uint8Array<ArrayBuffer>;
  /** The text of THIRD-PARTY-LICENSES. */
  readonly licenses: string;
  /** `1.2.3` */
  readonly version: string;
  readonly epochSeconds: number;
}

const ROOT = new URL("..", import.meta.url);

type Shell = (typeof SHELLS)[number];

/**
 * The name that each shell wants for the file of its completions, and where distributions put it.
 */
const COMPLETIONS: Readonly<Record<Shell, { file: string; folder?: string; installed?: string }>> =
  {
    bash: {
      file: "kuberlr.bash",
      folder: "usr/share/bash-completion/completions",
      installed: "kuberlr",
    },
    zsh: { file: "_kuberlr", folder: "usr/share/zsh/site-functions" },
    fish: { file: "kuberlr.fish", folder: "usr/share/fish/vendor_completions.d" },
    powershell: { file: "kuberlr.ps1" },
  };

/** In the order in which an archive has them. */
export async function releasedFiles(
  target: Target,
  { executable, licenses, version, epochSeconds }: Release,
): Promise<readonly ReleasedFile[]> {
  const documents = ["LICENSE", "README.md"] as const;
  const texts = await Promise.all(documents.map((name) => Deno.readFile(new URL(name, ROOT))));
  const manPage = encode(generateManPage(version, epochSeconds));
  return [
    {
      archive: `kuberlr${executableSuffix(target)}`,
      installed: "usr/bin/kuberlr",
      mode: 0o755,
      bytes: executable,
    },
    {
      archive: "LICENSE",
      // Debian's name for it.
      installed: "usr/share/doc/kuberlr/copyright",
      mode: 0o644,
      bytes: texts[0]!,
    },
    {
      archive: "README.md",
      installed: "usr/share/doc/kuberlr/README.md",
      mode: 0o644,
      bytes: texts[1]!,
    },
    {
      archive: "THIRD-PARTY-LICENSES",
      installed: "usr/share/doc/kuberlr/THIRD-PARTY-LICENSES",
      mode: 0o644,
      bytes: encode(licenses),
    },
    ...SHELLS.map((shell): ReleasedFile => {
      const { file, folder, installed = file } = COMPLETIONS[shell];
      return {
        archive: `completions/${file}`,
        ...(folder !== undefined && { installed: `${folder}/${installed}` }),
        mode: 0o644,
        bytes: encode(completionScript(shell)),
      };
    }),
    ...(target.os === "windows" ? [] : [
      { archive: "man/kuberlr.1", mode: 0o644, bytes: manPage },
      { installed: "usr/share/man/man1/kuberlr.1.gz", mode: 0o644, bytes: await gzip(manPage) },
    ]),
    {
      installed: "etc/kuberlr.conf",
      mode: 0o644,
      isConfiguration: true,
      bytes: await Deno.readFile(new URL("packaging/etc/kuberlr.conf", ROOT)),
    },
  ];
}

/** The same bytes each time: the stream writes no name and no time. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
