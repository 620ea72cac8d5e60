/**
 * Kubernetes' signature of a kubectl that has just been downloaded: fetched from the mirror, looked up in the log by one
 * question, checked, and made into a bundle that can be checked again without a network.
 *
 * Only releases from 1.26 on are signed. `require` refuses what cannot be shown to be signed, for whatever reason: who can
 * take a signature away from a mirror could otherwise take away the check. `warn` says so and goes on.
 *
 * @module
 */
import { parseBase64 } from "../../encoding/bytes.ts";
import { parsePemCertificate } from "../certificate.ts";
import type { Config } from "../../config/config.ts";
import { KuberlrError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { formatLogQuery, isEntryOf, type LogEntry, parseLogAnswer } from "../log_entry.ts";
import { checksumFile } from "../../mirror/mirror.ts";
import type { Platform } from "../../platform.ts";
import { renderWarning, wantsColor } from "../../output/report.ts";
import { formatBundle, type SignatureBundle } from "../bundle.ts";
import type { SigstoreTrust } from "../../ports/signatures.ts";
import { SIGSTORE_ROOT } from "../sigstore_root.ts";
import { decodeUtf8 } from "../../encoding/utf8.ts";
import { formatVersion, type Version } from "../../version/version.ts";
import type { FetchedKubectl } from "../../mirror/steps/fetch_kubectl.ts";
import type { MirrorSource } from "../../mirror/steps/open_mirrors.ts";
import { fetchText } from "../../mirror/steps/ask_mirror.ts";
import { findSignatureFlaw } from "./verify_signature.ts";

/**
 * Verified bytes before they get their name; throws to refuse them. What it returns, a bundle with their signature, is kept
 * beside the receipt.
 */
export type VerifyBytes = (file: {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly version: Version;
  readonly platform: Platform;
  readonly fetched: FetchedKubectl;
}) => Promise<string | undefined>;

type Ports = Pick<Host, "files" | "signatures" | "downloads" | "store" | "clock" | "terminal">;

/** Throws `signature-invalid` where signatures are required; what it returns is to be kept beside the receipt. */
export function vetSignature(
  { verifySignature, color }: Pick<Config, "verifySignature" | "color">,
  ports: Ports,
  trust: SigstoreTrust = SIGSTORE_ROOT,
): VerifyBytes {
  return async ({ bytes, version, platform, fetched }) => {
    const checked = await checkSignature(bytes, version, platform, fetched.source, trust, ports);
    if (checked.kind === "good") return formatBundle(checked.bundle);
    const { reason, hint } = checked;
    const message = `the signature of kubectl ${formatVersion(version)}: ${reason}`;
    if (verifySignature === "require") {
      throw new KuberlrError("signature-invalid", `Cannot trust ${message}`, { hint });
    }
    const { stderr } = ports.terminal;
    const style = { color: wantsColor(color, stderr) };
    stderr.write(renderWarning(`Cannot vouch for ${message}`, style));
    return undefined;
  };
}

type Checked =
  | { readonly kind: "good"; readonly bundle: SignatureBundle }
  | { readonly kind: "bad"; readonly reason: string; readonly hint: string };

async function checkSignature(
  bytes: Uint8Array<ArrayBuffer>,
  version: Version,
  platform: Platform,
  source: MirrorSource,
  trust: SigstoreTrust,
  ports: Ports,
): Promise<Checked> {
  if (!isSigned(version)) {
    return bad("Kubernetes signs its releases from 1.26 on", RELAX_HINT);
  }
  const found = await fetchSignature(version, platform, source, ports);
  if (found.kind === "bad") return found;
  const { signature, pem, certificate } = found;
  const digest = await ports.signatures.sha256(bytes);
  const signed = { digest, signature };
  const entries = await askLog(formatLogQuery(signed, pem), trust, ports);
  if (!Array.isArray(entries)) return entries as Extract<Checked, { kind: "bad" }>;
  const entry: LogEntry | undefined =
    entries.find((each: LogEntry) => isEntryOf(each, signed, certificate)) ?? entries[0];
  if (entry === undefined) {
    return bad(`the log at "${trust.logs[0]?.url ?? ""}" does not hold it`, TAMPERED_HINT);
  }
  const bundle: SignatureBundle = { ...signed, certificate, entry };
  const flaw = await findSignatureFlaw(bytes, bundle, trust, ports);
  return flaw === undefined ? { kind: "good", bundle } : bad(`it ${flaw}`, TAMPERED_HINT);
}

const RELAX_HINT = `VerifySignature = "warn" lets such a kubectl pass with a warning`;
const TAMPERED_HINT =
  "Somebody may have changed the file: compare with another mirror in KubeMirrorUrl before you trust it";
const LOG_TIMEOUT_MS = 20_000;
const LOG_ATTEMPTS = 3;
const LOG_PAUSE_MS = 1_000;

function isSigned({ major, minor }: Version): boolean {
  return major > 1 || minor >= 26;
}

/** From beside the bytes, else from beside the checksums: whoever signed is known by the signature alone. */
async function fetchSignature(
  version: Version,
  platform: Platform,
  { binaries, checksums }: MirrorSource,
  ports: Ports,
) {
  let missing = "";
  for (const visit of new Set([binaries, checksums])) {
    const fetchSuffix = (suffix: string) =>
      fetchText(checksumFile(visit.mirror, version, platform, suffix), visit, ports);
    const sig = await fetchSuffix("sig");
    const cert = sig.kind === "got" ? await fetchSuffix("cert") : sig;
    if (sig.kind !== "got" || cert.kind !== "got") {
      missing ||= sig.kind !== "got" ? sig.reason : cert.kind !== "got" ? cert.reason : "";
      continue;
    }
    const signature = parseBase64(sig.value);
    const pem = readPem(cert.value);
    const certificate = parsePemCertificate(pem);
    if (signature === undefined || certificate === undefined) {
      const { shown } = checksumFile(visit.mirror, version, platform, "sig");
      missing ||= `"${shown}" and the certificate beside it are none`;
      continue;
    }
    return { kind: "found", signature, pem, certificate } as const;
  }
  return bad(
    `the mirror has none: ${missing}`,
    `Name a mirror that has signatures, or set VerifySignature to "warn"`,
  );
}

/** Kubernetes encodes the PEM text once more. */
function readPem(text: string): string {
  const bytes = text.includes("-----BEGIN") ? undefined : parseBase64(text);
  return bytes === undefined ? text : decodeUtf8(bytes);
}

/** The log fails at times. */
async function askLog(
  query: string,
  { logs: [log] }: SigstoreTrust,
  { signatures, clock }: Ports,
): Promise<readonly LogEntry[] | ReturnType<typeof bad>> {
  const url = log?.url ?? "";
  for (let attempt = 1;; attempt++) {
    const answer = await signatures.post(
      `${url}/api/v1/log/entries/retrieve`,
      query,
      LOG_TIMEOUT_MS,
    );
    if (answer.kind === "answer" && answer.status === 200) return parseLogAnswer(answer.body);
    if (answer.kind === "answer" && answer.status === 404) return [];
    const isFinal = answer.kind === "answer" && answer.status < 500 && answer.status !== 429;
    if (attempt < LOG_ATTEMPTS && !isFinal) {
      await clock.sleep(LOG_PAUSE_MS);
      continue;
    }
    const reason = answer.kind === "answer" ? `it answered ${answer.status}` : answer.message;
    return bad(
      `the log of signatures at "${url}" cannot be asked: ${reason}`,
      `Check the network and the proxy in HTTPS_PROXY; ${RELAX_HINT}`,
    );
  }
}

function bad(reason: string, hint: string) {
  return { kind: "bad", reason, hint } as const;
}
