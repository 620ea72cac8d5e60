/**
 * The files of a copy of kuberlr, with their places in an archive and in a Linux package.
 *
 * @module
 */
import { SHELLS } from "../lib/cli/setup_specs.ts";
import { completionScript } from "../lib/cli/completion_scripts.ts";
import { executableSuffix } from "../lib/platform.ts";
import { generateManPage } from "./man_page.ts";
import type { Target } from "./targets.ts";

export interface ReleasedFile {
  /** The path in an archive, below its folder; absent if only packages have the file. */
  readonly archive?: string;
  /** The path after installation, without the leading slash; absent if only archives have it. */
  readonly installed?: string;
  readonly mode: number;
  /** A package manager keeps the user's version of the file. */
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

/** The file name of each shell's completions, and the folder in distributions. */
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

/** Returns the files in the order of an archive. */
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
      // Debian prescribes this name.
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

/** Returns the same bytes every time: the stream writes neither name nor time. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
