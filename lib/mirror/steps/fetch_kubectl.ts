/**
 * A release from the first mirror that has it: the checksum, the bytes, and what to think when only one of them is there.
 *
 * @module
 */
import { checksumAlgorithms, parseChecksum, parseMarker } from "../checksum.ts";
import { binaryFile, checksumFile, markerFile, type Mirror, type MirrorFile } from "../mirror.ts";
import type { Platform } from "../../platform.ts";
import type { Minor } from "../../version/skew.ts";
import type { Temporary } from "../../ports/store.ts";
import type { Version } from "../../version/version.ts";
import { type Expected, fetchBinary, type Progress } from "./fetch_binary.ts";
import { huntFor } from "./ask_mirrors.ts";
import type { MirrorSource } from "./open_mirrors.ts";
import { fetchText, type Got, peek, type Ports, trouble, waitToRetry } from "./ask_mirror.ts";

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
  const ask = async (
    source: MirrorSource,
    passedOver: readonly string[],
  ): Promise<Got<FetchedKubectl>> => {
    const got = await fetchPair(version, platform, source, temporary, progress, ports);
    return got.kind === "got" ? { kind: "got", value: { ...got.value, source, passedOver } } : got;
  };
  const file = (mirror: Mirror) => binaryFile(mirror, version, platform);
  return huntFor({ file, ask }, sources, ports);
}

/** The release that `stable.txt` or `stable-X.Y.txt` names. */
export function fetchMarker(
  minor: Minor | undefined,
  sources: readonly MirrorSource[],
  ports: Ports,
): Promise<Got<Version>> {
  const file = (mirror: Mirror) => markerFile(mirror, minor);
  const ask = async ({ binaries }: MirrorSource): Promise<Got<Version>> => {
    const marker = file(binaries.mirror);
    const got = await fetchText(marker, binaries, ports);
    if (got.kind !== "got") return got;
    const value = parseMarker(got.value, minor);
    return value === undefined
      ? { kind: "missing", reason: `"${marker.shown}" names no release` }
      : { kind: "got", value };
  };
  return huntFor({ file, ask }, sources, ports);
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
