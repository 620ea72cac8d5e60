/**
 * Several mirrors, asked in their order until one has the file.
 *
 * While others are left, a mirror gets a part of the time for its first answer. Only when no other
 * mirror had the file are those that were silent asked once more, all at once. So a slow mirror is
 * used before there is an error, and a dead one is waited for twice at most.
 *
 * @module
 */
import type { Mirror, MirrorFile } from "../mirror.ts";
import { type Got, MIRROR_HINT } from "../answer.ts";
import type { MirrorSource } from "./open_mirrors.ts";
import { type MirrorHost, type MirrorTurn, peek } from "./ask_mirror.ts";

export interface MirrorRequest<Value> {
  /** A file that tells by being there whether the mirror is alive. */
  readonly file: (mirror: Mirror) => MirrorFile;
  /** `passedOver`: why the mirrors before it were not used. */
  readonly ask: (source: MirrorSource, passedOver: readonly string[]) => Promise<Got<Value>>;
}

type NotGot = Exclude<Got<never>, { kind: "got" }>;

/** Returns what the first mirror that has it answers, or the failure that says most. */
export async function askMirrors<Value>(
  { file, ask }: MirrorRequest<Value>,
  sources: readonly MirrorSource[],
  host: MirrorHost,
): Promise<Got<Value>> {
  const outcomes = new Map<MirrorSource, NotGot>();
  const visit = async (source: MirrorSource) => {
    outcomes.delete(source);
    const passedOver = Array.from(outcomes.values(), ({ reason }) => reason);
    const got = source.binaries.timedOut ?? await ask(source, passedOver);
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
  for (const source of await listenAgain(sources, file, host)) {
    const got = await visit(source);
    if (got !== undefined) return got;
  }
  return worstOf(sources.flatMap((source) => outcomes.get(source) ?? []));
}

function positionOf(index: number, count: number): MirrorTurn {
  return count === 1 ? "only" : index === count - 1 ? "last" : "early";
}

/** Gives those that were silent for a short time the full time, all at once. */
async function listenAgain(
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
    const heard = await peek(file(binaries.mirror), binaries, host);
    binaries.timedOut = binaries.hasAnswered || heard.kind !== "failed" ? undefined : heard;
  }));
  return hurried;
}

function worstOf(outcomes: readonly NotGot[]): NotGot {
  const [first, ...others] = outcomes;
  if (first === undefined) {
    const reason = "KubeMirrorUrl names no mirror";
    return { kind: "failed", code: "download-failed", hint: MIRROR_HINT, reason };
  }
  const worst = others.reduce((a: NotGot, b) => weight(b) > weight(a) ? b : a, first);
  return { ...worst, reason: outcomes.map(({ reason }) => reason).join("; ") };
}

/**
 * Wrong bytes count most. A file that is missing somewhere means that another release may be there.
 */
function weight(got: NotGot): number {
  return got.kind === "missing" ? 1 : got.code === "checksum-mismatch" ? 2 : 0;
}
