/**
 * Reads and writes the notes on mirrors: `cache/mirrors.json`.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { Layout } from "../../files/layout.ts";
import { findFolderDistrust } from "../../files/steps/distrust.ts";
import { writeOwnText } from "../../files/steps/write_own.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import type { Host } from "../../ports/host.ts";
import type { Failed } from "../answer.ts";
import {
  type DownNote,
  formatMirrorNotes,
  type MirrorNotes,
  NO_NOTES,
  parseMirrorNotes,
} from "../mirror_notes.ts";
import type { MirrorSource } from "./open_mirrors.ts";

/** Returns empty notes if there are none, or if another user could have written them. */
export function loadMirrorNotes(
  layout: Layout | undefined,
  host: Pick<Host, "platform" | "files">,
): MirrorNotes {
  const path = notesPath(layout, host);
  const text = path === undefined
    ? undefined
    : orUndefined(() => readOwnText(path, "mirror-notes", host.files));
  return text === undefined ? NO_NOTES : parseMirrorNotes(text);
}

/** Updates the notes. A file that cannot be written is ignored. */
export function updateMirrorNotes(
  layout: Layout | undefined,
  update: (notes: MirrorNotes) => MirrorNotes,
  host: Pick<Host, "platform" | "files">,
): void {
  const path = notesPath(layout, host);
  if (path === undefined || layout === undefined) return;
  const before = loadMirrorNotes(layout, host);
  const text = formatMirrorNotes(update(before));
  if (text === formatMirrorNotes(before)) return;
  orUndefined(() => writeOwnText(path, text, layout, host));
}

/**
 * Notes the mirrors that were down, and the kubectls that were wrong; removes the notes of mirrors
 * that have answered.
 */
export function rememberMirrors(
  sources: readonly MirrorSource[],
  layout: Layout | undefined,
  host: Pick<Host, "platform" | "files"> & Pick<Host, "clock">,
): void {
  const sessions = new Set(sources.flatMap(({ binaries, checksums }) => [binaries, checksums]));
  updateMirrorNotes(layout, ({ down, ...notes }) => {
    const atMs = host.clock.nowMs();
    const changed = { ...down };
    for (const { mirror: { base }, down: failed, hasAnswered, wrong } of sessions) {
      if (failed !== undefined) changed[base] = noteOf(ofMirror(failed, base), atMs);
      else if (hasAnswered) delete changed[base];
      for (const [url, failed] of wrong) changed[url] = noteOf(failed, atMs);
    }
    return { ...notes, down: changed };
  }, host);
}

/** Names the mirror in place of its file: the note is shown for other releases, too. */
function ofMirror(failed: Failed, base: string): Failed {
  const reason = failed.reason.replaceAll(
    /"([^"]*)"/g,
    (quoted, text: string) => text.startsWith(base) ? `"${base}"` : quoted,
  );
  return { ...failed, reason };
}

function noteOf({ reason, hint, code }: Failed, atMs: number): DownNote {
  return { atMs, reason, hint, ...(code === "checksum-mismatch" ? { code } : {}) };
}

function notesPath(
  layout: Layout | undefined,
  host: Pick<Host, "platform" | "files">,
): string | undefined {
  if (layout === undefined) return undefined;
  if (findFolderDistrust(layout.cache, layout.root, host) !== undefined) return undefined;
  return layout.mirrorNotes;
}
