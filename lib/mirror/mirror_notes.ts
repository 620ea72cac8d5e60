/**
 * The notes on mirrors that are kept between commands: which were down, which releases they do not
 * have, and when they were last asked for a newer patch. Losing them costs time, never correctness.
 *
 * @module
 */
import { isObject, parseJsonObject } from "../encoding/json.ts";
import type { Failed } from "./answer.ts";
import { parseMirror } from "./mirror.ts";

export interface MirrorNotes {
  /**
   * The mirrors that were down, by their base URL, and the kubectls that were not what their
   * checksum says, by the URL that messages show.
   */
  readonly down: Readonly<Record<string, DownNote>>;
  /** The releases that mirrors do not have, by {@linkcode noteKey}. */
  readonly missing: Readonly<Record<string, MissingNote>>;
  /**
   * When mirrors were last asked for a newer patch, by {@linkcode noteKey} of the minor, in
   * milliseconds since the epoch.
   */
  readonly renewed: Readonly<Record<string, number>>;
}

export interface DownNote {
  readonly atMs: number;
  readonly reason: string;
  readonly hint: string;
  /** `download-failed` if absent. */
  readonly code?: "checksum-mismatch";
}

export interface MissingNote {
  readonly atMs: number;
  /** `minor`: the mirrors have no release of that minor at all. */
  readonly what: "release" | "minor";
}

export const NO_NOTES: MirrorNotes = { down: {}, missing: {}, renewed: {} };

const FORMAT = 1;
/** If there are more of one kind, the oldest are dropped. */
const MAX_NOTES = 100;
const MAX_TEXT = 500;

export function formatMirrorNotes({ down, missing, renewed }: MirrorNotes): string {
  return JSON.stringify({
    format: FORMAT,
    down: newest(down, ({ atMs }) => atMs),
    missing: newest(missing, ({ atMs }) => atMs),
    renewed: newest(renewed, (atMs) => atMs),
  });
}

/** Ignores malformed notes. */
export function parseMirrorNotes(text: string): MirrorNotes {
  const value = parseJsonObject(text);
  if (value?.format !== FORMAT) return NO_NOTES;
  return {
    down: pick(value.down, (note) => {
      if (!isObject(note)) return undefined;
      const { atMs, reason, hint, code } = note;
      return typeof atMs === "number" && typeof reason === "string" && typeof hint === "string"
        ? {
          atMs,
          reason: reason.slice(0, MAX_TEXT),
          hint: hint.slice(0, MAX_TEXT),
          ...(code === "checksum-mismatch" ? { code } : {}),
        }
        : undefined;
    }),
    missing: pick(value.missing, (note) => {
      if (!isObject(note)) return undefined;
      const { atMs, what } = note;
      return typeof atMs === "number" && (what === "release" || what === "minor")
        ? { atMs, what }
        : undefined;
    }),
    renewed: pick(value.renewed, (note) => typeof note === "number" ? note : undefined),
  };
}

/** Returns the key for a release or minor of these mirrors: other mirrors may have others. */
export function noteKey(kubeMirrorUrl: readonly string[], version: string): string {
  const bases = kubeMirrorUrl.map((text) => parseMirror(text)?.base ?? "");
  return `${version} at ${bases.join(" ")}`;
}

/**
 * Returns the failure of a mirror (its base URL), or of one kubectl (the URL that messages show),
 * that was found less than `ttlSeconds` ago; `undefined` if it must be asked for. `nowMs`:
 * milliseconds since the epoch.
 */
export function recallDown(
  { down }: MirrorNotes,
  url: string,
  ttlSeconds: number,
  nowMs: number,
): Failed | undefined {
  const note = Object.hasOwn(down, url) ? down[url] : undefined;
  if (note === undefined || !isFresh(note.atMs, ttlSeconds, nowMs)) return undefined;
  const ago = Math.floor((nowMs - note.atMs) / 1000);
  const left = Math.ceil((note.atMs + ttlSeconds * 1000 - nowMs) / 1000);
  return {
    kind: "failed",
    code: note.code ?? "download-failed",
    reason: `${note.reason} (${ago} s ago; next attempt in ${left} s)`,
    hint: note.hint,
  };
}

/**
 * Returns true if these mirrors lack a release, or all of its minor; `undefined` if nothing is
 * known. `nowMs`: milliseconds since the epoch.
 */
export function recallMissing(
  { missing }: MirrorNotes,
  key: string,
  ttlSeconds: number,
  nowMs: number,
): MissingNote["what"] | undefined {
  const note = Object.hasOwn(missing, key) ? missing[key] : undefined;
  return note !== undefined && isFresh(note.atMs, ttlSeconds, nowMs) ? note.what : undefined;
}

const DAY_MS = 86_400_000;

/**
 * Returns true if the mirrors are to be asked for a newer patch (the setting `Renew`). `nowMs`:
 * milliseconds since the epoch.
 */
export function isRenewalDue(
  { renewed }: MirrorNotes,
  key: string,
  renewDays: number | "never",
  nowMs: number,
): boolean {
  if (renewDays === "never") return false;
  const atMs = Object.hasOwn(renewed, key) ? renewed[key] : undefined;
  return atMs === undefined || atMs > nowMs || nowMs >= atMs + renewDays * DAY_MS;
}

/** A timestamp from the future is not fresh: the clock has been set back. */
function isFresh(atMs: number, ttlSeconds: number, nowMs: number): boolean {
  return atMs <= nowMs && nowMs < atMs + ttlSeconds * 1000;
}

function pick<Note>(
  value: unknown,
  parse: (note: unknown) => Note | undefined,
): Readonly<Record<string, Note>> {
  const entries = Object.entries(isObject(value) ? value : {}).flatMap(([key, note]) => {
    const parsed = parse(note);
    return parsed === undefined ? [] : [[key, parsed] as const];
  });
  return Object.fromEntries(entries);
}

function newest<Note>(
  notes: Readonly<Record<string, Note>>,
  atMsOf: (note: Note) => number,
): Readonly<Record<string, Note>> {
  const entries = Object.entries(notes).toSorted(([, a], [, b]) => atMsOf(b) - atMsOf(a));
  return Object.fromEntries(entries.slice(0, MAX_NOTES));
}
