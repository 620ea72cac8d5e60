/**
 * Asks several mirrors in their order until one has the file.
 *
 * While others are left, a mirror gets only a part of the time for its first answer. If no other
 * mirror has the file, those that were silent are asked once more, all at the same time. So a slow
 * mirror is used before the command fails, and a dead one is waited for twice at most.
 *
 * @module
 */
import type { Mirror, MirrorFile } from "../mirror.ts";
import { MIRROR_HINT, type MirrorResult } from "../answer.ts";
import type { MirrorSource } from "./open_mirrors.ts";
import { checkPresence, type MirrorHost, type MirrorPosition } from "./ask_mirror.ts";

export interface MirrorRequest<Value> {
  /** Returns the file that a silent mirror is asked for once more. */
  readonly file: (mirror: Mirror) => MirrorFile;
  /** Asks one mirror, with its retries. `skippedMirrors`: why the earlier ones were not used. */
  readonly ask: (
    source: MirrorSource,
    skippedMirrors: readonly string[],
  ) => Promise<MirrorResult<Value>>;
}

type NotGot = Exclude<MirrorResult<never>, { kind: "got" }>;

/** Returns the answer of the first mirror that has the file, or the most telling failure. */
export async function askMirrors<Value>(
  { file, ask }: MirrorRequest<Value>,
  sources: readonly MirrorSource[],
  host: MirrorHost,
): Promise<MirrorResult<Value>> {
  const outcomes = new Map<MirrorSource, NotGot>();
  const visit = async (source: MirrorSource) => {
    outcomes.delete(source);
    const skippedMirrors = Array.from(outcomes.values(), ({ reason }) => reason);
    const got = source.binaries.timedOut ?? await ask(source, skippedMirrors);
    if (got.kind === "got") return got;
    outcomes.set(source, got);
    return undefined;
  };
  for (const [index, source] of sources.entries()) {
    if (source.binaries.timedOut === undefined) {
      source.binaries.position = positionOf(index, sources.length);
    }
    const got = await visit(source);
    if (got !== undefined) return got;
  }
  for (const source of await retrySilent(sources, file, host)) {
    const got = await visit(source);
    if (got !== undefined) return got;
  }
  return mostTelling(sources.flatMap((source) => outcomes.get(source) ?? []));
}

function positionOf(index: number, count: number): MirrorPosition {
  return count === 1 ? "only" : index === count - 1 ? "last" : "early";
}

/**
 * Asks the mirrors again that were silent for the short time, now with the full time and all at
 * once. Returns them.
 */
async function retrySilent(
  sources: readonly MirrorSource[],
  file: (mirror: Mirror) => MirrorFile,
  host: MirrorHost,
): Promise<readonly MirrorSource[]> {
  const hurried = sources.filter(({ binaries: { position, timedOut, isGivenUp } }) =>
    position === "early" && timedOut !== undefined && !isGivenUp
  );
  await Promise.all(hurried.map(async ({ binaries }) => {
    binaries.position = "last";
    binaries.hasAnswered = false;
    const heard = await checkPresence(file(binaries.mirror), binaries, host);
    binaries.timedOut = binaries.hasAnswered || heard.kind !== "failed" ? undefined : heard;
  }));
  return hurried;
}

function mostTelling(outcomes: readonly NotGot[]): NotGot {
  const [first, ...others] = outcomes;
  if (first === undefined) {
    const reason = "KubeMirrorUrl names no mirror";
    return { kind: "failed", code: "download-failed", hint: MIRROR_HINT, reason };
  }
  const worst = others.reduce((a: NotGot, b) => weight(b) > weight(a) ? b : a, first);
  return { ...worst, reason: outcomes.map(({ reason }) => reason).join("; ") };
}

/**
 * A wrong checksum is the most telling. Next is a missing file, because another release may be
 * there.
 */
function weight(got: NotGot): number {
  return got.kind === "missing" ? 1 : got.code === "checksum-mismatch" ? 2 : 0;
}
