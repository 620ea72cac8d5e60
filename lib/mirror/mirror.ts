/**
 * Makes the URLs of kubectls, checksums and version markers from `KubeMirrorUrl`.
 *
 * A mirror has the layout of dl.k8s.io (`release/vX.Y.Z/bin/OS/ARCH/kubectl`,
 * `release/stable.txt`), unless its URL is a template. User and password in a URL and the values of
 * its query are secrets, and are kept apart from the parts that may be shown.
 *
 * @see https://kubernetes.io/releases/download/
 * @module
 */
import { decodePercent, parseUserinfo, type Userinfo } from "../encoding/userinfo.ts";
import { executableSuffix, type Platform } from "../platform.ts";
import type { Minor } from "../version/skew.ts";
import { formatVersion, type Version } from "../version/version.ts";

export interface Mirror {
  /**
   * The URL without userinfo and query. Unless it is a template, it has no slash and no `/release`
   * at its end.
   */
  readonly base: string;
  /**
   * Empty, or begins with `?`. It is added to every URL, because signed URLs have their signature
   * in it.
   */
  readonly query: string;
  readonly isTemplate: boolean;
  readonly credentials: Userinfo | undefined;
}

/** A file on a mirror. */
export interface MirrorFile {
  readonly url: string;
  /** The URL without secrets, to be shown and stored. */
  readonly shown: string;
}

const PLACEHOLDER = /\{(version|major|minor|patch|os|arch|ext)\}/g;

/**
 * Parses one URL of `KubeMirrorUrl`. Returns `undefined` unless it is an http, https or file URL
 * without unknown placeholders.
 */
export function parseMirror(text: string): Mirror | undefined {
  const [, scheme = "", userinfo, rest = ""] =
    /^(https?|file):\/\/(?:([^/?#]*)@)?([^#]*)/i.exec(text.trim()) ?? [];
  if (scheme === "" || /[\s\\]/.test(rest)) return undefined;
  const [, path = "", query = ""] = /^([^?]*)(\?.*)?$/s.exec(rest) ?? [];
  const isTemplate = path.search(PLACEHOLDER) !== -1;
  if (/[{}]/.test(path.replaceAll(PLACEHOLDER, ""))) return undefined;
  // In "bob:33/x@host", the user means a password with a slash. It must not be shown as a path.
  if (/^(?!localhost[:/])[^/.[\]]+\/.*@/s.test(path)) return undefined;
  const base = `${scheme.toLowerCase()}://${path}`;
  const isFile = scheme.toLowerCase() === "file";
  if (!URL.canParse(base.replaceAll(PLACEHOLDER, "x"))) return undefined;
  // A file URL with a host names a share of Windows.
  const isThere = isFile ? /^\/|^[\w.-]+\/[^/]/.test(path) : !path.startsWith("/");
  if (!isThere) return undefined;
  const credentials = userinfo === undefined || isFile ? undefined : parseUserinfo(userinfo);
  return {
    base: isTemplate ? base : base.replace(/\/+$/, "").replace(/\/release$/, ""),
    query,
    isTemplate,
    credentials,
  };
}

export function binaryFile(mirror: Mirror, version: Version, platform: Platform): MirrorFile {
  const path = mirror.isTemplate ? mirror.base : `${mirror.base}/${DEFAULT_LAYOUT}`;
  return mirrorFile(mirror, fillIn(path, version, platform));
}

/** Returns the path on dl.k8s.io: `release/v1.30.2/bin/linux/amd64/kubectl`. */
export function upstreamPath(version: Version, platform: Platform): string {
  return fillIn(DEFAULT_LAYOUT, version, platform);
}

function fillIn(template: string, version: Version, platform: Platform): string {
  const values: Readonly<Record<string, string>> = {
    version: formatVersion(version),
    major: String(version.major),
    minor: String(version.minor),
    patch: String(version.patch),
    os: platform.os,
    arch: platform.arch,
    ext: executableSuffix(platform),
  };
  return template.replaceAll(PLACEHOLDER, (_, name: string) => values[name] ?? "");
}

export function checksumFile(
  mirror: Mirror,
  version: Version,
  platform: Platform,
  algorithm: string,
): MirrorFile {
  const { url } = binaryFile({ ...mirror, query: "" }, version, platform);
  return mirrorFile(mirror, `${url}.${algorithm}`);
}

/**
 * Returns `stable.txt`, or `stable-1.30.txt` for a minor. With a template, the folder is the part
 * before the first component that has a placeholder.
 */
export function markerFile(mirror: Mirror, minor: Minor | undefined): MirrorFile {
  const name = minor === undefined ? "stable.txt" : `stable-${minor.major}.${minor.minor}.txt`;
  if (!mirror.isTemplate) return mirrorFile(mirror, `${mirror.base}/release/${name}`);
  const fixed = mirror.base.slice(0, mirror.base.search(PLACEHOLDER));
  return mirrorFile(mirror, fixed.slice(0, fixed.lastIndexOf("/") + 1) + name);
}

/**
 * Returns the platforms whose kubectl runs here, best first. Some old releases have none for arm64;
 * there, amd64's is emulated.
 */
export function runnablePlatforms(version: Version, platform: Platform): readonly Platform[] {
  const firstMinor: Readonly<Record<string, number>> = { darwin: 21, windows: 23 };
  const since = platform.arch === "arm64" ? firstMinor[platform.os] : undefined;
  return since !== undefined && version.major === 1 && version.minor < since
    ? [{ os: platform.os, arch: "amd64" }]
    : [platform];
}

/** Returns true if a file URL names another machine; only Windows has paths for that. */
export function isOnShare(url: string): boolean {
  return /^file:/i.test(url) && new URL(url.replaceAll(/[{}]/g, "x")).hostname !== "";
}

/** Returns the path that a file URL names: `\\server\share\…` for `file://server/share/…`. */
export function filePathOfUrl({ os }: Platform, url: string): string {
  const { hostname, pathname } = new URL(url);
  const path = decodePercent(pathname);
  if (hostname !== "") return `\\\\${hostname}${path.replaceAll("/", "\\")}`;
  return os === "windows" && /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll("/", "\\") : path;
}

const DEFAULT_LAYOUT = "release/v{version}/bin/{os}/{arch}/kubectl{ext}";

function mirrorFile({ query }: Mirror, path: string): MirrorFile {
  return { url: path + query, shown: query === "" ? path : `${path}?…` };
}
