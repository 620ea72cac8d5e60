/**
 * Remembers releases that no mirror has, for as long as a server's version is remembered, so that
 * the next commands do not ask for them again.
 *
 * @module
 */
import type { Config } from "../../config/config.ts";
import type { Layout } from "../../files/layout.ts";
import { type MissingNote, noteKey, recallMissing } from "../../mirror/mirror_notes.ts";
import { loadMirrorNotes, updateMirrorNotes } from "../../mirror/steps/remember_mirrors.ts";
import type { Host } from "../../ports/host.ts";
import { formatWanted, type Wanted } from "../../version/wanted.ts";
import type { Plan } from "../plan.ts";

export type MissingSettings = Pick<Config, "kubeMirrorUrl" | "versionTtlSeconds">;

/**
 * Returns the part that no mirror has of the release that a plan would download; `undefined` if
 * nothing is remembered, and for pins.
 */
export function findMissing(
  plan: Plan,
  { kubeMirrorUrl, versionTtlSeconds }: MissingSettings,
  layout: Layout | undefined,
  host: Pick<Host, "platform" | "files" | "clock">,
): MissingNote["what"] | undefined {
  if (plan.kind !== "download" || plan.pinnedBy !== undefined) return undefined;
  if (plan.wanted.kind !== "exact") return undefined;
  const key = noteKey(kubeMirrorUrl, formatWanted(plan.wanted));
  const notes = loadMirrorNotes(layout, host);
  return recallMissing(notes, key, versionTtlSeconds, host.clock.nowMs());
}

export function rememberMissing(
  { wanted, what }: { readonly wanted: Wanted; readonly what: MissingNote["what"] },
  { kubeMirrorUrl }: MissingSettings,
  layout: Layout | undefined,
  host: Pick<Host, "platform" | "files" | "clock">,
): void {
  const key = noteKey(kubeMirrorUrl, formatWanted(wanted));
  const note: MissingNote = { atMs: host.clock.nowMs(), what };
  updateMirrorNotes(
    layout,
    (notes) => ({ ...notes, missing: { ...notes.missing, [key]: note } }),
    host,
  );
}
