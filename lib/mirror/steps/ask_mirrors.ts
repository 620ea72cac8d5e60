/**
 * Several mirrors, asked in their order until one has it. One that is silent holds nobody up for long: while others are
 * left it gets a part of the time, and only when none of them had it is it listened to once more, together with all that
 * were silent. So a slow mirror is used before there is an error, and a dead one is waited for twice in all.
 *
 * @module
 */
import type { Mirror, MirrorFile } from "../mirror.ts";
import type { MirrorSource } from "./open_mirrors.ts";
import { type Got, MIRROR_HINT, peek, type Ports } from "./ask_mirror.ts";

/** What is asked for. */
export interface Quarry<Value> {
  /** A file whose absence would be an answer, too. */
  readonly file: (mirror: Mirror) => MirrorFile;
  /** `passedOver`: why the mirrors before it were. */
  readonly ask: (source: MirrorSource, passedOver: readonly string[]) => Promise<Got<Value>>;
}

type NotGot = Exclude<Got<never>, { kind: "got" }>;

export async function huntFor<Value>(
  { file, ask }: Quarry<Value>,
  sources: readonly MirrorSource[],
  ports: Ports,
): Promise<Got<Value>> {
  const outcomes = new Map<MirrorSource, NotGot>();
  const visit = async (source: MirrorSource) => {
    outcomes.delete(source);
    const passedOver = Array.from(outcomes.values(), ({ reason }) => reason);
    const got = source.binaries.silence ?? await ask(source, passedOver);
    if (got.kind === "got") return got;
    outcomes.set(source, got);
    return undefined;
  };
  for (const [index, source] of sources.entries()) {
    if (source.binaries.silence === undefined) source.binaries.turn = turnOf(index, sources.length);
    const got = await visit(source);
    if (got !== undefined) return got;
  }
  for (const source of await listenAgain(sources, file, ports)) {
    const got = await visit(source);
    if (got !== undefined) return got;
  }
  return worstOf(sources.flatMap((source) => outcomes.get(source) ?? []));
}

function turnOf(index: number, count: number) {
  return count === 1 ? "only" : index === count - 1 ? "last" : "early";
}

/** Those that were silent for a short time get the full time, all at once. */
async function listenAgain(
  sources: readonly MirrorSource[],
  file: (mirror: Mirror) => MirrorFile,
  ports: Ports,
): Promise<readonly MirrorSource[]> {
  const hurried = sources.filter(({ binaries: { turn, silence } }) =>
    turn === "early" && silence !== undefined
  );
  await Promise.all(hurried.map(async ({ binaries }) => {
    binaries.turn = "last";
    binaries.answered = false;
    const heard = await peek(file(binaries.mirror), binaries, ports);
    binaries.silence = binaries.answered || heard.kind !== "failed" ? undefined : heard;
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

/** Wrong bytes anywhere are worth a word; that it is missing somewhere means that another release may be there. */
function weight(got: NotGot): number {
  return got.kind === "missing" ? 1 : got.code === "checksum-mismatch" ? 2 : 0;
}
