/**
 * Downloads a release from the first mirror that has it: checksum and bytes. If a mirror has only
 * one of the two, it is asked again.
 *
 * @module
 */
import { type Failed, failed, type MirrorResult, retryable } from "../answer.ts";
import { checksumAlgorithms, isMarkup, parseChecksum, parseMarker } from "../checksum.ts";
import { binaryFile, checksumFile, markerFile, type Mirror, type MirrorFile } from "../mirror.ts";
import type { Platform } from "../../platform.ts";
import type { Minor } from "../../version/skew.ts";
import type { Temporary } from "../../ports/store.ts";
import type { Version } from "../../version/version.ts";
import { type Expected, fetchBinary, type Progress } from "./fetch_binary.ts";
import { askMirrors } from "./ask_mirrors.ts";
import type { MirrorSource } from "./open_mirrors.ts";
import { checkPresence, fetchText, type MirrorHost, waitToRetry } from "./ask_mirror.ts";

/** A release for a platform, and where its bytes go. */
export interface KubectlRequest {
  readonly version: Version;
  readonly platform: Platform;
  /** The digest that kuberlr carries; if there is one, the mirror's checksum file is not needed. */
  readonly pinned: Expected | undefined;
  readonly temporary: Temporary;
  readonly progress: Progress;
  /** Messages show hashes in full. */
  readonly isVerbose: boolean;
}

export interface FetchedKubectl extends Expected {
  readonly file: MirrorFile;
  readonly source: MirrorSource;
  /** Why the mirrors before it were not used. */
  readonly skippedMirrors: readonly string[];
}

/** Fetches a release into `temporary`; afterwards, all its bytes are there and verified. */
export function fetchKubectl(
  request: KubectlRequest,
  sources: readonly MirrorSource[],
  host: MirrorHost,
): Promise<MirrorResult<FetchedKubectl>> {
  const ask = async (
    source: MirrorSource,
    skippedMirrors: readonly string[],
  ): Promise<MirrorResult<FetchedKubectl>> => {
    const got = await fetchPair(request, source, host);
    return got.kind === "got"
      ? { kind: "got", value: { ...got.value, source, skippedMirrors } }
      : got;
  };
  const file = (mirror: Mirror) => binaryFile(mirror, request.version, request.platform);
  return askMirrors({ file, ask }, sources, host);
}

/** Fetches the release that `stable.txt` or `stable-X.Y.txt` names. */
export function fetchMarker(
  minor: Minor | undefined,
  sources: readonly MirrorSource[],
  host: MirrorHost,
): Promise<MirrorResult<Version>> {
  const file = (mirror: Mirror) => markerFile(mirror, minor);
  const ask = async ({ binaries }: MirrorSource): Promise<MirrorResult<Version>> => {
    const marker = file(binaries.mirror);
    const got = await fetchText(marker, binaries, host);
    if (got.kind !== "got") return got;
    const value = parseMarker(got.value, minor);
    if (value !== undefined) return { kind: "got", value };
    return isMarkup(got.value)
      ? pageInsteadOf("a version", marker)
      : { kind: "missing", reason: `"${marker.shown}" does not name a release` };
  };
  return askMirrors({ file, ask }, sources, host);
}

type Pair = Expected & { readonly file: MirrorFile };

/** Fetches checksum and kubectl, unless an earlier command has found them wrong. */
async function fetchPair(
  request: KubectlRequest,
  source: MirrorSource,
  host: MirrorHost,
): Promise<MirrorResult<Pair>> {
  const { binaries } = source;
  const file = binaryFile(binaries.mirror, request.version, request.platform);
  const known = binaries.recallWrong(file);
  if (known !== undefined) return known;
  const got = await fetchNewPair(request, file, source, host);
  if (got.kind === "failed" && got.isWrongFile) binaries.wrong.set(file.shown, got);
  return got;
}

async function fetchNewPair(
  request: KubectlRequest,
  file: MirrorFile,
  { binaries, checksums }: MirrorSource,
  host: MirrorHost,
): Promise<MirrorResult<Pair>> {
  const { version, platform, pinned } = request;
  for (;;) {
    const checksum: MirrorResult<Expected> = pinned === undefined
      ? await fetchChecksum(version, platform, { binaries, checksums }, host)
      : { kind: "got", value: pinned };
    if (checksum.kind === "failed") return checksum;
    const got = checksum.kind === "got"
      ? await fetchBinary({ ...request, file, expected: checksum.value }, binaries, host)
      : checksum;
    if (got.kind === "failed" || (got.kind === "missing" && pinned !== undefined)) return got;
    if (got.kind === "got" && checksum.kind === "got") {
      return { kind: "got", value: { ...checksum.value, file } };
    }
    // The caches of a mirror may disagree, for days at times. If one of the two files is there, the
    // other will come.
    if (checksum.kind === "missing") {
      const found = await checkPresence(file, binaries, host);
      if (found.kind !== "got") return found;
    }
    const { reason } = checksum.kind === "missing" ? checksum : got as { reason: string };
    const half = retryable(
      "mismatch",
      `${reason}, though the mirror has the other of the two files`,
    );
    if (!await waitToRetry(half, binaries, host)) {
      return checksum.kind === "missing" ? half.failed : { kind: "missing", reason };
    }
  }
}

async function fetchChecksum(
  version: Version,
  platform: Platform,
  { checksums }: MirrorSource,
  host: MirrorHost,
): Promise<MirrorResult<Expected>> {
  const reasons: string[] = [];
  let page: Failed | undefined;
  for (const algorithm of checksumAlgorithms(version)) {
    const file = checksumFile(checksums.mirror, version, platform, algorithm);
    const got = await fetchText(file, checksums, host);
    if (got.kind === "failed") return got;
    if (got.kind === "missing") {
      reasons.push(got.reason);
      continue;
    }
    const hash = parseChecksum(got.value, algorithm);
    if (hash !== undefined) {
      return { kind: "got", value: { algorithm, hash, digestFrom: "mirror" } };
    }
    if (isMarkup(got.value)) page ??= pageInsteadOf("a checksum", file);
    reasons.push(`"${file.shown}" holds no ${algorithm}`);
  }
  return page ?? { kind: "missing", reason: reasons.join(", ") };
}

function pageInsteadOf(what: string, { shown }: MirrorFile): Failed {
  return failed(
    `"${shown}" is a web page, not ${what}: perhaps the page of a login or a proxy`,
    "Open that address in a browser to see the page; KubeMirrorUrl names the mirror, HTTPS_PROXY a proxy",
  );
}
