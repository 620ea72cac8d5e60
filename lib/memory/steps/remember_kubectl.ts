/**
 * Remembering: what was learned of the server, and the resolution itself. What cannot be kept costs
 * time, never the command.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import { formatMemo, type Memo, memoFileName, memoKey, memoKeyPerCommand } from "../memo.ts";
import { findNeed } from "../../kubectl/need.ts";
import { joinPath } from "../../platform.ts";
import { formatServerRecord, type ServerRecord } from "../../api_server/server_record.ts";
import { sanitize } from "../../output/report.ts";
import { boundFolder, HASHED_NAMES } from "../../files/steps/bound_folder.ts";
import type { Resolution } from "../../resolver/steps/resolve_kubectl.ts";
import { skipsLoopGuard } from "../../handoff/steps/skips_loop_guard.ts";
import { findDistrustDown } from "../../files/steps/distrust.ts";
import type { Layout } from "../../files/layout.ts";
import { writeOwnText } from "../../files/steps/write_own.ts";

/** Notes down which kubectl a server was given, and returns its record as it is now. */
function noteLastUsed(
  { learned, recordPath, need, layout }: Resolution,
  kubectl: string,
  host: LocalHost,
): ServerRecord | undefined {
  if (learned === undefined || recordPath === undefined || layout === undefined) return undefined;
  if (need.kind !== "server" || kubectl === learned.record.lastUsed) return learned.record;
  const record = { ...learned.record, lastUsed: kubectl };
  keep(recordPath, formatServerRecord(record), layout, host);
  return record;
}

/** So many at the most: one for every way of naming a server, and one for every server. */
const MOST_MEMOS = 1_000;
const MOST_SERVERS = 5_000;

/**
 * Keeps a resolution that led to an installed kubectl, until the server's version has to be asked
 * for again, or until the given moment (in milliseconds since the epoch) if that comes first.
 */
export function rememberResolution(
  commandLine: CommandLine,
  resolution: Resolution,
  host: LocalHost,
  untilMs = Infinity,
): void {
  const { decision: { plan }, perCommand, layout, places, learned, trace, settings: { config } } =
    resolution;
  if (layout === undefined || plan.kind !== "use") return;
  if (findDistrustDown(layout.memo, layout.root, host) !== undefined) return;
  const record = noteLastUsed(resolution, plan.path, host);
  const nowMs = host.clock.nowMs();
  const expiresAtMs = Math.min(learned?.untilMs ?? Infinity, untilMs);
  if (expiresAtMs <= nowMs) return;
  if (!holds(resolution, record)) return;
  // A pinned path is read here for the first time. Its existence is a fact, too.
  if (orUndefined(() => trace.host.files.stat(plan.path)) === undefined) return;
  const key = (perCommand ? memoKeyPerCommand : memoKey)(
    commandLine,
    findNeed(commandLine, host.env),
    host.env.get("KUBECONFIG"),
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
  keep(joinPath(host.platform, layout.memo, memoFileName(key)), formatMemo(memo), layout, host);
  const { root, memo: folder, servers } = layout;
  const names = HASHED_NAMES;
  boundFolder({ folder, root, most: MOST_MEMOS, names }, host);
  boundFolder({ folder: servers, root, most: MOST_SERVERS, names }, host);
}

/** Every command that follows the memo repeats them, one a line; `null` for none. */
function warningsOf(
  { settings: { config, warnings }, decision: { plan } }: Resolution,
): string | null {
  const own = plan.kind !== "refuse" && plan.warning !== undefined ? [plan.warning] : [];
  const all = config.quiet ? [] : [...warnings, ...own];
  return all.length === 0 ? null : all.map(sanitize).join("\n");
}

/** Whether the server's record still says what was resolved by; it is a fact from then on. */
function holds({ recordPath, trace }: Resolution, record: ServerRecord | undefined): boolean {
  if (recordPath === undefined || record === undefined) return true;
  const text = orUndefined(() => trace.host.files.readText(recordPath));
  return text === undefined
    ? record.gitVersion === null && record.failedAtMs === null && record.lastUsed === null
    : text === formatServerRecord(record);
}

function keep(path: string, content: string, place: Layout, host: LocalHost): void {
  orUndefined(() => writeOwnText(path, content, place, host));
}
