/**
 * A release from the first mirror that has it: the checksum, the bytes, and what to think when only one of them is there.
 *
 * @module
 */
import { checksumAlgorithms, parseChecksum, parseMarker } from "../checksum.ts";
import { binaryFile, checksumFile, markerFile, type MirrorFile } from "../mirror.ts";
import type { Platform } from "../platform.ts";
import type { Minor } from "../skew.ts";
import type { Temporary } from "../store.ts";
import type { Version } from "../version.ts";
import { type Expected, fetchBinary, type Progress } from "./fetch_binary.ts";
import type { MirrorSource } from "./mirror_sources.ts";
import {
  fetchText,
  type Got,
  MIRROR_HINT,
  peek,
  type Ports,
  trouble,
  waitToRetry,
} from "./mirror_visit.ts";

export interface FetchedKubectl extends Expected {
  readonly file: MirrorFile;
  readonly source: MirrorSource;
  /** Why the mirrors before it were passed over. */
  readonly passedOver: readonly string[];
}

/** Into `temporary`, whole and verified. */
export function fetchKubectl(
  version: Version,
  platform: Platform,
  sources: readonly MirrorSource[],
  temporary: Temporary,
  progress: Progress,
  ports: Ports,
): Promise<Got<FetchedKubectl>> {
  return askInOrder(sources, async (source, passedOver) => {
    const got = await fetchPair(version, platform, source, temporary, progress, ports);
    return got.kind === "got" ? { kind: "got", value: { ...got.value, source, passedOver } } : got;
  });
}

/** The release that `stable.txt` or `stable-X.Y.txt` names. */
export function fetchMarker(
  minor: Minor | undefined,
  sources: readonly MirrorSource[],
  ports: Ports,
): Promise<Got<Version>> {
  return askInOrder(sources, async ({ binaries }) => {
    const file = markerFile(binaries.mirror, minor);
    const got = await fetchText(file, binaries, ports);
    if (got.kind !== "got") return got;
    const value = parseMarker(got.value, minor);
    return value === undefined
      ? { kind: "missing", reason: `"${file.shown}" names no release` }
      : { kind: "got", value };
  });
}

async function askInOrder<Value>(
  sources: readonly MirrorSource[],
  ask: (source: MirrorSource, passedOver: readonly string[]) => Promise<Got<Value>>,
): Promise<Got<Value>> {
  const reasons: string[] = [];
  let worst: Exclude<Got<Value>, { kind: "got" }> | undefined;
  for (const source of sources) {
    const got = await ask(source, [...reasons]);
    if (got.kind === "got") return got;
    reasons.push(got.reason);
    if (worst === undefined || weight(got) > weight(worst)) worst = got;
  }
  const reason = reasons.length === 0 ? "KubeMirrorUrl names no mirror" : reasons.join("; ");
  return { ...worst ?? { kind: "failed", code: "download-failed", hint: MIRROR_HINT }, reason };
}

/** Wrong bytes anywhere are worth a word; that it is missing somewhere means that another release may be there. */
function weight(got: Exclude<Got<never>, { kind: "got" }>): number {
  return got.kind === "missing" ? 1 : got.code === "checksum-mismatch" ? 2 : 0;
}

async function fetchPair(
  version: Version,
  platform: Platform,
  { binaries, checksums }: MirrorSource,
  temporary: Temporary,
  progress: Progress,
  ports: Ports,
): Promise<Got<Expected & { readonly file: MirrorFile }>> {
  const file = binaryFile(binaries.mirror, version, platform);
  for (;;) {
    const checksum = await fetchChecksum(version, platform, { binaries, checksums }, ports);
    if (checksum.kind === "failed") return checksum;
    const got = checksum.kind === "got"
      ? await fetchBinary(file, checksum.value, temporary, progress, binaries, ports)
      : checksum;
    if (got.kind === "failed") return got;
    if (got.kind === "got" && checksum.kind === "got") {
      return { kind: "got", value: { ...checksum.value, file } };
    }
    // Caches of one mirror disagree for days at times: one of the two there means that the other is to come.
    if (checksum.kind === "missing") {
      const found = await peek(file, binaries, ports);
      if (found.kind !== "got") return found;
    }
    const { reason } = checksum.kind === "missing" ? checksum : got as { reason: string };
    const half = trouble("mismatch", `${reason}, though the other half of the pair is there`);
    if (!await waitToRetry(half, binaries, ports)) {
      return checksum.kind === "missing" ? half.failed : { kind: "missing", reason };
    }
  }
}

async function fetchChecksum(
  version: Version,
  platform: Platform,
  { checksums }: MirrorSource,
  ports: Ports,
): Promise<Got<Expected>> {
  const reasons: string[] = [];
  for (const algorithm of checksumAlgorithms(version)) {
    const file = checksumFile(checksums.mirror, version, platform, algorithm);
    const got = await fetchText(file, checksums, ports);
    if (got.kind === "failed") return got;
    if (got.kind === "missing") {
      reasons.push(got.reason);
      continue;
    }
    const hash = parseChecksum(got.value, algorithm);
    if (hash !== undefined) return { kind: "got", value: { algorithm, hash } };
    reasons.push(`"${file.shown}" holds no ${algorithm}`);
  }
  return { kind: "missing", reason: reasons.join(", ") };
}
