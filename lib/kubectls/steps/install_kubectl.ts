/**
 * Getting a kubectl: from what is wanted to a verified file under its name, or one error that says what was tried.
 *
 * @module
 */
import type { VerifyBytes } from "../../signature/steps/check_signature.ts";
import type { Config } from "../../config/config.ts";
import { HostError, KuberlrError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import type { Layout } from "../../files/layout.ts";
import { formatPlatform, isSamePlatform, joinPath, type Platform } from "../../platform.ts";
import { planReleases, type Release } from "../../mirror/releases.ts";
import { renderNote } from "../../output/report.ts";
import type { SigstoreTrust } from "../../signature/sigstore_root.ts";
import { formatVersion, isSameVersion, type Version } from "../../version/version.ts";
import { formatWanted, type Wanted } from "../../version/wanted.ts";
import { fetchMarker } from "../../mirror/steps/fetch_kubectl.ts";
import { openPlace, openRefuge, type Place } from "./install_place.ts";
import { type Installation, type InstalledRelease, installRelease } from "./install_release.ts";
import { NO_NOTES, recallDown } from "../../mirror/mirror_notes.ts";
import { type MirrorSource, openMirrors } from "../../mirror/steps/open_mirrors.ts";
import { loadMirrorNotes, rememberMirrors } from "../../mirror/steps/remember_mirrors.ts";
import type { Got } from "../../mirror/answer.ts";

export interface Installed {
  readonly path: string;
  readonly version: Version;
  /** `false`: it was there already. */
  readonly downloaded: boolean;
  /** What was out of the ordinary about a download; it has been said on stderr, unless that was to be quiet. */
  readonly notes: readonly string[];
}

export interface InstallOptions {
  /** Another platform's kubectl than the one that runs here. */
  readonly platform?: Platform;
  /** A folder to put it into, instead of kuberlr's own. */
  readonly directory?: string;
  /** That folder is laid out as dl.k8s.io is: see {@linkcode Place}. */
  readonly asMirror?: boolean;
  /** Whether another patch may stand in for one that no mirror has; `true` unless said otherwise. */
  readonly substitute?: boolean;
  readonly vet?: VerifyBytes;
  /** Whose signatures count; Kubernetes' unless said otherwise. */
  readonly trust?: SigstoreTrust;
  /** How long nothing may come before a connection is given up. */
  readonly stallMs?: number;
  /** How long all mirrors together may be waited for, in milliseconds. */
  readonly limitMs?: number;
  /** Whether a mirror is asked even if it was down a moment ago: the user wants it now. */
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
type Ports = Pick<
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
 * `layout`: `undefined` without a home; a temporary folder takes it then.
 *
 * @throws {KuberlrError} `download-failed`, `release-missing`, `checksum-mismatch`, `cannot-write`
 */
export async function installKubectl(
  wanted: Wanted,
  config: Settings,
  layout: Layout | undefined,
  ports: Ports,
  options: InstallOptions = {},
): Promise<Installed> {
  const notes: string[] = [];
  const installation: Installation = {
    sources: openSources(layout, config, options, ports),
    platform: options.platform ?? ports.platform,
    quiet: config.quiet,
    digests: config.digests,
    isVerbose: config.verbosity > 0,
    vet: options.vet ?? await chooseVet(config, options, ports),
  };
  const places = choosePlaces(layout, installation.platform, options, notes, ports);
  try {
    const installed = await installFirst(wanted, options, places, installation, notes, ports);
    for (const note of config.quiet ? [] : installed.notes) {
      ports.terminal.stderr.write(renderNote(note));
    }
    return installed;
  } finally {
    rememberMirrors(installation.sources, layout, ports);
    ports.downloads.close();
  }
}

function openSources(
  layout: Layout | undefined,
  config: Settings,
  { stallMs = STALL_MS, limitMs = Infinity, insist = false }: InstallOptions,
  host: Ports,
): readonly MirrorSource[] {
  const { unreachableTtlSeconds } = config;
  const notes = insist ? NO_NOTES : loadMirrorNotes(layout, host);
  const nowMs = host.clock.nowMs();
  return openMirrors(config, {
    stallMs,
    limitMs,
    recall: (mirror) => recallDown(notes, mirror, unreachableTtlSeconds, nowMs),
  }, host);
}

/** Signatures are checked where the configuration wants it, and their code is loaded only then. */
async function chooseVet(
  config: Settings,
  { trust }: InstallOptions,
  ports: Ports,
): Promise<VerifyBytes | undefined> {
  if (config.verifySignature === "off") return undefined;
  const { makeSignatureCheck } = await import("../../signature/steps/check_signature.ts");
  return makeSignatureCheck(config, trust, ports);
}

/** The first of the releases that would do which a mirror has. */
async function installFirst(
  wanted: Wanted,
  { substitute = true }: InstallOptions,
  places: Places,
  installation: Installation,
  notes: string[],
  ports: Ports,
): Promise<Installed> {
  const tried: Version[] = [];
  let missing: string | undefined;
  for (const release of planReleases(wanted, substitute)) {
    const version = await chooseVersion(release, installation, ports);
    const got = version.kind !== "got"
      ? version
      : tried.some((other) => isSameVersion(other, version.value))
      ? undefined
      : await installSomewhere(version.value, places, installation, ports);
    if (got === undefined) continue;
    if (got.kind === "failed") {
      throw new KuberlrError(got.code, describeFailure(wanted, got.reason), { hint: got.hint });
    }
    if (got.kind === "missing" || version.kind !== "got") {
      if (got.kind === "missing") missing ??= got.reason;
      if (version.kind === "got") tried.push(version.value);
      continue;
    }
    const { path, fetched, platform } = got.value;
    // Where it lies was said when it came.
    if (fetched === undefined) {
      return { path, version: version.value, downloaded: false, notes: [] };
    }
    notes.push(
      ...got.value.notes,
      ...describeStandIn(wanted, version.value, platform, installation),
    );
    return { path, version: version.value, downloaded: true, notes };
  }
  throw new KuberlrError("release-missing", describeFailure(wanted, missing ?? ""), {
    hint: `Check the version and KubeMirrorUrl, which "kuberlr config" shows`,
  });
}

function chooseVersion(
  release: Release,
  { sources }: Installation,
  ports: Ports,
): Promise<Got<Version>> {
  return release.kind === "exact"
    ? Promise.resolve({ kind: "got", value: release.version })
    : fetchMarker(release.minor, sources, ports);
}

/** Where to try, the next one opened when the one before fails. */
interface Places {
  current(): Place;
  /** Goes on to the next; throws what `reason` means where there is none. */
  leave(reason: HostError): void;
}

function choosePlaces(
  layout: Layout | undefined,
  platform: Platform,
  { directory, asMirror }: InstallOptions,
  notes: string[],
  ports: Ports,
): Places {
  let place: Place | undefined;
  let refuge = false;
  const own: Place | undefined = directory !== undefined
    ? { directory, layout: undefined, asMirror }
    : layout === undefined
    ? undefined
    : isSamePlatform(platform, ports.platform)
    ? { directory: layout.binaries, layout }
    : {
      directory: joinPath(ports.platform, layout.root, formatPlatform(platform)),
      layout: undefined,
    };
  const open = (): Place => {
    if (own !== undefined && !refuge) {
      openPlace(own, ports);
      return own;
    }
    refuge = true;
    const { directory: where, ...rest } = openRefuge(ports);
    notes.push(
      layout === undefined
        ? `There is no home folder: kubectl is kept in "${where}"`
        : `kubectl is kept in "${where}" for now`,
    );
    return { directory: where, ...rest };
  };
  return {
    current: () => place ??= open(),
    leave(reason) {
      if (refuge || directory !== undefined) throw cannotWrite(reason);
      notes.push(
        reason.code === "EISDIR"
          ? `A folder has the name "${reason.path}": move it away`
          : `Cannot use "${own?.directory ?? ""}": ${reason.message}`,
      );
      refuge = true;
      place = undefined;
    },
  };
}

async function installSomewhere(
  version: Version,
  places: Places,
  installation: Installation,
  ports: Ports,
): Promise<Got<InstalledRelease>> {
  for (;;) {
    try {
      return await installRelease(version, places.current(), installation, ports);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      places.leave(error);
    }
  }
}

/** A failure to write what a download brought, in the user's words. */
export function cannotWrite(cause: HostError): KuberlrError {
  return new KuberlrError("cannot-write", `Cannot write "${cause.path}": ${cause.message}`, {
    hint: cause.code === "EISDIR"
      ? `Move the folder "${cause.path}" away`
      : "Make room, or name a folder that can be written, in TMPDIR or with --to",
    cause,
  });
}

function describeFailure(wanted: Wanted, reason: string): string {
  const name = wanted.kind === "stable" ? "the stable kubectl" : `kubectl ${formatWanted(wanted)}`;
  return `Cannot download ${name}: ${reason}`;
}

function describeStandIn(
  wanted: Wanted,
  version: Version,
  platform: Platform,
  installation: Installation,
): readonly string[] {
  const notes: string[] = [];
  if (wanted.kind === "exact" && !isSameVersion(wanted.version, version)) {
    notes.push(
      `No mirror has kubectl ${formatVersion(wanted.version)}: ${
        formatVersion(version)
      } stands in for it`,
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
