/**
 * Stores a resolution as a memo, and the chosen kubectl in the server's record. If something cannot
 * be stored, the next command takes longer, and this one goes on.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import {
  formatMemo,
  holdsPassword,
  type Memo,
  memoFileName,
  memoKey,
  memoKeyPerCommand,
} from "../memo.ts";
import { findNeed } from "../../kubectl/need.ts";
import { joinPath } from "../../platform.ts";
import { formatServerRecord, type ServerRecord } from "../../api_server/server_record.ts";
import { sanitize } from "../../output/report.ts";
import { boundFolder, HASHED_NAMES } from "../../files/steps/bound_folder.ts";
import type { Resolution } from "../../resolver/steps/resolve_kubectl.ts";
import { skipsLoopGuard } from "../../handoff/steps/skips_loop_guard.ts";
import { findFolderDistrust } from "../../files/steps/distrust.ts";
import type { Layout } from "../../files/layout.ts";
import { writeOwnText } from "../../files/steps/write_own.ts";

/** Stores the kubectl that was chosen for a server, and returns the server's record. */
function storeLastUsed(
  { learned, recordPath, need, layout }: Resolution,
  kubectl: string,
  host: LocalHost,
): ServerRecord | undefined {
  if (learned === undefined || recordPath === undefined || layout === undefined) return undefined;
  if (need.kind !== "server" || kubectl === learned.record.lastUsed) return learned.record;
  const record = { ...learned.record, lastUsed: kubectl };
  store(recordPath, formatServerRecord(record), layout, host);
  return record;
}

/** The limits of the folders: a memo for every way to name a server, a record for every server. */
const MAX_MEMOS = 1_000;
const MAX_SERVER_RECORDS = 5_000;

/**
 * Stores the memo of a resolution that led to an installed kubectl. It expires when the server has
 * to be asked again, or at `untilMs` (milliseconds since the epoch) if that is earlier.
 */
export function rememberResolution(
  commandLine: CommandLine,
  resolution: Resolution & { readonly untilMs?: number },
  host: LocalHost,
): void {
  const { decision: { plan }, perCommand, layout, places, learned, trace } = resolution;
  const { settings: { config }, untilMs = Infinity } = resolution;
  if (layout === undefined || plan.kind !== "use") return;
  if (findFolderDistrust(layout.memo, layout.root, host) !== undefined) return;
  const record = storeLastUsed(resolution, plan.path, host);
  const nowMs = host.clock.nowMs();
  const expiresAtMs = Math.min(learned?.untilMs ?? Infinity, untilMs);
  if (expiresAtMs <= nowMs) return;
  if (!isRecordCurrent(resolution, record)) return;
  // A pinned path is read here for the first time, so that its existence becomes a fact.
  if (orUndefined(() => trace.host.files.stat(plan.path)) === undefined) return;
  const kubeconfigs = host.env.get("KUBECONFIG");
  if (holdsPassword(commandLine, kubeconfigs)) return;
  const key = (perCommand ? memoKeyPerCommand : memoKey)(
    commandLine,
    findNeed(commandLine, host.env),
    kubeconfigs,
  );
  const memo: Memo = {
    key,
    writtenAtMs: nowMs,
    expiresAtMs: expiresAtMs === Infinity ? null : expiresAtMs,
    facts: trace.facts(),
    path: plan.path,
    mode: config.handOff,
    skipsLoopGuard: skipsLoopGuard(plan.path, places.trusted, host),
    warning: warningsOf(resolution),
    shortcut: null,
  };
  store(joinPath(host.platform, layout.memo, memoFileName(key)), formatMemo(memo), layout, host);
  const { root, memo: folder, servers } = layout;
  const names = HASHED_NAMES;
  boundFolder({ folder, root, most: MAX_MEMOS, names }, host);
  boundFolder({ folder: servers, root, most: MAX_SERVER_RECORDS, names }, host);
}

/** Returns the warnings that every command repeats, one per line; `null` if there are none. */
function warningsOf(
  { settings: { config, warnings }, decision: { plan } }: Resolution,
): string | null {
  const own = plan.kind !== "refuse" && plan.warning !== undefined ? [plan.warning] : [];
  const all = config.quiet ? [] : [...warnings, ...own];
  return all.length === 0 ? null : all.map(sanitize).join("\n");
}

/**
 * Returns true if the server's record still says what the resolution used. From then on, the record
 * is a fact of the memo.
 */
function isRecordCurrent(
  { recordPath, trace }: Resolution,
  record: ServerRecord | undefined,
): boolean {
  if (recordPath === undefined || record === undefined) return true;
  const text = orUndefined(() => trace.host.files.readText(recordPath));
  return text === undefined
    ? record.gitVersion === null && record.failedAtMs === null && record.lastUsed === null
    : text === formatServerRecord(record);
}

function store(path: string, content: string, place: Layout, host: LocalHost): void {
  orUndefined(() => writeOwnText(path, content, place, host));
}
