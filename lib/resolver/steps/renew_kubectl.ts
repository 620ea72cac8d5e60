/**
 * Carries out the setting `Renew`: asks the mirrors from time to time for a newer patch of the
 * minor in use.
 *
 * @module
 */
import { KuberlrError } from "../../errors.ts";
import { isRenewalDue, noteKey, recallDown } from "../../mirror/mirror_notes.ts";
import {
  loadMirrorNotes,
  rememberMirrors,
  updateMirrorNotes,
} from "../../mirror/steps/remember_mirrors.ts";
import { renderNote } from "../../output/report.ts";
import type { Host } from "../../ports/host.ts";
import {
  compareVersions,
  formatMinor,
  formatVersion,
  type Version,
} from "../../version/version.ts";
import { parseWanted } from "../../version/wanted.ts";
import type { Resolution } from "./resolve_kubectl.ts";

/** The longest time that a renewal may delay the installed kubectl. */
const LIMIT_MS = 3_000;

/**
 * Returns the path of a newer patch than `installed`; `undefined` if there is none or it cannot be
 * downloaded. Only a command that has just asked the server asks the mirrors.
 */
export async function renewKubectl(
  installed: Version,
  resolution: Resolution,
  host: Host,
): Promise<string | undefined> {
  const { settings: { config }, layout, learned, circumstances: { pin } } = resolution;
  const isRenewable = config.allowDownload && config.match !== "patch" &&
    (pin === undefined || parseWanted(pin.kubectl)?.kind === "minor");
  if (config.renewDays === "never" || !isRenewable || learned?.answer === undefined) return;
  const key = noteKey(config.kubeMirrorUrl, formatMinor(installed));
  const notes = loadMirrorNotes(layout, host);
  if (!isRenewalDue(notes, key, config.renewDays, host.clock.nowMs())) return;
  try {
    const newest = await askNewest(installed, resolution, host);
    const path = newest === undefined ? undefined : await install(newest, resolution, host);
    const atMs = host.clock.nowMs();
    updateMirrorNotes(
      layout,
      (notes) => ({ ...notes, renewed: { ...notes.renewed, [key]: atMs } }),
      host,
    );
    return path;
  } catch (error) {
    if (!(error instanceof KuberlrError)) throw error;
    if (config.verbosity > 0) host.terminal.stderr.write(renderNote(error.message));
    return undefined;
  }
}

/** Returns a newer patch, `undefined` if there is none. @throws {KuberlrError} no mirror answers */
async function askNewest(
  installed: Version,
  { settings: { config }, layout }: Resolution,
  host: Host,
): Promise<Version | undefined> {
  const { openMirrors } = await import("../../mirror/steps/open_mirrors.ts");
  const { fetchMarker } = await import("../../mirror/steps/fetch_kubectl.ts");
  const notes = loadMirrorNotes(layout, host);
  const nowMs = host.clock.nowMs();
  const sources = openMirrors(config, {
    stallMs: LIMIT_MS,
    limitMs: LIMIT_MS,
    recall: (url) => recallDown(notes, url, config.unreachableTtlSeconds, nowMs),
  }, host);
  try {
    const { major, minor } = installed;
    const got = await fetchMarker({ major, minor }, sources, host);
    if (got.kind === "failed") {
      throw new KuberlrError(got.code, `Cannot renew kubectl: ${got.reason}`, { hint: got.hint });
    }
    // The mirror has no version markers, so it does not tell of a newer patch.
    if (got.kind === "missing") return undefined;
    return compareVersions(got.value, installed) > 0 ? got.value : undefined;
  } finally {
    rememberMirrors(sources, layout, host);
    host.downloads.close();
  }
}

/** Installs a release and returns its path. @throws {KuberlrError} it cannot be installed */
async function install(
  version: Version,
  { settings: { config } }: Resolution,
  host: Host,
): Promise<string> {
  const { installKubectl } = await import("../../kubectls/steps/install_kubectl.ts");
  if (config.verbosity > 0) {
    host.terminal.stderr.write(renderNote(`Renewing kubectl: ${formatVersion(version)} is newer`));
  }
  const options = { substitute: false };
  const installed = await installKubectl({ kind: "exact", version }, config, options, host);
  return installed.path;
}
