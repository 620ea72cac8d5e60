/**
 * Installs a kubectl: returns a verified file under its final name, or throws one error that lists
 * what was tried.
 *
 * @module
 */
import type { SignatureCheck } from "../../signature/steps/check_signature.ts";
import type { Config } from "../../config/config.ts";
import { HostError, KuberlrError, orUndefined, RAISE_FILE_LIMIT } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { findLayout, type Layout, temporaryFolders } from "../../files/layout.ts";
import { findDistrustBelowRoot } from "../../files/steps/distrust.ts";
import {
  findPlaces,
  openTemporaryPlace,
  type PlaceFault,
  type Places,
} from "../../files/steps/find_places.ts";
import { formatPlatform, isSamePlatform, joinPath, type Platform } from "../../platform.ts";
import { runnablePlatforms } from "../../mirror/mirror.ts";
import { planReleases, type Release } from "../../mirror/releases.ts";
import { renderNote } from "../../output/report.ts";
import type { SigstoreTrust } from "../../signature/sigstore_root.ts";
import { formatVersion, isSameVersion, type Version } from "../../version/version.ts";
import { formatWanted, type Wanted } from "../../version/wanted.ts";
import { fetchMarker } from "../../mirror/steps/fetch_kubectl.ts";
import { openPlace, type Place } from "./install_place.ts";
import { type Installation, type InstalledRelease, installRelease } from "./install_release.ts";
import { NO_NOTES, recallDown } from "../../mirror/mirror_notes.ts";
import { type MirrorSource, openMirrors } from "../../mirror/steps/open_mirrors.ts";
import { loadMirrorNotes, rememberMirrors } from "../../mirror/steps/remember_mirrors.ts";
import type { MirrorResult } from "../../mirror/answer.ts";

export interface Installed {
  readonly path: string;
  readonly version: Version;
  /** `false` if it was installed already. */
  readonly downloaded: boolean;
  /** Unusual things about the download; they are printed on stderr, except with `quiet`. */
  readonly notes: readonly string[];
}

export interface InstallOptions {
  /** The platform of the kubectl, if it is not this machine's. */
  readonly platform?: Platform;
  /** A folder to use instead of kuberlr's own. */
  readonly directory?: string;
  /** Lays that folder out like dl.k8s.io: see {@linkcode Place}. */
  readonly asMirror?: boolean;
  /** Allows another patch if no mirror has the release; the default is `true`. */
  readonly substitute?: boolean;
  readonly checkSignature?: SignatureCheck;
  /** The roots of trust for signatures; Kubernetes' by default. */
  readonly trust?: SigstoreTrust;
  /**
   * Returns the reason to refuse a release, if there is one: a mirror may offer another release
   * than the one that was asked for.
   */
  readonly findMisfit?: (version: Version) => string | undefined;
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs?: number;
  /** The limit for all mirrors together, in milliseconds. */
  readonly limitMs?: number;
  /**
   * Asks a mirror even if it was down a moment ago, because the user has asked for the download.
   */
  readonly insist?: boolean;
}

type Settings = Pick<
  Config,
  | "kubeMirrorUrl"
  | "checksumUrl"
  | "digests"
  | "verifySignature"
  | "unreachableTtlSeconds"
  | "verbosity"
  | "quiet"
  | "color"
>;
type InstallHost = Pick<
  Host,
  | "platform"
  | "env"
  | "files"
  | "store"
  | "downloads"
  | "signatures"
  | "clock"
  | "terminal"
  | "program"
>;

const STALL_MS = 20_000;

/**
 * Downloads a kubectl unless it is installed already.
 *
 * @throws {KuberlrError} `download-failed`, `release-missing`, `checksum-mismatch`, `cannot-write`
 */
export async function installKubectl(
  wanted: Wanted,
  config: Settings,
  options: InstallOptions,
  host: InstallHost,
): Promise<Installed> {
  const notes: string[] = [];
  const said: string[] = [];
  const places = findPlaces(host);
  const installation: Installation = {
    sources: openSources(places.keep, config, options, host),
    platform: options.platform ?? host.platform,
    quiet: config.quiet,
    digests: config.digests,
    isVerbose: config.verbosity > 0,
    checkSignature: options.checkSignature ?? await chooseSignatureCheck(config, options, host),
  };
  const toTry = choosePlaces({ ...options, platform: installation.platform }, places, notes, host);
  try {
    const installed = await installFirst(
      wanted,
      options,
      { places: toTry, installation, notes, said },
      host,
    );
    for (const note of config.quiet ? [] : installed.notes) {
      host.terminal.stderr.write(renderNote(note));
    }
    return { ...installed, notes: [...said, ...installed.notes] };
  } finally {
    rememberMirrors(installation.sources, places.keep, host);
    host.downloads.close();
  }
}

function openSources(
  layout: Layout | undefined,
  config: Settings,
  { stallMs = STALL_MS, limitMs = Infinity, insist = false }: InstallOptions,
  host: InstallHost,
): readonly MirrorSource[] {
  const { unreachableTtlSeconds } = config;
  const notes = insist ? NO_NOTES : loadMirrorNotes(layout, host);
  const nowMs = host.clock.nowMs();
  return openMirrors(config, {
    stallMs,
    limitMs,
    recall: (url) => recallDown(notes, url, unreachableTtlSeconds, nowMs),
  }, host);
}

/** Returns the check that `VerifySignature` asks for; its code is loaded only then. */
async function chooseSignatureCheck(
  config: Settings,
  { trust }: InstallOptions,
  host: InstallHost,
): Promise<SignatureCheck | undefined> {
  if (config.verifySignature === "off") return undefined;
  const { makeSignatureCheck } = await import("../../signature/steps/check_signature.ts");
  return makeSignatureCheck(config, trust, host);
}

/** Returns the first acceptable release that a mirror has. */
async function installFirst(
  wanted: Wanted,
  { substitute = true, findMisfit }: InstallOptions,
  { places, installation, notes, said }: {
    readonly places: PlacesToTry;
    readonly installation: Installation;
    /** Printed when the kubectl is installed. */
    readonly notes: string[];
    /** Printed when its download begins. */
    readonly said: string[];
  },
  host: InstallHost,
): Promise<Installed> {
  const tried: Version[] = [];
  let missing: string | undefined;
  for (const release of planReleases(wanted, substitute)) {
    const chosen = await chooseVersion(release, installation, host);
    const misfit = chosen.kind === "got" ? findMisfit?.(chosen.value) : undefined;
    const version = misfit === undefined ? chosen : { kind: "missing", reason: misfit } as const;
    if (version.kind === "got" && tried.some((other) => isSameVersion(other, version.value))) {
      continue;
    }
    const reasons = version.kind === "got"
      ? describeSubstitute(wanted, version.value, installation)
      : [];
    const got = version.kind === "got"
      ? await installSomewhere(version.value, places, { ...installation, reasons }, host)
      : version;
    if (got.kind === "failed") {
      throw new KuberlrError(got.code, describeFailure(wanted, got.reason), { hint: got.hint });
    }
    if (got.kind === "missing" || version.kind !== "got") {
      if (got.kind === "missing") missing ??= got.reason;
      if (version.kind === "got") tried.push(version.value);
      continue;
    }
    const { path, fetched } = got.value;
    // Its path was printed when it was installed.
    if (fetched === undefined) {
      return { path, version: version.value, downloaded: false, notes: [] };
    }
    said.push(...reasons);
    notes.push(...got.value.notes);
    return { path, version: version.value, downloaded: true, notes };
  }
  throw new KuberlrError("release-missing", describeFailure(wanted, missing ?? ""), {
    hint: `Check the version and KubeMirrorUrl, which "kuberlr config" shows`,
  });
}

function chooseVersion(
  release: Release,
  { sources }: Installation,
  host: InstallHost,
): Promise<MirrorResult<Version>> {
  return release.kind === "exact"
    ? Promise.resolve({ kind: "got", value: release.version })
    : fetchMarker(release.minor, sources, host);
}

/** The places to try, in their order. A place is opened only after the one before has failed. */
interface PlacesToTry {
  current(): Place;
  /** Goes on to the next place. @throws {KuberlrError} with this reason, if this was the last */
  leave(reason: HostError): void;
}

function choosePlaces(
  { directory, asMirror, platform }: InstallOptions & { readonly platform: Platform },
  { trusted, keep, homeFault }: Places,
  notes: string[],
  host: InstallHost,
): PlacesToTry {
  if (directory !== undefined) {
    const place: Place = { directory, layout: undefined, asMirror };
    return {
      current() {
        openPlace(place, host);
        return place;
      },
      leave(reason) {
        throw cannotWrite(reason);
      },
    };
  }
  const home = findLayout(host.platform, host.env);
  for (const { binaries, root } of trusted) {
    // Removes the leftovers of killed processes, in every place.
    if (findDistrustBelowRoot(binaries, root, host) !== undefined) continue;
    orUndefined(() => host.store.sweepTemporaries(binaries));
  }
  if (keep === undefined) throw noPlace(homeFault, host);
  if (homeFault !== undefined) {
    notes.push(`Cannot use "${home?.root}": ${explainFault(homeFault, home?.root)}`);
  }
  const failed: string[] = [];
  let layout = keep;
  let isNoted = homeFault === undefined && home !== undefined;
  return {
    current() {
      const place = placeIn(layout, platform, host);
      openPlace(place, host);
      if (!isNoted) {
        notes.push(
          home === undefined
            ? `There is no home folder: kubectl is kept in "${place.directory}"`
            : `kubectl is kept in "${place.directory}" for now`,
        );
      }
      isNoted = true;
      return place;
    },
    leave(reason) {
      // These limits hold for every place.
      if (reason.code === "EFBIG" || reason.code === "EMFILE") throw cannotWrite(reason);
      failed.push(layout.root);
      const next = openTemporaryPlace(failed, host);
      if (next === undefined) throw cannotWrite(reason);
      notes.push(explainLeaving(reason, layout));
      layout = next;
      isNoted = false;
    },
  };
}

function placeIn(layout: Layout, platform: Platform, host: InstallHost): Place {
  const { root, binaries } = layout;
  if (isSamePlatform(platform, host.platform)) return { directory: binaries, root, layout };
  const directory = joinPath(host.platform, root, formatPlatform(platform));
  return { directory, root, layout: undefined };
}

function explainFault({ path, reason }: PlaceFault, root: string | undefined): string {
  return path === root ? `it ${reason}` : `"${path}" ${reason}`;
}

function explainLeaving({ code, path, message }: HostError, { binaries }: Layout): string {
  if (code === "EISDIR") return `A folder has the name "${path}": move it away`;
  if (code === "EEXIST") return `"${path}" ${message}, and is left as it is`;
  return `Cannot use "${binaries}": ${message}`;
}

async function installSomewhere(
  version: Version,
  places: PlacesToTry,
  installation: Installation,
  host: InstallHost,
): Promise<MirrorResult<InstalledRelease>> {
  for (;;) {
    try {
      return await installRelease(version, places.current(), installation, host);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      places.leave(error);
    }
  }
}

/**
 * Returns the error for a machine without a usable place; it is thrown before a mirror is asked.
 */
function noPlace(
  homeFault: PlaceFault | undefined,
  { env, platform }: Pick<Host, "env" | "platform">,
): KuberlrError {
  const folders = temporaryFolders(platform, env).join(", ");
  const home = homeFault === undefined
    ? "there is no home folder"
    : `"${homeFault.path}" ${homeFault.reason}`;
  return new KuberlrError(
    "cannot-write",
    `No folder can hold a kubectl: ${home}, and no program of this user can be kept in ${folders}`,
    { hint: "Set TMPDIR to a folder of this user that has room and can run programs" },
  );
}

/** Explains a failure to write the downloaded file. */
export function cannotWrite(cause: HostError): KuberlrError {
  return new KuberlrError("cannot-write", `Cannot write "${cause.path}": ${cause.message}`, {
    hint: cause.code === "EISDIR"
      ? `Move the folder "${cause.path}" away`
      : cause.code === "EEXIST"
      ? `Move "${cause.path}" away`
      : cause.code === "EFBIG"
      ? 'Allow larger files with "ulimit -f unlimited", or in a new shell'
      : cause.code === "EMFILE"
      ? RAISE_FILE_LIMIT
      : "Free some space, or name a writable folder in TMPDIR or with --to",
    cause,
  });
}

function describeFailure(wanted: Wanted, reason: string): string {
  const name = wanted.kind === "stable" ? "the stable kubectl" : `kubectl ${formatWanted(wanted)}`;
  return `Cannot download ${name}: ${reason}`;
}

/** Explains why another release, or another platform's kubectl, is downloaded. */
function describeSubstitute(
  wanted: Wanted,
  version: Version,
  installation: Pick<Installation, "platform">,
): readonly string[] {
  const platform = runnablePlatforms(version, installation.platform)[0] ?? installation.platform;
  const notes: string[] = [];
  if (wanted.kind === "exact" && !isSameVersion(wanted.version, version)) {
    notes.push(
      `No mirror has kubectl ${formatVersion(wanted.version)}, so kuberlr uses ${
        formatVersion(version)
      }`,
    );
  }
  if (!isSamePlatform(platform, installation.platform)) {
    const emulator = platform.os === "darwin" ? "Rosetta 2" : "the system";
    notes.push(
      `kubectl ${formatVersion(version)} was never built for ${
        formatPlatform(installation.platform)
      }: ` +
        `this is the one for ${formatPlatform(platform)}, which ${emulator} emulates`,
    );
  }
  return notes;
}
