/**
 * Checks Kubernetes' signature of a kubectl that has just been downloaded. The signature is fetched
 * from the mirror, looked up in the log by one request, verified, and made into a bundle, which can
 * be verified again without a network.
 *
 * Releases before 1.26 are not signed. `require` refuses every kubectl whose signature cannot be
 * verified, for any reason: otherwise an attacker could remove the signature from a mirror to avoid
 * the check. `warn` prints a warning and goes on.
 *
 * @module
 */
import { parseBase64 } from "../../encoding/bytes.ts";
import { parsePemCertificate } from "../../encoding/pem.ts";
import type { Config } from "../../config/config.ts";
import { describeLoadingError, KuberlrError } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { formatLogQuery, type LogEntry, parseLogAnswer, type SignedFile } from "../log_entry.ts";
import { checksumFile } from "../../mirror/mirror.ts";
import type { Platform } from "../../platform.ts";
import { renderWarning, wantsColor } from "../../output/report.ts";
import { startWait } from "../../output/steps/start_wait.ts";
import { makeBundle } from "../bundle.ts";
import { SIGSTORE_ROOT, type SigstoreTrust } from "../sigstore_root.ts";
import { decodeUtf8 } from "../../encoding/utf8.ts";
import { formatVersion, type Version } from "../../version/version.ts";
import type { FetchedKubectl } from "../../mirror/steps/fetch_kubectl.ts";
import { fetchText } from "../../mirror/steps/ask_mirror.ts";

/** A kubectl whose checksum is right, before it gets its name. */
export interface DownloadedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly version: Version;
  readonly platform: Platform;
  readonly fetched: FetchedKubectl;
}

/**
 * Returns the bundle with the file's signature, to be stored beside the receipt; `undefined` if it
 * has no valid one, after a warning.
 *
 * @throws {KuberlrError} `signature-invalid`: signatures are required, and this one is not valid
 */
export type SignatureCheck = (file: DownloadedFile) => Promise<string | undefined>;

type CheckHost = Pick<
  Host,
  "files" | "signatures" | "downloads" | "store" | "clock" | "terminal"
>;

/** Returns the check for `VerifySignature`. */
export function makeSignatureCheck(
  { verifySignature, color, quiet }: Pick<Config, "verifySignature" | "color" | "quiet">,
  trust: SigstoreTrust = SIGSTORE_ROOT,
  host: CheckHost,
): SignatureCheck {
  return async (file) => {
    const checked = await checkSignature(file, trust, quiet, host);
    if (checked.kind === "good") return checked.text;
    const { reason, hint } = checked;
    const message = `the signature of kubectl ${formatVersion(file.version)}: ${reason}`;
    if (verifySignature === "require") {
      throw new KuberlrError("signature-invalid", `Cannot trust ${message}`, { hint });
    }
    const { stderr } = host.terminal;
    const style = { color: wantsColor(color, stderr) };
    stderr.write(renderWarning(`Cannot verify ${message}`, style));
    return undefined;
  };
}

type Checked =
  | { readonly kind: "good"; readonly text: string }
  | { readonly kind: "bad"; readonly reason: string; readonly hint: string };

async function checkSignature(
  file: DownloadedFile,
  trust: SigstoreTrust,
  quiet: boolean,
  host: CheckHost,
): Promise<Checked> {
  if (!isSigned(file.version)) {
    return bad("Kubernetes signs its releases from 1.26 on", RELAX_HINT);
  }
  const found = await fetchSignature(file, quiet, host);
  if (found.kind === "bad") return found;
  const hash = await host.store.createHash("sha256");
  hash.update(file.bytes);
  const signed: SignedFile = { ...found.value, digest: Uint8Array.fromHex(hash.hex()) };
  const waitForLog = startWait(trust.logUrl, quiet, host);
  const asked = await waitForLog(() => askLog(formatLogQuery(signed), trust, host));
  if (asked.kind === "bad") return asked;
  const loaded = await loadVerifier();
  if (loaded.kind === "bad") return loaded;
  let refusal: Checked | undefined;
  for (const entry of asked.value) {
    const verdict = loaded.value.verifyKubectl(file, makeBundle(signed, entry), trust);
    if (verdict.kind === "good") return verdict;
    refusal ??= bad(
      `it ${verdict.reason}`,
      verdict.isKeyUnknown ? UNKNOWN_KEY_HINT : TAMPERED_HINT,
    );
  }
  return refusal ?? bad(`the log at "${trust.logUrl}" does not hold it`, TAMPERED_HINT);
}

/** Loads the verifier. From a checkout, its packages may be missing. */
async function loadVerifier() {
  try {
    return got(await import("./verify_signature.ts"));
  } catch (error) {
    const failure = describeLoadingError(error);
    if (failure === undefined) throw error;
    return bad(failure.message, failure.hint ?? RELAX_HINT);
  }
}

const RELAX_HINT = `VerifySignature = "warn" lets such a kubectl pass with a warning`;
const TAMPERED_HINT =
  "Somebody may have changed the file: compare with another mirror in KubeMirrorUrl before you trust it";
const UNKNOWN_KEY_HINT =
  "Somebody may have signed it with keys of their own, or Sigstore has changed its keys: try a newer kuberlr before you trust the file";
const LOG_TIMEOUT_MS = 20_000;
const LOG_ATTEMPTS = 3;
const LOG_PAUSE_MS = 1_000;

function isSigned({ major, minor }: Version): boolean {
  return major > 1 || minor >= 26;
}

/** Looks for the signature beside the binary, then beside the checksums: any source will do. */
async function fetchSignature(
  { version, platform, fetched: { source: { binaries, checksums } } }: DownloadedFile,
  quiet: boolean,
  host: CheckHost,
) {
  let missing = "";
  for (const session of new Set([binaries, checksums])) {
    // The progress of the download has named the mirror, so its session does not name it again.
    const wait = startWait(session.mirror.base, quiet, host);
    const fetchSuffix = (suffix: string) =>
      wait(() => fetchText(checksumFile(session.mirror, version, platform, suffix), session, host));
    const sig = await fetchSuffix("sig");
    const cert = sig.kind === "got" ? await fetchSuffix("cert") : sig;
    if (sig.kind !== "got" || cert.kind !== "got") {
      missing ||= sig.kind !== "got" ? sig.reason : cert.kind !== "got" ? cert.reason : "";
      continue;
    }
    const signature = parseBase64(sig.value);
    const certificate = parsePemCertificate(readPem(cert.value));
    if (signature !== undefined && certificate !== undefined) {
      return got({ signature, certificate });
    }
    const { shown } = checksumFile(session.mirror, version, platform, "sig");
    missing ||= `"${shown}" or the certificate beside it is malformed`;
  }
  return bad(
    `the mirror has none: ${missing}`,
    `Name a mirror that has signatures, or set VerifySignature to "warn"`,
  );
}

/** Returns the PEM text; Kubernetes encodes it in Base64 once more. */
function readPem(text: string): string {
  const bytes = text.includes("-----BEGIN") ? undefined : parseBase64(text);
  return bytes === undefined ? text : decodeUtf8(bytes);
}

/** Asks the log, with retries. Returns its entries for the signature, which may be none. */
async function askLog(
  query: string,
  { logUrl }: SigstoreTrust,
  { signatures, clock }: CheckHost,
): Promise<{ readonly kind: "got"; readonly value: readonly LogEntry[] } | ReturnType<typeof bad>> {
  const url = `${logUrl}/api/v1/log/entries/retrieve`;
  for (let attempt = 1;; attempt++) {
    const answer = await signatures.post(url, query, LOG_TIMEOUT_MS);
    const entries = answer.kind === "answer" && answer.status === 200
      ? parseLogAnswer(answer.body)
      : undefined;
    if (entries !== undefined) return got(entries);
    if (answer.kind === "answer" && answer.status === 404) return got([]);
    const isFinal = answer.kind === "answer" && answer.status < 500 && answer.status !== 429;
    if (attempt < LOG_ATTEMPTS && !isFinal) {
      await clock.sleep(LOG_PAUSE_MS);
      continue;
    }
    const reason = answer.kind === "failure"
      ? answer.message
      : answer.status === 200
      ? "its answer is not a list of entries"
      : `it answered ${answer.status}`;
    return bad(
      `the log of signatures at "${logUrl}" cannot be asked: ${reason}`,
      `Check the network and the proxy in HTTPS_PROXY; ${RELAX_HINT}`,
    );
  }
}

function got<T>(value: T) {
  return { kind: "got", value } as const;
}

function bad(reason: string, hint: string) {
  return { kind: "bad", reason, hint } as const;
}
