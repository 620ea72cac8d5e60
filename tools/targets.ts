/**
 * The platforms that kuberlr is released for: those of `deno compile`, with Go's names.
 *
 * @module
 */
import { executableSuffix, formatPlatform, type Platform } from "../lib/platform.ts";

export interface Target extends Platform {
  /** The name that `deno compile --target` takes. */
  readonly triple: string;
}

export const TARGETS: readonly Target[] = [
  { os: "linux", arch: "amd64", triple: "x86_64-unknown-linux-gnu" },
  { os: "linux", arch: "arm64", triple: "aarch64-unknown-linux-gnu" },
  { os: "darwin", arch: "amd64", triple: "x86_64-apple-darwin" },
  { os: "darwin", arch: "arm64", triple: "aarch64-apple-darwin" },
  { os: "windows", arch: "amd64", triple: "x86_64-pc-windows-msvc" },
  { os: "windows", arch: "arm64", triple: "aarch64-pc-windows-msvc" },
];

/** Parses `linux-amd64` or `linux/amd64`. @throws {Error} there is no such target */
export function parseTarget(name: string): Target {
  const target = TARGETS.find((each) => formatPlatform(each) === name.replace("/", "-"));
  if (target === undefined) {
    const known = TARGETS.map(formatPlatform).join(", ");
    throw new Error(`Cannot compile for "${name}": the targets are ${known}`);
  }
  return target;
}

/** Returns the target of this machine. @throws {Error} there is none */
export function ownTarget(): Target {
  const target = TARGETS.find(({ triple }) => triple === Deno.build.target);
  if (target === undefined) throw new Error(`Cannot compile for "${Deno.build.target}"`);
  return target;
}

/** Returns `kuberlr-linux-amd64` or `kuberlr-windows-amd64.exe`. */
export function executableName(target: Target): string {
  return `${folderName(target)}${executableSuffix(target)}`;
}

/** Returns `kuberlr-linux-amd64.tar.gz` or `kuberlr-windows-amd64.zip`. */
export function archiveName(target: Target): string {
  return `${folderName(target)}.${target.os === "windows" ? "zip" : "tar.gz"}`;
}

/** Returns the folder in an archive. */
export function folderName(target: Target): string {
  return `kuberlr-${formatPlatform(target)}`;
}
