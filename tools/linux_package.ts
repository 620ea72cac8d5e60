/**
 * The metadata and files of a Linux package, for dpkg and rpm.
 *
 * @module
 */
import type { Target } from "./targets.ts";
import type { ReleasedFile } from "./released_files.ts";

export interface LinuxPackage {
  readonly name: string;
  /** `1.2.3` or `1.2.3-rc.1`. */
  readonly version: string;
  readonly architecture: PackageArchitecture;
  readonly summary: string;
  readonly description: readonly string[];
  readonly homepage: string;
  readonly needs: { readonly glibc: string };
  /** Sorted by path. */
  readonly files: readonly PackagedFile[];
  readonly epochSeconds: number;
}

export interface PackagedFile {
  /** The path without the leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isConfiguration: boolean;
}

/** The names of an architecture in dpkg and rpm. */
export interface PackageArchitecture {
  readonly deb: string;
  readonly rpm: string;
}

const ARCHITECTURES = {
  amd64: { deb: "amd64", rpm: "x86_64" },
  arm64: { deb: "arm64", rpm: "aarch64" },
} as const;

/** The oldest glibc that Deno's runtime works with. */
const GLIBC = "2.27";

export function linuxPackage(
  files: readonly ReleasedFile[],
  { target, version, repository, epochSeconds }: {
    readonly target: Target;
    readonly version: string;
    /** `owner/name` on GitHub. */
    readonly repository: string;
    readonly epochSeconds: number;
  },
): LinuxPackage {
  return {
    name: "kuberlr",
    version,
    architecture: ARCHITECTURES[target.arch],
    summary: "the right kubectl for every cluster, automatically",
    description: [
      "kuberlr finds the API server that kubectl would contact, learns its version,",
      "picks or downloads a kubectl within one minor version of it, and becomes it.",
      '"kuberlr link" installs it as kubectl; the kubectl of the system stays.',
    ],
    homepage: `https://github.com/${repository}`,
    needs: { glibc: GLIBC },
    files: files.flatMap(({ installed, mode, bytes, isConfiguration = false }) =>
      installed === undefined ? [] : [{ path: installed, mode, bytes, isConfiguration }]
    ).toSorted((a, b) => a.path < b.path ? -1 : 1),
    epochSeconds,
  };
}

/** Returns for example `kuberlr-linux-amd64.deb`: the name is the same in every release. */
export function packageName(target: Target, format: "deb" | "rpm"): string {
  return `kuberlr-${target.os}-${target.arch}.${format}`;
}

/** Returns every folder of the files, parents first. */
export function foldersOf(files: readonly { readonly path: string }[]): readonly string[] {
  const folders = files.flatMap(({ path }) => {
    const names = path.split("/").slice(0, -1);
    return names.map((_, index) => names.slice(0, index + 1).join("/"));
  });
  return [...new Set(folders)].toSorted();
}
