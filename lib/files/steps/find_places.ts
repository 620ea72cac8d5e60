/**
 * Decides where kuberlr keeps its files: in the home or, if that cannot be used, in a private
 * folder of a temporary directory.
 *
 * @module
 */
import { HostError, KuberlrError, orUndefined, RAISE_FILE_LIMIT } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { folderOf, joinPath } from "../../platform.ts";
import {
  findLayout,
  type Layout,
  layoutUnder,
  temporaryFolders,
  temporaryPlaceName,
} from "../layout.ts";
import { type Distrust, findDistrustBelowRoot, followPath } from "./distrust.ts";
import { existingTemporaryPlaces, findTemporaryPlace } from "./existing_places.ts";

/** A fault of a place: `reason` follows the path of the folder in a sentence. */
export type PlaceFault =
  /** Nothing in the place is used. */
  | ({ readonly kind: "distrusted" } & Distrust)
  /** Its kubectls are used, but nothing is remembered there. */
  | ({ readonly kind: "half-trusted" } & Distrust)
  | VolumeFault;

/** The system does not let kuberlr write there, or run a kubectl from there. */
export interface VolumeFault {
  readonly kind: "unusable";
  readonly path: string;
  readonly cause: VolumeCause;
  readonly reason: string;
}

export type VolumeCause = "read-only" | "denied" | "refused" | "full" | "no-inodes" | "noexec";

export interface Places {
  /**
   * Folders that no other user can change, to read from and to run kubectls from, in this order.
   */
  readonly trusted: readonly Layout[];
  /** The place to write to; `undefined` if there is none on this machine. */
  readonly keep: Layout | undefined;
  /** The reason why the home is not written to; `undefined` if it is, and if no home is named. */
  readonly homeFault: PlaceFault | undefined;
}

/** A disk with less free space counts as full: a memo would not fit. */
const ROOM_BYTES = 1024 * 1024;
/** The folders of a place, and a few files in each. */
const ROOM_FILES = 24;

/** Creates the temporary place if the home cannot be used. Nothing stays in the home. */
export function findPlaces(host: Pick<Host, "env" | "files" | "platform" | "store">): Places {
  const home = findLayout(host.platform, host.env);
  const opened = home === undefined ? undefined : inspectPlace(home, host);
  if (opened !== undefined && opened.fault === undefined) {
    return { trusted: [opened.layout], keep: opened.layout, homeFault: undefined };
  }
  const trusted = opened === undefined || opened.fault?.kind === "distrusted"
    ? []
    : [opened.layout];
  const keep = openTemporaryPlace([], host);
  return addTemporaryPlaces({ trusted, keep, homeFault: opened?.fault }, host);
}

/** Returns more places to look at, if those of {@linkcode findPlaces} hold no kubectl that fits. */
export function addTemporaryPlaces(
  places: Places,
  host: Pick<Host, "env" | "files" | "platform" | "store">,
): Places {
  const known = new Set(places.trusted.map(({ root }) => root));
  const more = [...existingTemporaryPlaces(host)].filter(({ root }) => !known.has(root));
  return { ...places, trusted: [...places.trusted, ...more] };
}

/** Returns the place with all links followed, and the reason if it must not be written to. */
export function inspectPlace(
  layout: Layout,
  host: Pick<Host, "env" | "files" | "platform" | "store">,
): { readonly layout: Layout; readonly fault: PlaceFault | undefined } {
  const followed = followPath(layout.root, "directory", host);
  if (followed.kind === "distrusted") {
    return { layout, fault: { ...followed, kind: "distrusted" } };
  }
  const real = followed.path === layout.root ? layout : layoutUnder(host.platform, followed.path);
  const below = findDistrustBelowRoot(real.binaries, real.root, host);
  if (below !== undefined) return { layout: real, fault: { ...below, kind: "distrusted" } };
  return { layout: real, fault: findWritingFault(real, host) };
}

/** Finds out whether kuberlr could write its files; nothing stays. */
function findWritingFault(
  { root, binaries, memo, servers }: Layout,
  host: Pick<Host, "files" | "platform" | "store">,
): PlaceFault | undefined {
  for (const folder of [memo, servers]) {
    const distrust = findDistrustBelowRoot(folder, root, host);
    if (distrust !== undefined) return { ...distrust, kind: "half-trusted" };
  }
  for (
    const path of new Set([binaries, memo, servers].map((path) => nearestExisting(path, host)))
  ) {
    const fault = findVolumeFault(path, host);
    if (fault !== undefined) return fault;
  }
  // A new file changes the times of its folder. Those of `binaries` are facts of memos.
  return findRefusal(nearestExisting(memo, host), host);
}

/**
 * Finds what only a try shows: a sandbox or a quota.
 *
 * @throws {KuberlrError} `cannot-write`: no more file can be opened, so no kubectl would be found
 */
function findRefusal(
  path: string,
  { store }: Pick<Host, "store">,
): VolumeFault | undefined {
  const error = store.tryWriting(path);
  if (error === undefined) return undefined;
  if (["EMFILE", "ENFILE"].includes(error.code)) {
    const message = `Cannot write "${path}": ${error.message}`;
    throw new KuberlrError("cannot-write", message, { cause: error, hint: RAISE_FILE_LIMIT });
  }
  const cause = ["EDQUOT", "ENOSPC"].includes(error.code) ? "full" : "refused";
  return { kind: "unusable", path, cause, reason: `takes no files: ${error.message}` };
}

function findVolumeFault(
  path: string,
  { store }: Pick<Host, "store">,
): VolumeFault | undefined {
  const fault = (cause: VolumeCause, reason: string) =>
    ({ kind: "unusable", path, cause, reason }) as const;
  const volume = store.volumeOf(path);
  if (volume?.isReadOnly) return fault("read-only", "is on a file system that is read-only");
  if (!store.canWrite(path)) return fault("denied", "cannot be written");
  if (volume === undefined) return undefined;
  if (volume.freeBytes < ROOM_BYTES) return fault("full", "is on a file system that is full");
  if (volume.freeFiles < ROOM_FILES) {
    return fault("no-inodes", "is on a file system without room for more files");
  }
  return volume.isNoexec
    ? fault("noexec", 'is on a file system that is mounted "noexec"')
    : undefined;
}

/**
 * Returns the path, or the nearest existing folder above it. A path that may not be looked at
 * counts as existing.
 */
function nearestExisting(path: string, { files }: Pick<Host, "files">): string {
  const isThere = orUndefined(() => files.stat(path) !== undefined) ?? true;
  const above = folderOf(path) || "/";
  return isThere || above === path ? path : nearestExisting(above, { files });
}

/**
 * Returns the user's own place in the first temporary directory that can be used, and creates it if
 * it is missing. `failed`: the folders of places that could not be used.
 */
export function openTemporaryPlace(
  failed: readonly string[],
  host: Pick<Host, "env" | "files" | "platform" | "store">,
): Layout | undefined {
  for (const folder of temporaryFolders(host.platform, host.env)) {
    const root = makeTemporaryPlace(folder, host);
    if (root === undefined || failed.includes(root)) continue;
    const layout = layoutUnder(host.platform, root);
    if (inspectPlace(layout, host).fault === undefined) return layout;
  }
  return undefined;
}

function makeTemporaryPlace(
  folder: string,
  host: Pick<Host, "env" | "files" | "platform" | "store">,
): string | undefined {
  const { files, platform } = host;
  const found = findTemporaryPlace(folder, host);
  if (found !== undefined) return found;
  try {
    if (files.stat(folder)?.kind !== "directory") return undefined;
    // Nothing is created where it cannot be used.
    if (findVolumeFault(folder, host) !== undefined) return undefined;
    const path = joinPath(platform, folder, temporaryPlaceName(files.userId()));
    const followed = followPath(path, "directory", host);
    if (followed.kind === "distrusted" || followed.isThere) return undefined;
    files.makeDirectory(followed.path);
    // A memo's facts are taken before it is written. The folders for it must not be missing then.
    const { memo, servers } = layoutUnder(platform, followed.path);
    for (const each of [memo, servers]) files.makeDirectory(each);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
  return findTemporaryPlace(folder, host);
}
