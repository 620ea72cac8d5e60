/**
 * Installs one release into one place: checks for it, locks, checks again, downloads, and renames
 * it.
 *
 * @module
 */
import type { SignatureCheck } from "../../signature/steps/check_signature.ts";
import { HostError, orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { runnablePlatforms } from "../../mirror/mirror.ts";
import { folderOf, formatPlatform, joinPath, type Platform } from "../../platform.ts";
import { fingerprintOf, type Receipt, receiptPath } from "../receipt.ts";
import { renderNote } from "../../output/report.ts";
import { bundlePath } from "../../signature/bundle.ts";
import type { Lock, Temporary } from "../../ports/store.ts";
import { formatVersion, type Version } from "../../version/version.ts";
import { checksumAlgorithms } from "../../mirror/checksum.ts";
import type { HashAlgorithm } from "../../encoding/hash_algorithms.ts";
import type { Expected } from "../../mirror/steps/fetch_binary.ts";
import { type FetchedKubectl, fetchKubectl } from "../../mirror/steps/fetch_kubectl.ts";
import { findPresent, type Place, targetPath } from "./install_place.ts";
import { makeFolderIn } from "../../files/steps/write_own.ts";
import { writeReceipt } from "./verify_installed.ts";
import type { MirrorSource } from "../../mirror/steps/open_mirrors.ts";
import type { MirrorResult } from "../../mirror/answer.ts";
import { findWritableMirror } from "../../mirror/steps/writable_mirror.ts";
import { showProgress } from "./show_progress.ts";

export interface InstalledRelease {
  readonly path: string;
  /** `undefined` if it was installed already. */
  readonly fetched: FetchedKubectl | undefined;
  /** Remarks on the download, each a sentence without its full stop. */
  readonly notes: readonly string[];
}

export interface Installation {
  readonly sources: readonly MirrorSource[];
  readonly platform: Platform;
  readonly quiet: boolean;
  /**
   * The reason why this is not the kubectl that was asked for; printed when its download has begun.
   */
  readonly reasons?: readonly string[];
  /** Tells whether the digests in kuberlr are used. */
  readonly digests: "pinned" | "mirror";
  /** Tells whether messages show hashes in full. */
  readonly isVerbose: boolean;
  readonly checkSignature: SignatureCheck | undefined;
}

type ReleaseHost = Pick<
  Host,
  "platform" | "env" | "files" | "store" | "downloads" | "clock" | "terminal" | "program"
>;

/** @throws {HostError} the place cannot hold it */
export async function installRelease(
  version: Version,
  place: Place,
  installation: Installation,
  host: ReleaseHost,
): Promise<MirrorResult<InstalledRelease>> {
  const path = targetPath(place, version, installation.platform, host);
  const platform = runnablePlatforms(version, installation.platform)[0] ?? installation.platform;
  const there: MirrorResult<InstalledRelease> = {
    kind: "got",
    value: { path, fetched: undefined, notes: [] },
  };
  if ((await findPresent(path, version, place, host))?.kind === "use") return there;
  const lock = await lockRelease(version, place, installation.quiet, host);
  try {
    const present = await findPresent(path, version, place, host);
    if (present?.kind === "use") return there;
    orUndefined(() => host.store.sweepTemporaries(place.directory));
    const temporary = host.store.createTemporary(place.directory, temporaryPrefix(version));
    try {
      const progress = showProgress(
        `kubectl ${formatVersion(version)}`,
        installation.reasons ?? [],
        installation.quiet,
        host,
      );
      let got: MirrorResult<FetchedKubectl>;
      try {
        got = await fetchKubectl(
          {
            version,
            platform,
            pinned: await findPinned(version, platform, installation),
            temporary,
            progress,
            isVerbose: installation.isVerbose,
          },
          installation.sources,
          host,
        );
      } finally {
        progress.end();
      }
      if (got.kind !== "got") return got;
      const fetched = got.value;
      const bundle = await installation.checkSignature?.({
        bytes: temporary.readAll(),
        version,
        platform,
        fetched,
      });
      // Another process may have installed one during the download.
      if ((await findPresent(path, version, place, host))?.kind === "use") return there;
      await publish({ version, platform, fetched, bundle }, temporary, { ...place, path }, host);
      const notes = [
        ...fetched.skippedMirrors.map((reason) => `Skipped a mirror: ${reason}`),
        ...(present === undefined || place.layout === undefined
          ? []
          : [`"${path}" ${present.reason}: it was downloaded again`]),
        ...bundle === undefined && fetched.digestFrom === "mirror"
          ? findWritableMirror(fetched, { version, platform }, host)
          : [],
      ];
      return { kind: "got", value: { path, fetched, notes } };
    } finally {
      temporary.discard();
    }
  } finally {
    lock?.release();
  }
}

/** The table is loaded only here, because it is large. */
async function findPinned(
  version: Version,
  platform: Platform,
  { digests }: Pick<Installation, "digests">,
): Promise<Expected | undefined> {
  if (digests === "mirror") return undefined;
  const { findPinnedDigest } = await import("../../mirror/digests.ts");
  const hash = findPinnedDigest(version, platform);
  return hash === undefined ? undefined : { algorithm: "sha256", hash, digestFrom: "pinned" };
}

interface Publication {
  readonly version: Version;
  readonly platform: Platform;
  readonly fetched: FetchedKubectl;
  readonly bundle: string | undefined;
}

async function publish(
  { version, platform, fetched, bundle }: Publication,
  temporary: Temporary,
  { layout, asMirror, path }: Place & { readonly path: string },
  host: ReleaseHost,
): Promise<void> {
  const { files } = host;
  const sums = asMirror ? await checksumsFor(version, fetched, temporary, host.store) : [];
  const stat = await temporary.finish(0o755);
  for (const { algorithm, hash } of sums) {
    // Readable for all users, so that a web server can serve it.
    files.makeDirectory(folderOf(path), 0o755);
    files.writeAtomically(`${path}.${algorithm}`, `${hash}\n`, 0o644);
  }
  if (layout === undefined) return await renameIntoPlace(temporary, path, host);
  // Some file systems have one mode for all files.
  if (host.platform.os !== "windows" && !files.isExecutable(temporary.path, stat)) {
    throw new HostError("ENOEXEC", path, "no file there can be made executable");
  }
  const receipt: Receipt = {
    version,
    platform: formatPlatform(platform),
    url: fetched.file.shown,
    algorithm: fetched.algorithm,
    hash: fetched.hash,
    digestFrom: fetched.digestFrom,
    installedAtMs: host.clock.nowMs(),
    file: fingerprintOf(stat),
  };
  const notes = receiptPath(layout, host.platform, version);
  // The receipt is written before the kubectl gets its name, so that a kill cannot leave a kubectl
  // without one.
  const isWritten = writeReceipt(notes, receipt, layout, host);
  if (isWritten) {
    const signature = bundlePath(layout, host.platform, version);
    orUndefined(() =>
      bundle === undefined
        ? files.remove(signature)
        : files.writeAtomically(signature, bundle, 0o600)
    );
  }
  await renameIntoPlace(temporary, path, host);
  // Renaming has set the change time. Without a new receipt, the file would be hashed once.
  const named = orUndefined(() => files.stat(path));
  if (!isWritten || named?.ino !== stat.ino || named.size !== stat.size) return;
  writeReceipt(notes, { ...receipt, file: fingerprintOf(named) }, layout, host);
}

async function renameIntoPlace(
  temporary: Temporary,
  path: string,
  host: ReleaseHost,
): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      temporary.publish(path);
      return;
    } catch (error) {
      // Virus scanners on Windows keep new files open for a moment.
      const isHeld = host.platform.os === "windows" && error instanceof HostError &&
        ["EACCES", "EPERM", "EBUSY"].includes(error.code);
      if (!isHeld || attempt === 10) throw error;
      await host.clock.sleep(100);
    }
  }
}

/**
 * Returns the checksum that the file was verified with, and the one that Go kuberlr asks for first.
 */
async function checksumsFor(
  version: Version,
  { algorithm, hash }: Pick<FetchedKubectl, "algorithm" | "hash">,
  temporary: Temporary,
  store: Host["store"],
): Promise<readonly { readonly algorithm: HashAlgorithm; readonly hash: string }[]> {
  const [usual = algorithm] = checksumAlgorithms(version);
  if (usual === algorithm) return [{ algorithm, hash }];
  const computed = await store.createHash(usual);
  computed.update(temporary.readAll());
  return [{ algorithm, hash }, { algorithm: usual, hash: computed.hex() }];
}

const POLL_MS = 50;
const SAY_AFTER_MS = 1_000;
/** A holder that writes nothing for this time was stopped: its pauses are shorter. */
const GIVE_UP_AFTER_MS = 120_000;

/**
 * Waits for the lock of a release and returns it; `undefined` if there is none, because two
 * downloads at once only waste time.
 */
async function lockRelease(
  version: Version,
  { directory, layout }: Place,
  quiet: boolean,
  host: ReleaseHost,
): Promise<Lock | undefined> {
  if (layout === undefined) return undefined;
  const { platform, store, clock, terminal } = host;
  const name = formatVersion(version);
  const isMade = orUndefined(() => {
    makeFolderIn(layout, layout.locks, host);
    return true;
  });
  if (isMade !== true) return undefined;
  const path = joinPath(platform, layout.locks, name);
  let said = false;
  const startedMs = clock.monotonicMs();
  let aliveMs = startedMs;
  let size = -1;
  for (;;) {
    const lock = store.tryLock(path);
    if (lock === "refused") return undefined;
    if (lock !== "held") return lock;
    const nowMs = clock.monotonicMs();
    if (!said && nowMs - startedMs >= SAY_AFTER_MS) {
      said = true;
      if (!quiet) {
        terminal.stderr.write(
          renderNote(`Waiting for another kuberlr that is downloading kubectl ${name}`),
        );
      }
    }
    const sizeNow = said ? sizeOfTemporaries(directory, version, host) : size;
    if (sizeNow !== size) [size, aliveMs] = [sizeNow, nowMs];
    if (nowMs - aliveMs >= GIVE_UP_AFTER_MS) return undefined;
    await clock.sleep(POLL_MS);
  }
}

function sizeOfTemporaries(
  directory: string,
  version: Version,
  { platform, files }: Pick<ReleaseHost, "platform" | "files">,
): number {
  const prefix = `.${temporaryPrefix(version)}.`;
  return (orUndefined(() => files.list(directory)) ?? []).filter((name) => name.startsWith(prefix))
    .reduce(
      (sum, name) =>
        sum + (orUndefined(() => files.stat(joinPath(platform, directory, name)))?.size ?? 0),
      0,
    );
}

function temporaryPrefix(version: Version): string {
  return `kubectl-${formatVersion(version)}`;
}
